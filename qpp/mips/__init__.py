"""The Merit-based Incentive Payment System: 42 CFR 414 subpart O."""
