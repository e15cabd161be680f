"""`hw1-eval`: a saved run evaluated on any file of the course's format, or on shards."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from experiments.blas import one_blas_thread
from experiments.commands import Parser, run_command
from experiments.data.source import SOURCE_HELP, parse_source
from experiments.flags import data_source

PROGRAM = "hw1-eval"

EXAMPLES = """\
accuracy, loss and confusion of every split, and whether the run was trained on
these very data; shards of hw1-data shard are read where they are:
  hw1-eval RUN --data FILE
  hw1-eval RUN --data DIR"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    parser = Parser(PROGRAM, "Evaluate a finished run of hw1-q1 or hw1-q2.", EXAMPLES)
    parser.add_argument("run", metavar="RUN", help="a run's folder")
    parser.add_argument("--data", metavar="FILE", action="append", help=SOURCE_HELP)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    arguments = parser.parse_args(argv)
    source = data_source(arguments)
    parse_source(source)

    prepare_environment()
    from experiments.predict_evaluation import as_dict, evaluate, lines, open_data
    from experiments.predict_model import trained_model
    from experiments.runs.reader import Run

    run = Run(Path(arguments.run))
    model = trained_model(run)
    data = open_data(source)
    found = evaluate(model, data)
    if arguments.json:
        print(json.dumps(as_dict(run, data, found), indent=2))
    else:
        print("\n".join(lines(run, data, found)))


def prepare_environment() -> None:
    """What NumPy and JAX read as they load; see `experiments.q2`."""
    one_blas_thread()
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


if __name__ == "__main__":
    raise SystemExit(main())
