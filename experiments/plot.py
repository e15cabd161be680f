"""Figures from run folders: `hw1-plot run RUN`, `hw1-plot compare RUN RUN ...`."""

from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import Parser, UsageError, run_command
from experiments.files.safe_read import is_folder

PROGRAM = "hw1-plot"

EXAMPLES = """\
question 1.2, with and without the penalty side by side:
  hw1-q1 logistic_regression -epochs 100
  hw1-q1 logistic_regression -epochs 100 -l2_penalty 0.01
  hw1-plot compare RUN RUN        (the folders that these two named)

runs of hw1-q2 share one figure, a curve per configuration, seeds as a band."""

FORMATS = (".png", ".svg", ".pdf")
MOST_RUNS = 8


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.cli.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    parser = Parser(PROGRAM, "Draw figures from the folders of finished runs.", EXAMPLES)
    parser.add_argument(
        "what", choices=("run", "compare"), help="each run alone, or all runs side by side"
    )
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run's folder")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="compare: the figure, .png, .svg or .pdf (default: compare.png beside the first run)",
    )
    parser.add_argument("--show", action="store_true", help="open the figures too")
    parser.add_version()
    arguments = parser.parse_args(argv)
    folders = [Path(run) for run in arguments.runs]
    output = Path(arguments.output or folders[0].parent / "compare.png")
    if arguments.what == "run" and arguments.output:
        raise UsageError("--output: got one with run, expected it with compare only; leave it out")
    if arguments.what == "compare" and not 2 <= len(folders) <= MOST_RUNS:
        raise UsageError(f"compare: got {len(folders)} runs, expected 2 to {MOST_RUNS}")
    if output.suffix not in FORMATS:
        raise UsageError(f"--output: got {str(output)!r}, expected a name in .png, .svg or .pdf")
    if arguments.output and not is_folder(output.parent):
        raise UsageError(f"--output: got {str(output)!r}, expected an existing folder; make it")
    for figure in _draw(arguments.what, folders, output, arguments.show):
        print(figure)


def _draw(what: str, folders: list[Path], output: Path, show_figures: bool) -> list[Path]:
    from experiments.plots.dispatch import compare, draw_run
    from experiments.plots.show import show
    from experiments.plots.style import save
    from experiments.runs.json_files import as_run_folder_error
    from experiments.runs.reader import Run

    if what == "run":
        figures = []
        for folder in folders:
            with as_run_folder_error(folder):
                figures += draw_run(folder)
    else:
        figure, table = compare([Run(folder) for folder in folders])
        with as_run_folder_error(output):
            figures = [save(figure, output)]
        print("\n".join(table))
    if show_figures:
        print(show(figures))
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
