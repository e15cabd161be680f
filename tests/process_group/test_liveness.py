"""The roll call: who may come, what the others hear, and when it ends."""

import argparse
import json
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from experiments.cli.commands import CommandError, ExitCode, UsageError
from experiments.process_group import flags, join, member
from experiments.process_group.coordinator import is_loopback, listen
from experiments.process_group.liveness import LONGEST, Line, Server
from experiments.process_group.member import Member
from experiments.process_group.rank import Place
from experiments.q2 import main

ADDRESS = "127.0.0.1:7"


class Hall:
    """A server of the roll call in a thread, and connections to it."""

    def __init__(self, count: int, patience: float = 20.0) -> None:
        listening = listen("127.0.0.1", 0)
        self.port = listening.getsockname()[1]
        self.server = Server(listening, count, lambda: ADDRESS, patience)
        self.thread = threading.Thread(target=self.server.serve, daemon=True)
        self.thread.start()
        self.lines: list[Line] = []

    def come(self, index: int, of: int, command: str = "same") -> Line:
        line = self.connect()
        line.send({"here": index, "of": of, "command": command})
        return line

    def connect(self) -> Line:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.lines.append(Line(connection))
        return self.lines[-1]

    def over(self) -> bool:
        self.thread.join(20)
        return not self.thread.is_alive()


@pytest.fixture
def hall(request: pytest.FixtureRequest) -> Iterator[Hall]:
    made = Hall(*getattr(request, "param", (2,)))
    yield made
    for line in made.lines:
        line.socket.close()


def test_all_hear_of_jax_and_are_dismissed_together(hall: Hall) -> None:
    lines = [hall.come(index, 2) for index in (1, 0)]
    assert [line.receive() for line in lines] == [[{"jax": ADDRESS}]] * 2
    lines[0].send({"left": None})
    lines[1].send({"left": None})
    assert [line.receive() for line in lines] == [[{"dismissed": True}]] * 2
    for line in lines:
        line.socket.close()
    assert hall.over()


@pytest.mark.parametrize("hall", [(3,)], indirect=True)
def test_an_end_is_told_to_the_others_once(hall: Hall) -> None:
    lines = [hall.come(index, 3) for index in range(3)]
    for line in lines:
        line.receive()
    lines[2].socket.close()
    told = [line.receive() for line in lines[:2]]
    assert told == [[{"gone": 2, "why": "is gone (killed, or its machine lost)"}]] * 2
    lines[1].socket.close()  # it ends because of that, which is no news
    lines[0].socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        lines[0].socket.recv(1)
    lines[0].socket.close()
    assert hall.over()


def test_a_failure_is_told_with_its_reason(hall: Hall) -> None:
    lines = [hall.come(index, 2) for index in range(2)]
    for line in lines:
        line.receive()
    lines[0].send({"left": "ended: the disk is full"})
    assert lines[1].receive() == [{"gone": 0, "why": "ended: the disk is full"}]


