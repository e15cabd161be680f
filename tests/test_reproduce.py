"""`hw1-reproduce`: the assignment's own command lines, and each question's command behind them."""

from pathlib import Path

import pytest

from experiments import reproduce
from experiments.commands import ExitCode
from experiments.q1 import _configs as q1_configs
from experiments.q1 import _parser as q1_parser
from experiments.q2 import _configs as q2_configs
from experiments.q2 import _given as q2_given
from experiments.q2 import _parser as q2_parser


def test_full_preset_is_the_assignments_settings() -> None:
    steps = reproduce.make_steps(reproduce.PRESETS["full"], ("1", "2"), "runs", None)
    configs = {}
    for part, command, words in steps:
        if command == "hw1-q1":
            configs[part] = q1_configs(q1_parser().parse_args(words))
        else:
            arguments = q2_parser().parse_args(words)
            configs[part] = q2_configs(arguments, q2_given(arguments))
    assert {part: len(made) for part, made in configs.items()} == {
        "1.1a": 1, "1.2a": 1, "1.2b": 1, "1.3": 1, "2.1": 3, "2.2a": 2, "2.2b": 3, "2.2c": 2,
    }  # fmt: skip
    assert [configs[part][0].epochs for part in configs] == [100, 100, 100, 20, 100, 200, 200, 200]
    assert configs["1.2b"][0].l2_penalty == 0.01
    assert {config.learning_rate for config in configs["2.1"]} == {1e-5, 1e-3, 0.1}
    assert {(config.batch_size, config.l2_decay) for config in configs["2.1"]} == {(32, 0.01)}
    assert {config.batch_size for config in configs["2.2a"]} == {64, 512}
    assert {config.dropout for config in configs["2.2b"]} == {0.01, 0.25, 0.5}
    assert {(c.batch_size, c.momentum) for c in configs["2.2c"]} == {(1024, 0.0), (1024, 0.9)}
    assert {c.learning_rate for part in ("2.2a", "2.2b", "2.2c") for c in configs[part]} == {0.002}


def test_question_1_ends_in_a_table(
    tiny_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("experiments.q1_session.draw_run", lambda _folder: [])
    argv = ["--data", str(tiny_file), "--preset", "quick", "--questions", "1"]
    assert reproduce.main([*argv, "--out", str(tmp_path)]) == ExitCode.DONE
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("Preset quick; epochs: 10 linear, 3 mlp")
    table = out[out.index("== Question 1 on tiny") + 1 :]
    assert [line.split()[0] for line in table[1:5]] == ["1.1a", "1.2a", "1.2b", "1.3"]
    assert max(map(len, table[:5])) <= 80
    assert (tmp_path / "q1.2-comparison.png").exists()
    assert len(list(tmp_path.glob("*/summary.json"))) == 4


def test_a_failing_question_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("experiments.q3.main", lambda _argv: 1)
    argv = ["--questions", "3", "--out", str(tmp_path)]
    assert reproduce.main(argv) == ExitCode.CHECK_FAILED
    assert "hw1-q3" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv", [["--preset", "slow"], ["--questions", "4"], ["--data", "builtin:0"], ["now"]]
)
def test_bad_usage(argv: list[str], capsys) -> None:
    assert reproduce.main(argv) == ExitCode.USAGE
    assert len(capsys.readouterr().err.splitlines()) == 1
