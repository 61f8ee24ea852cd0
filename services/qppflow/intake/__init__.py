"""The front door: validates what comes from outside and answers or records it."""