REFUSED = {
    "the same twice": (1, 2, "same", "a process 1 already"),
    "another number": (0, 4, "same", "expects 2 processes, this one 4"),
    "other flags": (0, 2, "other", "other flags: same"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_who_does_not_fit_is_refused_and_nobody_else_disturbed(hall: Hall, case: str) -> None:
    first = hall.come(1, 2)
    index, of, command, why = REFUSED[case]
    stranger = hall.come(index, of, command)
    (message,) = stranger.receive() or []
    assert why in message["refused"]
    second = hall.come(0, 2)
    assert first.receive() == second.receive() == [{"jax": ADDRESS}]


@pytest.mark.parametrize(
    "junk", [b"GET / HTTP/1.1\r\n\r\n", b"[1]\n", b"\xff\n", b"x" * 2 * LONGEST]
)
def test_a_stranger_is_shown_out(hall: Hall, junk: bytes) -> None:
    first = hall.come(1, 2)
    stranger = hall.connect()
    stranger.socket.sendall(junk)
    assert stranger.receive() is None
    second = hall.come(0, 2)
    assert first.receive() == second.receive() == [{"jax": ADDRESS}]


@pytest.mark.parametrize("hall", [(3, 0.2)], indirect=True)
def test_those_who_do_not_come_are_named(hall: Hall) -> None:
    line = hall.come(1, 3)
    assert line.receive() == [{"refused": "process 0, 2 did not come"}]


def test_a_member_meets_and_leaves(hall: Hall) -> None:
    made: list[Member] = []

    def meet(index: int) -> None:
        made.append(Member(("127.0.0.1", hall.port), index, 2, "hw1-q2", "same"))
        made[-1].leave()

    threads = [threading.Thread(target=meet, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [found.jax_address for found in made] == [ADDRESS] * 2
    for found in made:
        found.close()
    assert hall.over()


def test_a_member_ends_its_process_when_another_is_gone(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, codes = threading.Event(), []

    class EndError(BaseException):
        """In place of the end of this process."""

    def end(code: int) -> None:
        codes.append(code)
        ended.set()
        raise EndError

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    other = hall.come(1, 2)
    found = Member(("127.0.0.1", hall.port), 0, 2, "hw1-q2", "same")
    other.receive()
    other.socket.close()
    assert ended.wait(20)
    assert codes == [ExitCode.PROCESS_GONE]
    assert capsys.readouterr().err == (
        "hw1-q2: error: process 1 of 2 is gone (killed, or its machine lost); to continue, start "
        "all 2 processes again, each with --resume\n"
    )
    found.close()


def test_a_member_that_is_refused_or_alone_says_why(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.come(1, 2)
    with pytest.raises(UsageError, match=r"--process-id 0: .*this one 3; start all"):
        Member(("127.0.0.1", hall.port), 0, 3, "hw1-q2", "same")
    monkeypatch.setattr(member, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CommandError, match=rf"--coordinator: got 127.0.0.1:{port} .*start it"):
        Member(("127.0.0.1", port), 1, 2, "hw1-q2", "same")


PARTIAL = {
    "no address": (["--process-id", "0", "--processes", "2"], "no --coordinator"),
    "no number": (["--coordinator", "h:1"], "no --process-id and no --processes"),
    "too large": (
        ["--coordinator", "h:1", "--process-id", "2", "--processes", "2"],
        "got 2, expected one from 0 to 1",
    ),
}


@pytest.mark.parametrize("case", PARTIAL)
def test_flags_that_do_not_fit_together(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv, why = PARTIAL[case]
    assert main(["mlp", *argv]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert why in said
    assert said.count("\n") == 1


def test_one_process_is_alone_whatever_a_manager_says(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    flags.add_process_flags(parser)
    assert flags.asked_place(parser.parse_args([])) is None
    place = flags.asked_place(parser.parse_args(["--processes", "1"]))
    monkeypatch.setattr(join, "_from_cluster", lambda: Place("n4", 61447, 2, 3))
    with join.joined(place, "hw1-q2", "mlp") as peers:
        assert (peers.leads, peers.count) == (True, 1)
    assert join.end_process(3) == 3


def test_what_has_to_be_the_same_in_all_processes() -> None:
    argv = ["mlp", "-epochs", "3", "--process-id", "1", "--data=here", "--out", "there", "--resume"]
    assert flags.same_for_all(argv) == "mlp -epochs 3 --resume"


def test_a_cluster_manager_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert join._from_cluster() is None
    slurm = {"JOB_ID": "7", "NTASKS": "3", "PROCID": "2", "LOCALID": "1", "STEP_NODELIST": "n[4-6]"}
    for name, value in slurm.items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    found = join._from_cluster()
    assert found == Place("n4", 61447, 2, 3, [1])


def test_only_this_machine_is_served_on_the_loopback() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost")] == [True] * 3
    assert not is_loopback("node1")
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_addresses() -> None:
    assert flags._address("[::1]:80") == ("::1", 80)
    assert json.dumps(flags._address("node1:1234")) == '["node1", 1234]'
