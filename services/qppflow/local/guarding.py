"""The owner's end of a guard: no server outlives the process that started it."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from qppflow.local.guard import GRACE_SECONDS
from qppflow.local.launching import helper_environment
from qppflow.local.processes import ProcessId
from qppflow.local.spawning import spawn

CLOSE_SECONDS: Final = 2 * GRACE_SECONDS


class Guard:
    """A helper process that ends our children if we die without doing so.

    It starts with the first ward and ends, like its wards, when it is closed.
    """

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None
        self._wards: dict[ProcessId, int] = {}

    def add(self, process: ProcessId, number: int) -> None:
        """Have *process* ended by the signal *number* when we are gone."""
        self._wards[process] = number
        self._tell(process, number)

    def drop(self, process: ProcessId) -> None:
        """Forget a process that has ended, or that shall go on without us."""
        if self._wards.pop(process, None) is not None:
            self._tell(process, None)

    def close(self) -> None:
        """End what is still guarded, and the helper."""
        helper, self._helper = self._helper, None
        self._wards.clear()
        if helper is None:
            return
        with helper:
            if helper.stdin is not None:
                helper.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                helper.wait(CLOSE_SECONDS)
            helper.kill()

    def __enter__(self) -> Self:
        """Begin with nobody to guard."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is still guarded."""
        self.close()

    def _tell(self, process: ProcessId, number: int | None) -> None:
        """Send one order; a helper that died is replaced and told of every ward."""
        orders = {process: number}
        if self._helper is None or self._helper.poll() is not None:
            self._helper = self._new_helper()
            orders = {**self._wards}
        # One that dies at this very moment is replaced with the next order.
        with suppress(BrokenPipeError):
            for ward, order in orders.items():
                line = {"pid": ward.pid, "started": ward.started, "signal": order}
                os.write(self._leash(), json.dumps(line).encode() + b"\n")

    def _new_helper(self) -> subprocess.Popen[bytes]:
        """Start a helper in place of one that died."""
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.close()
        return spawn(
            [sys.executable, "-m", "qppflow.local.guard"],
            streams=(subprocess.PIPE, subprocess.DEVNULL, subprocess.DEVNULL),
            environment=helper_environment(),
        )

    def _leash(self) -> int:
        """Give the descriptor on which the helper reads."""
        assert self._helper is not None
        assert self._helper.stdin is not None
        return self._helper.stdin.fileno()
