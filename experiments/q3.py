"""Question 3 on the command line: every claim tried, its table, figures and `verify.json`."""

from collections.abc import Sequence

from experiments.cli.commands import check_address_space, command
from experiments.cli.errors import ExitCode
from experiments.cli.flags import add_format
from experiments.cli.isolation import JAX_BYTES
from experiments.cli.parser import Parser
from experiments.cli.ranges import SEED, Range
from experiments.environment.variables import one_blas_thread, set_jax_variables

PROGRAM = "hw1-q3"
WHOLE = Range(1, 1000, whole=True)
EPS = Range(0, above_low=True)

EXAMPLES = """\
examples:
  hw1-q3                                all claims and figures, about 15 seconds
  hw1-q3 --dims 50 100 --trials 1       larger networks
  hw1-q3 --dims 3 --hidden 2 --seed 7   two hidden units for three inputs

`python -m analysis.verify` prints the same table and writes nothing."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> int:
    """Try the claims."""
    arguments = _parser().parse_args(argv)
    check_address_space(JAX_BYTES)

    one_blas_thread()
    set_jax_variables()
    from experiments.question3.session import run_session  # NumPy, once the flags are right

    holds = run_session(
        dims=tuple(arguments.dims),
        hidden=tuple(arguments.hidden),
        trials=arguments.trials,
        seed=arguments.seed,
        eps=arguments.eps,
        out=arguments.out,
        kind=arguments.format,
    )
    return ExitCode.DONE if holds else ExitCode.CHECK_FAILED


def _parser() -> Parser:
    parser = Parser(
        PROGRAM, "Question 3: the network that is secretly linear, every claim tried.", EXAMPLES
    )
    for flag, metavar, default, meaning in (
        ("--dims", "D", [1, 2, 5, 10, 20], "inputs (default: 1 2 5 10 20)"),
        ("--hidden", "K", [], "hidden units (default: around the ranks and D)"),
    ):
        parser.add_argument(
            flag,
            type=WHOLE,
            nargs="+",
            default=default,
            metavar=metavar,
            help=f"numbers of {meaning}",
        )
    parser.add_argument(
        "--trials", type=WHOLE, default=3, metavar="N", help="draws per kind of case (default: 3)"
    )
    parser.add_argument("--seed", type=SEED, default=0, metavar="S", help="default: 0")
    parser.add_argument(
        "--eps",
        type=EPS,
        metavar="X",
        help="largest accepted |c_Theta - c| / |c| (default: 1.4e-14 (D + 1))",
    )
    parser.add_argument(
        "--out", default="runs/q3", metavar="DIR", help="where to write (default: runs/q3)"
    )
    add_format(parser)
    parser.add_version()
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
