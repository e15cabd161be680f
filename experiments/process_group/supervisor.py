"""The parent of a process that trains with others; it tells how that one ended.

Where a process dies, JAX aborts the others in C++, and no Python runs in them any more. So the
training runs in a child. The parent, whose exit code the user sees, stays outside JAX.
"""

import os
import re
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context

from experiments.cli.errors import CommandError, ExitCode, InterruptionError, UsageError
from experiments.cli.text import one_line
from experiments.parallel.end_with_parent import end_with_parent

CONNECTED = "All processes are connected.\n"
"""What the child adds to JAX's log once it has met the others."""


class ProcessGoneError(CommandError):
    """A process of the group has ended, and the others cannot go on without it."""

    code = ExitCode.PROCESS_GONE


def run_supervised(work: Callable[[], int], count: int) -> int:
    """Run `work` in a child, pass signals on to it, and return its exit code.

    The child is forked, so this has to come before JAX and its threads. `work` prints its own
    errors; `count` processes train together.

    Raises:
        CommandError: a signal has ended the child; see `explain`.
    """
    reading, writing = os.pipe()
    child = get_context("fork").Process(target=_run_child, args=(work, writing))
    child.start()
    os.close(writing)

    def pass_on(number: int, _frame: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(child.ident or 0, number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    with open(reading, "rb") as pipe:  # noqa: PTH123  (a descriptor)
        log = pipe.read().decode(errors="replace")  # until the child has ended
    child.join()
    code = child.exitcode or 0
    if code < 0:
        raise explain(signal.Signals(-code), log, count)
    return code


def explain(ending: signal.Signals, log: str, count: int) -> CommandError:
    """Return the error that tells why a signal has ended the child; JAX's own is SIGABRT.

    `log` is what C++ wrote. JAX's last words hold a status, such as "absl::Status: UNAVAILABLE: The
    following tasks are unhealthy (stopped sending heartbeats): 1".
    """
    if ending in (signal.SIGINT, signal.SIGTERM):
        return InterruptionError("interrupted")
    status = re.search(
        r"JAX distributed service.*?absl::Status: (.*?)(RPC:|\*\*\*|$)", log, re.DOTALL
    )
    if status is None:
        if ending != signal.SIGKILL:
            sys.stderr.write(log)
        what = f"this process of {count} was ended by {ending.name}"
    elif CONNECTED not in log:
        return UsageError(
            f"the {count} processes have not met (JAX: {one_line(status[1])!a}); start all with "
            f"one --coordinator, one --processes, and --process-id 0 to {count - 1}"
        )
    elif "different incarnation" in status[1]:
        what = f"one of the {count} processes was started twice"
    else:
        what = f"{_culprit(status[1])} of {count} is gone (killed, failed, or its machine lost)"
    return ProcessGoneError(
        f"{what}; to continue, start all {count} processes again, each with --resume"
    )


def _culprit(status: str) -> str:
    """Return the process that JAX misses. Process 0 serves the service that asks the others."""
    silent = re.search(r"stopped sending heartbeats\):\s*(\d+)", status)
    if silent:
        return f"process {silent[1]}"
    return "process 0" if "Failed to send RPC" in status else "another process"


def _run_child(work: Callable[[], int], log: int) -> None:
    os.setpgid(0, 0)  # a terminal's Ctrl-C reaches the parent alone, which passes it on once
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends also a child that waits in C++
    end_with_parent()
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        ours = open(  # noqa: PTH123, SIM115  (a descriptor, open as long as the process)
            os.dup(number), "w", buffering=1, encoding=stream.encoding, errors=stream.errors
        )
        setattr(sys, name, ours)
        os.dup2(log, number)
    code = int(ExitCode.CHECK_FAILED)
    try:
        code = work()
    except Exception:
        traceback.print_exc()
    os._exit(code)  # the ordinary end would wait for processes that are gone
