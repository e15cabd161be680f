"""`hw1-predict`: what a trained run says of one's own photographs."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import command
from experiments.cli.errors import ExitCode, UsageError
from experiments.cli.parser import Parser
from experiments.environment.variables import one_blas_thread, set_jax_variables
from experiments.files.safe_read import is_folder

PROGRAM = "hw1-predict"
MOST_IMAGES = 1_000

EXAMPLES = """\
  hw1-predict beach.jpg street.png
  hw1-predict runs/mlp-... beach.jpg

Photographs of any size and of any format that Pillow reads; the largest square
in the middle is scaled to what the run has learned from. One that cannot be
read is named, and the others go on. Each leaves a picture under --out: what the
model sees, its probabilities and, of linear models, which pixels spoke for the
class and which against it."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> ExitCode:
    """Print the predictions."""
    parser = Parser(PROGRAM, "Predict one's own photographs by a finished run.", EXAMPLES)
    parser.add_argument(
        "images",
        metavar="IMAGE",
        nargs="+",
        help="photographs; a run's folder may stand first (default: the newest under runs/)",
    )
    parser.add_argument("--out", default="runs", metavar="DIR", help="for pictures (default: runs)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    arguments = parser.parse_args(argv)
    if len(arguments.images) > MOST_IMAGES:
        parser.error(f"got {len(arguments.images):,} images, expected at most {MOST_IMAGES:,}")

    one_blas_thread()
    set_jax_variables()
    from experiments.evaluation.pictures import prediction
    from experiments.evaluation.prediction import as_dict, lines, predict
    from experiments.plots.style import save_new
    from experiments.runs.find import find_run
    from experiments.runs.folder import make_parent
    from experiments.runs.reader import Run
    from experiments.runs.titles import title

    named = arguments.images[0] if is_folder(Path(arguments.images[0])) else None
    images = [Path(image) for image in arguments.images[named is not None :]]
    if not images:
        raise UsageError("got a run and no photograph, expected some; name them behind it")
    run = Run(find_run(named))
    model, found, unread = predict(run, images)
    parent = make_parent(arguments.out)
    pictures = []
    for p in found:
        figure = prediction(p, model, title(run), run.summary["synthetic"])
        pictures.append(save_new(figure, parent / f"predict-{p.path.stem[:60]}.png"))
    if arguments.json:
        done = zip(found, pictures, strict=True)
        print(json.dumps([as_dict(run, model, p, picture) for p, picture in done], indent=2))
    else:
        print("\n".join([*lines(run, model, found), "", *map(str, pictures)]))
    for error in unread:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
    return ExitCode.BAD_DATA if unread else ExitCode.DONE


if __name__ == "__main__":
    raise SystemExit(main())
