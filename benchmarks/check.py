"""`python -m benchmarks.check`: how often hw1-check accuses the right, and misses the wrong.

Specificity: right programs of fresh seeds; how many of their logs, of their last numbers and of
those to two digits are called anything but equal or within noise. Sensitivity: scripts with one
mistake each, written for the tests; how many are named first. Prints both tables.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace

from experiments.assignment import Measure
from experiments.checking.catalogue import RIGHT
from experiments.checking.catalogue.readouts import Numbers
from experiments.checking.catalogue.variant import SCRATCH
from experiments.checking.claims import compared
from experiments.checking.given_numbers import ACCURACIES, Given
from experiments.checking.noise import Claims
from experiments.checking.training.cache import key_of, read_cached, write_cached
from experiments.checking.training.recipe import recipe
from experiments.checking.training.train_variant import train
from experiments.cli.commands import command
from experiments.cli.data_source import SOURCE_HELP, parse_source
from experiments.cli.parser import Parser
from experiments.cli.ranges import EPOCHS, SIZE
from experiments.cli.tables import text_table
from tests.oracles.checking import MISTAKES, Checking

PROGRAM = "python -m benchmarks.check"
FIRST_SEED = 1000
FORMS = ("log", "last numbers", "two digits")


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Measure, and print both tables."""
    parser = Parser(PROGRAM, "Measure how often hw1-check is wrong.")
    parser.add_argument("--data", metavar="FILE", default="builtin:2000", help=SOURCE_HELP)
    parser.add_argument("--parts", nargs="+", choices=SCRATCH, default=SCRATCH)
    parser.add_argument("--seeds", type=SIZE, default=200, metavar="N", help="right programs (200)")
    parser.add_argument("--epochs", type=EPOCHS, default=3, metavar="N", help="of each (3)")
    parser.add_argument("--hidden", type=SIZE, default=100, metavar="N", help="units of 1.3 (100)")
    parser.add_argument("--mistakes", action="store_true", help="the scripts with mistakes too")
    arguments = parser.parse_args(argv)
    parse_source(arguments.data)
    rows, named = [], []
    for part in arguments.parts:
        own = Checking(part, arguments.data, arguments.epochs, arguments.hidden)
        rows.append([part, *false_alarms(own, arguments.seeds)])
        print(" ".join(rows[-1]), flush=True)
        if arguments.mistakes:
            named.append([part, *names_first(own)])
            print(" ".join(named[-1]), flush=True)
    print(f"\nright programs accused, of {arguments.seeds} seeds, {arguments.epochs} epochs")
    print("\n".join(text_table(["question", *FORMS], rows)))
    if named:
        print("\nscripts with one mistake: named first, of those whose numbers it changes")
        print("\n".join(text_table(["question", "log", "last numbers", "not named"], named)))


def false_alarms(own: Checking, seeds: int) -> list[str]:
    """Return for each form how many right programs are accused."""
    accused = [0] * len(FORMS)
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        for place, claims in enumerate(_claims(own, seed)):
            accused[place] += not own.verdict(claims).good
    return [str(number) for number in accused]


def _claims(own: Checking, seed: int) -> list[Claims]:
    """Return what a right program prints: its log, its last numbers, and those to two digits."""
    # Kept in the cache, so that a measurement that was stopped goes on.
    name = key_of("right program", seed, asdict(own.setup), own.data.sha256)
    shown: list[Numbers] | None = read_cached(name)
    if shown is None:
        made = recipe((replace(RIGHT, key="right program", seed=seed),), own.config)
        shown = [watched.numbers for watched in train(made, own.data, own.epochs, True)]
        write_cached(name, shown)
    log: dict[tuple[int, Measure], Given] = {
        (epoch, measure): Given(round(numbers[measure], 4), 4)
        for epoch, numbers in enumerate(shown)
        for measure in compared(own.config)
        if measure in numbers and (measure != "test" or epoch == own.epochs)
    }
    last = {key: given for key, given in log.items() if key[0] == own.epochs}
    short = {
        key: Given(round(given.value, 2), 2) for key, given in last.items() if key[1] in ACCURACIES
    }
    return [log, last, short]


def names_first(own: Checking) -> list[str]:
    """Return how many mistakes are named first from a log and from the last numbers."""
    right = own.printed()
    wrong = {m: key for m, key in MISTAKES[own.part].items() if own.printed(m) != right}
    found: list[set[str]] = []
    for claims_of in (own.of_log, own.of_last):
        named = {m for m, key in wrong.items() if _first_key(own, claims_of(m)) == key}
        found.append(named)
    missed = ", ".join(sorted(wrong.keys() - found[0]))
    return [*(f"{len(named)} of {len(wrong)}" for named in found), missed]


def _first_key(own: Checking, claims: Claims) -> str:
    return own.verdict(claims).ranking[0].result.variant.key


if __name__ == "__main__":
    raise SystemExit(main())
