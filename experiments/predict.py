"""`hw1-predict`: what a trained run says of one's own photographs."""

import json
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import Parser, run_command
from experiments.environment.variables import one_blas_thread, set_jax_variables

PROGRAM = "hw1-predict"
MOST_IMAGES = 1_000

EXAMPLES = """\
  hw1-predict runs/mlp-... beach.jpg street.png

Photographs of any size and of any format that Pillow reads; the largest square
in the middle is scaled to 48x48. Each leaves a picture under --out: what the
model sees, its probabilities and, of linear models, which pixels spoke for the
class and which against it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.cli.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    parser = Parser(PROGRAM, "Predict one's own photographs by a finished run.", EXAMPLES)
    parser.add_argument("run", metavar="RUN", help="a run's folder")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="photographs")
    parser.add_argument("--out", default="runs", metavar="DIR", help="for pictures (default: runs)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    arguments = parser.parse_args(argv)
    if len(arguments.images) > MOST_IMAGES:
        parser.error(f"got {len(arguments.images):,} images, expected at most {MOST_IMAGES:,}")

    one_blas_thread()
    set_jax_variables()
    from experiments.evaluation.figure import prediction
    from experiments.evaluation.prediction import as_dict, heading, lines, predict
    from experiments.plots.style import save
    from experiments.runs.folder import make_parent
    from experiments.runs.reader import Run

    run = Run(Path(arguments.run))
    model, found = predict(run, [Path(image) for image in arguments.images])
    parent = make_parent(arguments.out)
    pictures = []
    for p in found:
        figure = prediction(p, model, heading(run), run.summary["synthetic"])
        pictures.append(save(figure, _new_file(parent, f"predict-{p.path.stem[:60]}")))
    if arguments.json:
        done = zip(found, pictures, strict=True)
        print(json.dumps([as_dict(run, model, p, picture) for p, picture in done], indent=2))
    else:
        print("\n".join([*lines(run, model, found), "", *map(str, pictures)]))


def _new_file(parent: Path, stem: str) -> Path:
    """Return a name that nothing has yet: nothing is overwritten."""
    number = 1
    while True:
        path = parent / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
        if not path.exists():
            return path
        number += 1


if __name__ == "__main__":
    raise SystemExit(main())
