"""The shell that all consumers and the command share; decisions live elsewhere."""
