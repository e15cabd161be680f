"""Who takes part: processes meet at one address, and all hear at once when one of them is gone.

JAX brings processes together and moves the numbers between them. What it lacks is an end that a
person can read: where a process dies, JAX waits for its heartbeats and then aborts the others with
a C++ stack. So each process also holds a connection to one small server. The operating system
closes it when the process dies, however it dies, and the server tells the rest:

    process -> server   {"here": 2, "of": 4, "command": "hw1-q2 mlp"}   then {"left": null}, or
                        {"left": "why it failed"}
    server -> process   {"jax": "host:port"}, {"gone": 2, "why": "..."}, {"refused": "..."},
                        {"dismissed": true}

One JSON object a line. Standard library only.
"""

import contextlib
import json
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]

PATIENCE = 300.0
"""Seconds that processes wait for each other at the beginning."""

LONGEST = 1 << 16
"""Bytes of a message, at most."""

KILLED = "is gone (killed, or its machine lost)"


def keep_alive(connection: socket.socket) -> None:
    """Notice within half a minute that a machine on the other side has lost power or network."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class Line:
    """One connection that carries messages.

    Attributes:
        socket: the connection.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._received = b""

    def send(self, message: Message) -> None:
        """Send one message; a peer that is gone gets none."""
        with contextlib.suppress(OSError):
            self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> list[Message] | None:
        """The messages that have come, None when the connection has ended.

        Raises:
            ValueError: something else than messages came.
        """
        try:
            piece = self.socket.recv(4096)
        except (ConnectionError, TimeoutError):
            piece = b""
        if not piece:
            return None
        *lines, self._received = (self._received + piece).split(b"\n")
        if len(self._received) > LONGEST:
            raise ValueError("a message without an end")
        messages = [json.loads(line) for line in lines]
        if not all(isinstance(message, dict) for message in messages):
            raise ValueError("a message that is no object")
        return messages


class Server:
    """The one place where all processes are known; `serve` returns when none is left."""

    def __init__(
        self,
        listening: socket.socket,
        count: int,
        begin: Callable[[], str],
        patience: float = PATIENCE,
    ) -> None:
        """Serve on a listening socket.

        Args:
            listening: bound and listening.
            count: how many processes there will be.
            begin: called once all are there; starts JAX's service and gives its address.
            patience: seconds to wait for all of them.
        """
        self._listening, self._count, self._begin = listening, count, begin
        self._deadline = time.monotonic() + patience
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ)
        self._command: str | None = None
        self._here: dict[int, Line] = {}
        self._left: set[int] = set()
        self._begun = self._ended = False

    @property
    def occupied(self) -> bool:
        """Whether some process is known here."""
        return bool(self._here)

    def serve(self) -> None:
        """Until every process has left or is gone."""
        while not (self._ended and not self._here):
            over = self._begun or self._ended
            wait = None if over else max(0.0, self._deadline - time.monotonic())
            events = self._selector.select(wait)
            if not events:
                self._give_up()
            for key, _ in events:
                if key.fileobj is self._listening:
                    self._accept()
                else:
                    self._hear(key.data)
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, Line):
                key.data.socket.close()
        self._selector.close()
        self._listening.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return  # it was gone before it was here
        keep_alive(connection)
        self._selector.register(connection, selectors.EVENT_READ, Line(connection))

    def _hear(self, line: Line) -> None:
        try:
            messages = line.receive()
        except ValueError:  # whoever this is, it is none of ours
            messages = None
        if messages is None:
            self._close(line)
        for message in messages or ():
            if "here" in message:
                self._admit(line, message)
            elif "left" in message and (index := self._index(line)) is not None:
                self._leave(index, message["left"])

    def _admit(self, line: Line, message: Message) -> None:
        index, command = message["here"], str(message.get("command"))
        wrong = None
        if self._begun or index in self._here:
            wrong = f"there is a process {index} already"
        elif message.get("of") != self._count:
            wrong = f"process 0 expects {self._count} processes, this one {message.get('of')}"
        elif self._command not in (None, command):
            wrong = f"another process was started with other flags: {self._command}"
        if wrong is not None:
            line.send({"refused": wrong})
            self._selector.unregister(line.socket)
            line.socket.close()
            return
        self._command = command
        self._here[index] = line
        if len(self._here) == self._count:
            self._begun = True
            address = self._begin()
            for other in self._here.values():
                other.send({"jax": address})

    def _leave(self, index: int, why: str | None) -> None:
        self._left.add(index)
        if why is not None:
            self._announce(index, why)
        elif len(self._left) == self._count:
            self._ended = True
            for line in self._here.values():
                line.send({"dismissed": True})

    def _close(self, line: Line) -> None:
        index = self._index(line)
        self._selector.unregister(line.socket)
        line.socket.close()
        if index is not None:
            del self._here[index]
            if index not in self._left:
                self._announce(index, KILLED)

    def _announce(self, index: int, why: str) -> None:
        """Tell the rest; only the first one counts, for the others end because of it."""
        if not self._ended:
            self._ended = True
            for other, line in self._here.items():
                if other != index:
                    line.send({"gone": index, "why": why})

    def _give_up(self) -> None:
        self._ended = True
        missing = [str(index) for index in range(self._count) if index not in self._here]
        for line in self._here.values():
            line.send({"refused": f"process {', '.join(missing)} did not come"})

    def _index(self, line: Line) -> int | None:
        return next((index for index, held in self._here.items() if held is line), None)
