"""What can go wrong with servers on this machine, in words for who started them."""

from pathlib import Path


class LocalError(Exception):
    """A local server could not do what was asked; the text says what to do about it."""


class JarsError(LocalError):
    """The jars of Apache Kafka could not be fetched, or are not the pinned ones."""


class StartError(LocalError):
    """A program did not start or did not do its work; the text ends with its log."""

    def __init__(self, program: str, problem: str, log_end: str = "") -> None:
        text = f"{program} {problem}"
        super().__init__(f"{text}; its log ends:\n{log_end}" if log_end else text)


class PortTakenError(StartError):
    """Another program listens where the server should."""

    def __init__(self, port: int, owner: str) -> None:
        problem = f"is taken by {owner}: stop it, or choose another port"
        super().__init__(f"port {port}", problem)
        self.port = port


class AlreadyRunningError(LocalError):
    """The state folder is in use by something that still runs."""

    def __init__(self, program: str, state: Path) -> None:
        super().__init__(f"{program} of the state folder {state} already runs")


class NotRunningError(LocalError):
    """Nothing of the kind runs for the state folder."""

    def __init__(self, program: str, state: Path) -> None:
        super().__init__(f"{program} of the state folder {state} does not run")
