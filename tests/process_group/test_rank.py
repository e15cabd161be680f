"""Which process this is: what flags and clusters may say, and what has to be the same in all."""

import pytest

from experiments.cli.errors import ExitCode, UsageError
from experiments.cli.parser import Parser
from experiments.process_group.rank import (
    Rank,
    _address,
    add_process_flags,
    find_rank,
    shared_flags,
)
from experiments.q2 import main
from experiments.training.q2.programs import Programs

SLURM = {
    "SLURM_JOB_ID": "7",
    "SLURM_LOCALID": "1",
    "SLURM_NTASKS": "3",
    "SLURM_PROCID": "2",
    "SLURM_STEP_NODELIST": "n[4-6]",
}
OPEN_MPI = {
    "OMPI_COMM_WORLD_LOCAL_RANK": "0",
    "OMPI_COMM_WORLD_RANK": "1",
    "OMPI_COMM_WORLD_SIZE": "4",
    "OMPI_MCA_orte_hnp_uri": "1531576320.0;tcp://10.96.0.1:34911",
}
ALL_FLAGS = ["--coordinator", "h:1", "--process-id", "1", "--processes", "2"]


def rank(argv: list[str], environment: dict[str, str]) -> Rank:
    parser = Parser("hw1-q2", "")
    add_process_flags(parser)
    return find_rank(parser.parse_args(argv), environment)


RANKS = {
    "alone": ([], {}, Rank(0, 1)),
    "flags": (ALL_FLAGS, {}, Rank(1, 2, ("h", 1))),
    "flags on a cluster": (ALL_FLAGS, SLURM, Rank(1, 2, ("h", 1))),
    "SLURM": ([], SLURM, Rank(2, 3, cluster="slurm")),
    "Open MPI": ([], OPEN_MPI, Rank(1, 4, cluster="ompi")),
    "alone on a cluster": (["--processes", "1"], SLURM, Rank(0, 1)),
    "no step of SLURM's": ([], {k: SLURM[k] for k in SLURM if "STEP" not in k}, Rank(0, 1)),
}


@pytest.mark.parametrize("case", RANKS)
def test_ranks(case: str) -> None:
    argv, environment, expected = RANKS[case]
    assert rank(argv, environment) == expected


@pytest.mark.parametrize("name", [*SLURM, *OPEN_MPI])
@pytest.mark.parametrize("text", ["", "two", "-1", "1.5", "\x1b[2J"])
def test_a_variable_that_is_no_number_is_named(name: str, text: str) -> None:
    environment = {**(SLURM if name in SLURM else OPEN_MPI), name: text}
    if name in ("SLURM_STEP_NODELIST", "OMPI_MCA_orte_hnp_uri"):
        assert rank([], environment).count > 1  # JAX reads these
    else:
        with pytest.raises(UsageError, match=rf"^{name}: got .*--processes 1") as caught:
            rank([], environment)
        assert str(caught.value).isprintable()


REFUSED = {
    "no address": (["--process-id", "0", "--processes", "2"], "no --coordinator"),
    "no number": (["--coordinator", "h:1"], "no --process-id and no --processes"),
    "too large": (
        ["--coordinator", "h:1", "--process-id", "2", "--processes", "2"],
        "got 2, expected one from 0 to 1",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_flags_that_do_not_fit_together(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv, why = REFUSED[case]
    assert main(["mlp", *argv]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert why in said
    assert said.count("\n") == 1


def test_what_has_to_be_the_same_in_all_processes() -> None:
    parser = Parser("hw1-q2", "")
    for name in ("-epochs", "--data", "--out"):
        parser.add_argument(name)
    add_process_flags(parser)
    own = ["--data=here", "--out", "there", "--process-id", "1", "--coordinator", "h:1"]
    given = parser.parse_args(["-epochs", "3", "--processes", "2", *own])
    assert shared_flags(given) == "epochs: 3, processes: 2"


def test_addresses() -> None:
    assert _address("[::1]:80") == ("::1", 80)
    assert _address("node1:1234") == ("node1", 1234)


def test_several_processes_leave_no_device_out(tiny_data) -> None:
    several = Programs(tiny_data, devices=4, processes=2)
    assert several._layout(3, 13) == (2, 2)
    assert Programs(tiny_data, devices=4)._layout(3, 13) == (3, 1)
