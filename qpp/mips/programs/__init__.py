"""Ways to report other than traditional MIPS: MVPs, the APP and APP Plus."""
