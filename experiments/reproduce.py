"""The homework with one command: each question's own commands, one after the other."""

import time
from collections.abc import Sequence
from pathlib import Path

from experiments.commands import Parser, run_command
from experiments.console import duration
from experiments.data.source import SOURCE_HELP, parse_source

PROGRAM = "hw1-reproduce"

# Epochs per preset: the assignment's own, or enough to see the models learn.
PRESETS = {
    "quick": {"linear": 10, "mlp": 4},
    "full": {"linear": 100, "mlp": 20},
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    parser = Parser(PROGRAM, "Run the homework's questions and print their numbers.")
    parser.add_argument("--data", metavar="FILE", help=SOURCE_HELP)
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help="full: the assignment's settings (default with --data); quick: fewer epochs",
    )
    parser.add_argument("--out", default="runs", metavar="DIR", help="default: runs")
    parser.add_version()
    arguments = parser.parse_args(argv)
    parse_source(arguments.data)
    preset = arguments.preset or ("full" if arguments.data else "quick")
    common = ["--out", arguments.out, *(["--data", arguments.data] if arguments.data else [])]

    epochs = PRESETS[preset]
    print(
        f"Preset {preset}: {epochs['linear']} epochs for the linear models, "
        f"{epochs['mlp']} for the MLP"
    )
    began = time.perf_counter()
    folders = _question_1(epochs, common)
    _summarise(folders, Path(arguments.out))
    print(f"All done in {duration(time.perf_counter() - began)}")


def question_1_commands(epochs: dict[str, int]) -> dict[str, list[str]]:
    """The assignment's command line for each part of question 1, with so many epochs."""
    linear = ["-epochs", str(epochs["linear"])]
    return {
        "1.1a": ["perceptron", *linear],
        "1.2a": ["logistic_regression", *linear],
        "1.2b": ["logistic_regression", *linear, "-l2_penalty", "0.01"],
        "1.3": ["mlp", "-epochs", str(epochs["mlp"])],
    }


def _question_1(epochs: dict[str, int], common: list[str]) -> dict[str, Path]:
    from experiments.q1 import train

    folders = {}
    commands = question_1_commands(epochs)
    for number, (question, command) in enumerate(commands.items(), 1):
        argv = [*command, *common]
        print(f"\n== {question} ({number} of {len(commands)}): hw1-q1 {' '.join(argv)}")
        (folders[question],) = train(argv)
    return folders


def _summarise(folders: dict[str, Path], out: Path) -> None:
    from experiments.plots.compare import compare, table
    from experiments.plots.style import save
    from experiments.runs.reader import Run

    runs = {question: Run(folder) for question, folder in folders.items()}
    figure = save(compare([runs["1.2a"], runs["1.2b"]]), out / "q1.2-comparison.png")
    first = runs["1.1a"].summary["data"]
    print(f"\n== Question 1 on {first['name']}" + (" (SYNTHETIC)" if first["synthetic"] else ""))
    header, *lines = table(list(runs.values()))
    print(f"      {header}")
    for question, line in zip(runs, lines, strict=True):
        print(f"{question:5s} {line}")
    print(f"Question 1.2 side by side: {figure}")


if __name__ == "__main__":
    raise SystemExit(main())
