"""Figures from run folders: `hw1-plot run RUN`, `hw1-plot compare RUN RUN ...`."""

from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import command
from experiments.cli.errors import UsageError, as_run_folder_error
from experiments.cli.flags import FORMATS, add_format
from experiments.cli.parser import Parser
from experiments.files.safe_read import is_folder

PROGRAM = "hw1-plot"

EXAMPLES = """\
question 1.2, with and without the penalty side by side:
  hw1-q1 logistic_regression -epochs 100
  hw1-q1 logistic_regression -epochs 100 -l2_penalty 0.01
  hw1-plot compare RUN RUN        (the folders that these two named)

runs of hw1-q2 share one figure, a curve per configuration, seeds as a band.
RUN is a run's folder or a file in it, a sweep, a folder of runs, or a pattern
such as "runs/mlp-*"."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Draw and print the figures."""
    parser = Parser(PROGRAM, "Draw figures from the folders of finished runs.", EXAMPLES)
    parser.add_argument(
        "what", choices=("run", "compare"), help="each run alone, or all runs side by side"
    )
    parser.add_argument("runs", nargs="+", metavar="RUN", help="runs, sweeps, folders of runs")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where compare writes: .png, .svg or .pdf (default: compare.png beside the first run)",
    )
    add_format(parser)
    parser.add_argument("--show", action="store_true", help="open the figures too")
    parser.add_version()
    arguments = parser.parse_args(argv)
    if arguments.what == "run" and arguments.output:
        raise UsageError("--output: got one with run, expected it with compare only; leave it out")
    output = _output(arguments.output) if arguments.output else None
    for figure in _draw(arguments.what, arguments.runs, output, arguments.format, arguments.show):
        print(figure)


def _output(text: str) -> Path:
    """Return where the figure goes, refused before the work rather than after it."""
    path = Path(text)
    if path.suffix[1:] not in FORMATS:
        raise UsageError(f"--output: got {text!r}, expected a name in .png, .svg or .pdf")
    if not is_folder(path.parent):
        raise UsageError(f"--output: got {text!r}, expected an existing folder; make it")
    if path.exists():
        raise UsageError(f"--output: got {text!r}, which exists, expected a new file; rename one")
    return path


def _draw(
    what: str, named: list[str], output: Path | None, kind: str, show_figures: bool
) -> list[Path]:
    from experiments.plots.compare import compare
    from experiments.plots.run import draw_run
    from experiments.plots.show import show
    from experiments.plots.style import save, save_new
    from experiments.runs.find import find_runs
    from experiments.runs.reader import Run

    folders = find_runs(named)
    if what == "run":
        figures = []
        for folder in folders:
            with as_run_folder_error(folder):
                figures += draw_run(folder, kind)
    else:
        figure, table = compare([Run(folder) for folder in folders])
        parent = folders[0].parent
        with as_run_folder_error(output or parent):
            beside = parent / f"compare.{kind}"
            figures = [save(figure, output) if output else save_new(figure, beside)]
        print("\n".join(table))
    if show_figures:
        print(show(figures))
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
