"""The homework with one command: each question's own commands, one after the other."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from experiments.commands import CommandError, ExitCode, Parser, run_command
from experiments.console import duration
from experiments.data.source import SOURCE_HELP, parse_source

PROGRAM = "hw1-reproduce"

# Epochs per preset: the assignment's own, or enough to see the models learn.
PRESETS = {
    "quick": {"linear": 10, "mlp": 3, "jax linear": 5, "jax mlp": 3},
    "full": {"linear": 100, "mlp": 20, "jax linear": 100, "jax mlp": 200},
}
QUESTIONS = ("1", "2", "3")

# A part of a question, the command's name, its arguments.
Step = tuple[str, str, list[str]]


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
    parser.add_argument(
        "--questions", nargs="+", choices=QUESTIONS, default=QUESTIONS, help="default: 1 2 3"
    )
    parser.add_argument("--out", default="runs", metavar="DIR", help="default: runs")
    parser.add_version()
    arguments = parser.parse_args(argv)
    parse_source(arguments.data)
    preset = arguments.preset or ("full" if arguments.data else "quick")
    steps = make_steps(PRESETS[preset], arguments.questions, arguments.out, arguments.data)

    epochs = ", ".join(f"{count} {name}" for name, count in PRESETS[preset].items())
    print(f"Preset {preset}; epochs: {epochs}")
    began = time.perf_counter()
    folders: dict[str, Path] = {}
    for number, (part, command, words) in enumerate(steps, 1):
        print(f"\n== {part} ({number} of {len(steps)}): {command} {' '.join(words)}", flush=True)
        if command == "hw1-q1":
            from experiments.q1 import train

            (folders[part],) = train(words)
        else:
            _call(command, words)
    if folders:
        _summarise_question_1(folders, Path(arguments.out))
    print(f"\nAll done in {duration(time.perf_counter() - began)}")


def make_steps(
    epochs: dict[str, int], questions: Sequence[str], out: str, data: str | None
) -> list[Step]:
    """The assignment's command line for each part of the questions, with so many epochs."""
    linear, mlp, jax_linear, jax_mlp = (["-epochs", str(count)] for count in epochs.values())
    rates = ["-learning_rate", "0.00001", "0.001", "0.1"]
    steps: dict[str, list[Step]] = {
        "1": [
            ("1.1a", "hw1-q1", ["perceptron", *linear]),
            ("1.2a", "hw1-q1", ["logistic_regression", *linear]),
            ("1.2b", "hw1-q1", ["logistic_regression", *linear, "-l2_penalty", "0.01"]),
            ("1.3", "hw1-q1", ["mlp", *mlp]),
        ],
        "2": [
            (
                "2.1",
                "hw1-q2",
                [
                    "logistic_regression",
                    "-batch_size",
                    "32",
                    "-l2_decay",
                    "0.01",
                    *rates,
                    *jax_linear,
                ],
            ),
            ("2.2a", "hw1-q2", ["mlp", "-batch_size", "64", "512", *jax_mlp]),
            ("2.2b", "hw1-q2", ["mlp", "-dropout", "0.01", "0.25", "0.5", *jax_mlp]),
            (
                "2.2c",
                "hw1-q2",
                ["mlp", "-batch_size", "1024", "-momentum", "0.0", "0.9", *jax_mlp],
            ),
        ],
        "3": [("3", "hw1-q3", ["--out", str(Path(out) / "q3")])],
    }
    trained = ["--out", out, *(["--data", data] if data else [])]
    return [
        (part, command, words if command == "hw1-q3" else [*words, *trained])
        for question in questions
        for part, command, words in steps[question]
    ]


def _call(command: str, words: list[str]) -> None:
    code = _main_of(command)(words)
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code != ExitCode.DONE:
        raise CommandError(f"{command} {' '.join(words)}: exit code {code}; see its line above")


def _main_of(command: str) -> Callable[[Sequence[str]], int]:
    if command == "hw1-q2":
        from experiments.q2 import main as main_q2

        return main_q2
    from experiments.q3 import main as main_q3

    return main_q3


def _summarise_question_1(folders: dict[str, Path], out: Path) -> None:
    from experiments.plots.compare import compare, table
    from experiments.plots.style import save
    from experiments.runs.reader import Run

    runs = {part: Run(folder) for part, folder in folders.items()}
    figure = save(compare([runs["1.2a"], runs["1.2b"]]), out / "q1.2-comparison.png")
    data = runs["1.1a"].summary["data"]
    print(f"\n== Question 1 on {data['name']}" + (" (SYNTHETIC)" if data["synthetic"] else ""))
    header, *lines = table(list(runs.values()))
    print(f"      {header}")
    for part, line in zip(runs, lines, strict=True):
        print(f"{part:5s} {line}")
    print(f"Question 1.2 side by side: {figure}")


if __name__ == "__main__":
    raise SystemExit(main())
