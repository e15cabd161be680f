"""The records that a run's files hold, and the check of what was read against them.

config.json    a Description
metrics.jsonl  an EpochRecord per line
summary.json   a Summary

They are JSON objects, so here they are dictionaries with typed keys. Keys that a kind does not name
are left alone: other commands keep more in their runs.
"""

import math
from functools import lru_cache
from types import UnionType
from typing import Any, NotRequired, TypedDict, TypeVar, Union, get_args, get_origin, get_type_hints

FORMAT = 1
"""The version of these records; a file says it under `format`, and nothing where it is 1."""

COMMANDS = ("hw1-q1", "hw1-q2")
"""Those whose runs train a model of question 1 or 2; a path of L1 solutions is no such run."""

LARGEST = 1e150
"""What a measure's size may be: so much can be squared and drawn."""
LARGEST_WHOLE = 2**53
"""What a whole number's size may be, which then is exact as a float too."""

T = TypeVar("T")

Setting = str | int | float | None
Settings = dict[str, Setting]
"""A run's configuration by field; `experiments.configs` has the fields and checks the values."""


class DataDescription(TypedDict):
    """The data set, all but images and labels; see `experiments.data.dataset.Dataset`."""

    name: NotRequired[str]
    source: NotRequired[str]
    sha256: str
    synthetic: NotRequired[bool]
    class_names: NotRequired[list[str]]
    image_shape: NotRequired[list[int]]


class Description(TypedDict):
    """What the numbers of a run depend on: the last is the hash of the sources that decide them.

    `command` has trained it, such as "hw1-q1".
    """

    format: NotRequired[int]
    command: str
    config: Settings
    data: DataDescription
    sources_sha256: str


class Tally(TypedDict):
    """How a split is predicted: `accuracy` is `correct / total`; the mean loss is in nats."""

    correct: int
    total: int
    accuracy: float
    loss: NotRequired[float | None]


class EpochRecord(TypedDict):
    """What was measured after an epoch; None is a number that is not finite.

    Attributes:
        epoch: its number, from 1.
        train: counts; of question 1.
        val: counts, and for question 2 the loss.
        weight_norm: Frobenius norm of a linear model's weights; of question 1.
        loss: mean training loss, in nats.
        seconds: what the epoch took.
    """

    epoch: int
    train: NotRequired[Tally]
    val: NotRequired[Tally]
    weight_norm: NotRequired[float | None]
    loss: NotRequired[float | None]
    seconds: NotRequired[float]


PathPoint = TypedDict(
    "PathPoint",
    {
        "epoch": int,  # the point's number
        "lambda": float,
        "zeros": float,  # the share of the weights, biases apart, that are 0
        "l1_norm": float,
        "objective": float,
        "gap": float,
        "relative_gap": float,  # in parts of the objective
        "iterations": int,
        "train": Tally,
        "val": Tally,
    },
)
"""A point of an L1 path."""


class Final(TypedDict):
    """What the trained model shows; the measures are those of the last epoch."""

    train: Tally
    val: Tally
    test: Tally
    weight_norm: NotRequired[float | None]
    loss: NotRequired[float | None]


class Summary(Description):
    """A finished run: its description and what came out.

    Attributes:
        model: which one, as in `config`.
        seed: as in `config`.
        synthetic: whether the data were drawn.
        initial: counts before the first epoch.
        final: counts and measures after the last.
        confusion: of the test split, counts by true (row) and predicted class.
        diverged_at_epoch: after which a measure was not finite, None for a run that is whole.
        seconds: what the training took; of runs that were trained together, a run's share.
        seconds_per_epoch: the median.
        side_by_side: how many runs were trained together; of question 2.
        versions: of Python, this project and what it computes with.
        machine: system, processor, cores, and for question 2 the devices.
        path: the points of an L1 path.
        weights_sha256: of the bytes of `weights.npz`; earlier versions wrote none.
    """

    model: str
    seed: int
    synthetic: bool
    initial: NotRequired[dict[str, Tally]]
    final: Final
    confusion: dict[str, list[list[int]]]
    diverged_at_epoch: NotRequired[int | None]
    seconds: NotRequired[float]
    seconds_per_epoch: NotRequired[float]
    side_by_side: NotRequired[int]
    versions: NotRequired[dict[str, str]]
    machine: NotRequired[dict[str, str | int]]
    path: NotRequired[list[PathPoint]]
    weights_sha256: NotRequired[str]


def same_numbers(one: Description, other: Description) -> bool:
    """Return whether two runs give the same numbers.

    Command, configuration, the data's hash and the hash of the deciding sources have to be equal;
    what the data set is called and where it lies may differ.
    """
    return (one["command"], one["config"], one["sources_sha256"]) == (
        other["command"],
        other["config"],
        other["sources_sha256"],
    ) and one["data"]["sha256"] == other["data"]["sha256"] != ""


class WrongEntryError(ValueError):
    """A record lacks an entry, or has one of another type or a later format."""


def checked(kind: type[T], value: object) -> T:
    """Return what JSON gave as a record of this kind.

    Raises:
        WrongEntryError: naming the first entry that is missing or of another type.
    """
    if isinstance(value, dict) and value.get("format", FORMAT) != FORMAT:
        raise WrongEntryError(f"got format {value['format']}, expected {FORMAT}")
    problem = _problem(kind, value, "")
    if problem:
        raise WrongEntryError(problem)
    return value  # type: ignore[return-value]


@lru_cache(maxsize=32)
def _fields(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    return get_type_hints(kind), kind.__required_keys__


def _problem(kind: Any, value: object, name: str) -> str:
    """Say what is wrong with the entry `name`, "" if nothing is."""
    if hasattr(kind, "__required_keys__"):  # a TypedDict
        if not isinstance(value, dict):
            return f"got {_short(value)} as {name or 'the record'}, expected an object"
        fields, required = _fields(kind)
        missing = sorted(required - value.keys())
        if missing:
            return f"got no {_under(name, missing[0])}, expected one"
        parts = [(_under(name, key), fields[key], value[key]) for key in fields if key in value]
        return next(filter(None, (_problem(own, part, at) for at, own, part in parts)), "")
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        problems = [_problem(option, value, name) for option in arguments]
        return problems[0] if all(problems) else ""
    if origin is dict and isinstance(value, dict):
        entries = ((_under(name, str(key)), part) for key, part in value.items())
        return next(filter(None, (_problem(arguments[1], part, at) for at, part in entries)), "")
    if origin is list and isinstance(value, list):
        return next(filter(None, (_problem(arguments[0], part, name) for part in value)), "")
    plain = origin or kind
    if isinstance(value, float) and not math.isfinite(value):  # Python's reader takes NaN
        return f"got {value} as {name}, expected a finite number"
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        return f"got {_short(value)} as {name}, expected at most {LARGEST_WHOLE}"
    if plain is Any or type(value) is plain or (plain is float and type(value) is int):
        return ""
    return f"got {_short(value)} as {name}, expected {plain.__name__}"


def _under(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _short(value: object) -> str:
    return repr(str(value)[:40])
