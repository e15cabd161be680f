"""`hw1-eval`: a saved run evaluated on any file of the course's format, or on shards."""

import json
from collections.abc import Sequence

from experiments.cli.commands import command
from experiments.cli.data_source import SOURCE_HELP
from experiments.cli.flags import data_source
from experiments.cli.parser import Parser
from experiments.environment.variables import one_blas_thread, set_jax_variables

PROGRAM = "hw1-eval"
DATA_HELP = SOURCE_HELP.replace("else builtin", "else the data that the run was trained on")

EXAMPLES = """\
Prints accuracy, loss and confusion of every split, and whether the run was
trained on these data. --data also takes a folder of hw1-data shard:
  hw1-eval
  hw1-eval RUN --data FILE
  hw1-eval RUN --data DIR"""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Print the evaluation."""
    parser = Parser(PROGRAM, "Evaluate a finished run of hw1-q1 or hw1-q2.", EXAMPLES)
    parser.add_argument(
        "run", metavar="RUN", nargs="?", help="a run's folder (default: the newest under runs/)"
    )
    parser.add_argument("--data", metavar="FILE", action="append", help=DATA_HELP)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    arguments = parser.parse_args(argv)
    source = data_source(arguments)

    one_blas_thread()
    set_jax_variables()
    from experiments.data.shards.dataset import open_data
    from experiments.evaluation.evaluate import as_dict, evaluate, lines, own_source
    from experiments.evaluation.trained_model import trained_model
    from experiments.runs.find import find_run
    from experiments.runs.reader import Run

    run = Run(find_run(arguments.run))
    model = trained_model(run)
    data = open_data(source or own_source(run))
    found = evaluate(model, data)
    if arguments.json:
        print(json.dumps(as_dict(run, data, found), indent=2))
    else:
        print("\n".join(lines(run, data, found)))


if __name__ == "__main__":
    raise SystemExit(main())
