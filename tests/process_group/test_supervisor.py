"""What a process says about its end, and how it asks JAX to connect."""

import signal
import socket

import jax
import numpy as np
import pytest

from experiments.cli.errors import DataError, ExitCode, UsageError
from experiments.process_group.connect import check_address, connected
from experiments.process_group.group import ProcessGroup
from experiments.process_group.rank import Rank
from experiments.process_group.supervisor import CONNECTED, explain

ABORTED = (
    "F1125 21:24:52.8 1 client.h:80] Terminating process because the JAX distributed service "
    "detected fatal errors. absl::Status: {}\n\nRPC: /xla.coordination\n*** Check failure ***\n"
)
SILENT = "UNAVAILABLE: The following tasks are unhealthy (stopped sending heartbeats):\n{}\nThe"
GONE = "is gone (killed, failed, or its machine lost)"
ENDS = {
    "a heartbeat": (SILENT.format(2), f"process 2 of 4 {GONE}"),
    "two heartbeats": (SILENT.format("1\n3"), f"process 1 of 4 {GONE}"),
    "the service": ("UNAVAILABLE: Failed to send RPC to coord", f"process 0 of 4 {GONE}"),
    "a barrier": ("INTERNAL: Shutdown barrier has failed", f"another process of 4 {GONE}"),
    "a second one": ("ABORTED: 1 tried with a different incarnation", "started twice"),
}


@pytest.mark.parametrize("case", ENDS)
def test_an_abort_of_jax_is_explained(case: str) -> None:
    status, why = ENDS[case]
    error = explain(signal.SIGABRT, CONNECTED + ABORTED.format(status), 4)
    assert error.code == ExitCode.PROCESS_GONE
    assert why in str(error)
    assert str(error).endswith("; to continue, start all 4 processes again, each with --resume")


def test_an_abort_before_the_processes_have_met() -> None:
    error = explain(signal.SIGABRT, ABORTED.format("DEADLINE_EXCEEDED: \x1b[2J"), 4)
    assert error.code == ExitCode.USAGE
    assert r"(JAX: 'DEADLINE_EXCEEDED: \x1b[2J')" in str(error)
    assert str(error).isprintable()


def test_an_end_by_a_signal(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(signal.SIGINT, "", 2).code == ExitCode.INTERRUPTED
    assert explain(signal.SIGTERM, "", 2).code == ExitCode.INTERRUPTED
    assert "ended by SIGKILL; to continue" in str(explain(signal.SIGKILL, "noise", 2))
    assert capsys.readouterr().err == ""
    assert "ended by SIGSEGV; to continue" in str(explain(signal.SIGSEGV, "why", 2))
    assert capsys.readouterr().err == "why"


def test_only_this_machine_is_served_on_the_loopback() -> None:
    assert check_address("localhost", 0, serves=True) == ("localhost:0", "localhost:0")
    assert check_address("::1", 0, serves=False) == ("[::1]:0", "[::1]:0")
    assert check_address("192.0.2.1", 0, serves=True) == ("192.0.2.1:0", None)


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"])
def test_a_port_that_is_taken(host: str) -> None:
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"got {host}:{port} \(.*name another"):
            check_address(host, port, serves=True)
        assert check_address(host, port, serves=False)[0] == f"{host}:{port}"


@pytest.mark.parametrize("host", ["no host", "two..dots", "long" * 16])
def test_a_host_that_is_none(host: str) -> None:
    with pytest.raises(UsageError, match=rf"got {host}:1 \(.*expected an address"):
        check_address(host, 1, serves=False)


def test_jax_is_told_the_rank_and_finds_the_address_on_a_cluster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(jax.distributed, "initialize", lambda *a, **k: asked.append((a, k)))
    for rank in (Rank(0, 3, cluster="slurm"), Rank(0, 3, ("localhost", 0))):
        with connected(rank, "") as group:
            assert (group.index, group.count) == (0, 3)
    assert [arguments for arguments, _ in asked] == [(None, 3, 0), ("localhost:0", 3, 0)]
    assert [k["cluster_detection_method"] for _, k in asked] == ["slurm", "deactivate"]


def test_what_jax_cannot_read_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("invalid literal\n\x1b[2J")

    monkeypatch.setattr(jax.distributed, "initialize", fail)
    with pytest.raises(UsageError, match=r"^ompi: JAX cannot connect \('inv") as caught:  # noqa: SIM117
        with connected(Rank(1, 3, cluster="ompi"), ""):
            pass
    assert str(caught.value).isprintable()


def test_processes_part_before_they_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    group, left = ProcessGroup(0, 2), []
    monkeypatch.setattr(group, "broadcast", lambda _: "\x1b[2J")
    monkeypatch.setattr(group, "all_gather", lambda _: [[True], [False]])
    monkeypatch.setattr(group, "leave", lambda: left.append(True))
    with pytest.raises(DataError, match=r"process 1 of 2 got other data") as caught:
        group.check_same("data", "mine", DataError)
    assert left == [True]
    assert str(caught.value).isprintable()


def test_a_single_process_agrees_with_itself() -> None:
    group, arrays = ProcessGroup(), {"w": np.ones(2)}
    assert group.is_main_process
    assert group.broadcast((1, "x")) == (1, "x")
    assert group.broadcast_arrays(arrays)["w"] is arrays["w"]
    assert group.all_gather([True, False]) == [[True, False]]
    group.check_same("data", "mine", DataError)
