"""One process's side of the roll call: it comes, it leaves, and it ends when another is gone."""

import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn

from experiments.cli.commands import CommandError, ExitCode, UsageError
from experiments.cli.text import one_line
from experiments.process_group.liveness import PATIENCE, Line, Message, keep_alive

VERDICT = 35.0
"""Seconds after a failed exchange in which the roll call may still say whose end was the cause."""

AGAIN = 0.2
"""Seconds between two tries to reach a process 0 that has not started yet."""


class Member:
    """This process's place in the roll call, from the meeting to the end.

    Attributes:
        index: this process's number.
        count: how many there are.
        jax_address: where JAX's coordination service is.
    """

    def __init__(
        self, address: tuple[str, int], index: int, count: int, program: str, command: str
    ) -> None:
        """Meet the others; this takes until the last of them has come.

        Args:
            address: of the roll call.
            index: this process's number.
            count: how many there are.
            program: the command's name, for what is said when another process is gone.
            command: what all of them were started with, so that nobody trains something else.

        Raises:
            CommandError: another process does not come, or ends, before training begins.
            UsageError: the others were started with other flags.
        """
        self.index, self.count = index, count
        self._program = program
        self._line = _connect(address, index)
        self._messages = self._listen()
        self._dismissed = threading.Event()
        self._line.send({"here": index, "of": count, "command": command})
        try:
            self.jax_address = self._meet()
        except CommandError:
            self.close()
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    def leave(self, why: str | None = None) -> None:
        """Say that this process is done, and wait until all are; or that it failed, and why."""
        self._line.send({"left": why})
        if why is None:
            self._dismissed.wait()

    def close(self) -> None:
        """Close the connection."""
        self._line.socket.close()

    def await_verdict(self) -> None:
        """Give the roll call time to end this process, where an exchange has failed."""
        time.sleep(VERDICT)

    def _meet(self) -> str:
        for message in self._messages:
            if "jax" in message:
                return str(message["jax"])
            if "refused" in message:
                raise UsageError(
                    f"--process-id {self.index}: {message['refused']}; start all processes with "
                    "the same flags, --process-id apart"
                )
            if "gone" in message:
                raise CommandError(self._told(message))
        raise CommandError("the coordinator is gone; start all processes again")

    def _watch(self) -> None:
        for message in self._messages:
            if "dismissed" in message:
                self._dismissed.set()
                return
            if "gone" in message:
                self._end(self._told(message))
        self._end("the coordinator, which process 0 has started, is gone")

    def _listen(self) -> Iterator[Message]:
        with suppress(ValueError):
            while (messages := self._line.receive()) is not None:
                yield from messages

    def _told(self, message: Message) -> str:
        return f"process {message['gone']} of {self.count} {message['why']}"

    def _end(self, what: str) -> NoReturn:
        """End at once: the main thread may be waiting for numbers that will never come."""
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        print(
            f"{self._program}: error: {one_line(what)}; to continue, start all {self.count} "
            "processes again, each with --resume",
            file=sys.stderr,
            flush=True,
        )
        os._exit(ExitCode.PROCESS_GONE)


def _connect(address: tuple[str, int], index: int) -> Line:
    """A connection to the roll call, which process 0 may not have started yet."""
    began, said = time.monotonic(), False
    while True:
        try:
            connection = socket.create_connection(address, timeout=10)
        except OSError as error:
            waited = time.monotonic() - began
            if waited > PATIENCE or isinstance(error, socket.gaierror):
                raise CommandError(
                    f"--coordinator: got {address[0]}:{address[1]} ({error.strerror or error}), "
                    "expected process 0 to answer there; start it, or mend the address"
                ) from None
            if waited > 5 and not said:
                said = True
                print(
                    f"process {index}: waiting for process 0 at {address[0]}:{address[1]}",
                    file=sys.stderr,
                )
            time.sleep(AGAIN)
        else:
            connection.settimeout(None)
            keep_alive(connection)
            return Line(connection)
