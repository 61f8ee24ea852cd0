"""The wires around the law: the command, the stream and its local machinery."""
