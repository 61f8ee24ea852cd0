"""An operator's desk: a folder, and the installed command typed about it."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("qppflow")
SECONDS = 240


class Desk:
    """A folder of its own, and an environment without settings of the tester's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("QPPFLOW_")
        }

    def typed(
        self, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Type a command in the folder, and wait for its end."""
        return subprocess.run(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
