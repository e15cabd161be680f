"""What the words before a number call it, in English or Portuguese."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple, TypeVar

from experiments.assignment import Measure

Split = Literal["train", "val", "test"]
Kind = Literal["accuracy", "loss", "norm"]
When = Literal["initial", "final", "best"]

SettingName = Literal[
    "model", "epochs", "learning_rate", "batch_size", "dropout", "momentum", "l2_penalty",
    "l2_decay", "hidden_size", "layers", "activation", "optimizer",
]  # fmt: skip

Meaning = TypeVar("Meaning")

_SPLITS: dict[Split, tuple[str, ...]] = {
    "train": ("train", "training", "tr", "trn", "treino", "treinamento"),
    "val": ("val", "va", "vl", "valid", "validation", "validacao", "eval", "dev", "development"),
    "test": ("test", "testing", "teste", "te", "tst"),
}
_KINDS: dict[Kind, tuple[str, ...]] = {
    "accuracy": (
        "acc",
        "accs",
        "accuracy",
        "accuracies",
        "acuracia",
        "exatidao",
        "precisao",
        "acerto",
    ),
    "loss": ("loss", "losses", "perda", "cost", "custo"),
    "norm": ("norm", "norms", "norma"),
}
_BEST = frozenset(
    ("best", "highest", "lowest", "max", "min", "maximum", "minimum", "melhor", "maior")
)
_WHENS: dict[When, tuple[str, ...]] = {
    "initial": ("initial", "inicial", "before"),
    "final": ("final", "finais"),
}
_EPOCH = frozenset(("epoch", "epoca", "ep"))
_STEP = frozenset((
    *("step", "batch", "iter", "iteration", "minibatch", "example", "sample"),
    *("passo", "lote", "iteracao", "exemplo", "amostra"),
))  # fmt: skip
_BETWEEN = frozenset(
    ("and", "e", "on", "in", "no", "the", "set", "split", "data", "conjunto", "de")
)
_NO_MEASURE = frozenset(("time", "took", "grad", "gradient", "error", "class", "classe"))
_SETTINGS: dict[SettingName, tuple[str, ...]] = {
    "learning_rate": (" learning rate", " lr", " eta", " taxa de aprendizagem"),
    "epochs": (" epochs", " epocas"),
    "batch_size": (" batch size", " batchsize", " bs"),
    "dropout": (" dropout",),
    "momentum": (" momentum",),
    "l2_decay": (" l2 decay", " weight decay"),
    "l2_penalty": (" l2 penalty", " l2", " lambda", " regularization"),
    "hidden_size": (" hidden size", " hidden units"),
    "layers": (" layers",),
}
"""What a label ends in where it names the hyperparameter: whole words."""
# Words run together, or joined by an underline: trainAcc, val_acc, testacc.
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINED = re.compile(r"\b(train|valid|val|dev|test)(acc\w*|loss\w*)")
_WORD = re.compile(r"[a-z][a-z0-9]*")


class Label(NamedTuple):
    """What the words before a number say.

    Attributes:
        words: all of them, lower case without accents.
        split: the last split that is named.
        kind: the last kind of number that is named.
        when: whether it is the state before training, the final one, or the best of several.
        epoch: whether the number counts epochs.
        step: whether it counts steps of an epoch.
        setting: the hyperparameter that it is the value of.
    """

    words: tuple[str, ...] = ()
    split: Split | None = None
    kind: Kind | None = None
    when: When | None = None
    epoch: bool = False
    step: bool = False
    setting: SettingName | None = None


@lru_cache(maxsize=4096)
def label_of(text: str) -> Label:
    """Tell what a label says; of several splits or kinds the last one counts."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text)).encode("ascii", "ignore").decode()
    words = tuple(_WORD.findall(_JOINED.sub(r"\1 \2", plain.lower().replace("_", " "))))
    split, kind = _last(_SPLITS, words), _last(_KINDS, words)
    if kind is None and "||" in text:
        kind = "norm"
    if _NO_MEASURE.intersection(words):
        split = kind = None
    return Label(
        words,
        split,
        kind,
        "best" if _BEST.intersection(words) else _last(_WHENS, words),
        bool(_EPOCH.intersection(words[-1:])),
        bool(_STEP.intersection(words[-1:])),
        _setting(words),
    )


def _last(meanings: dict[Meaning, tuple[str, ...]], words: tuple[str, ...]) -> Meaning | None:
    found = [name for word in words for name, spelled in meanings.items() if word in spelled]
    return found[-1] if found else None


def measure_of(label: Label, split: Split | None, kind: Kind | None) -> Measure | None:
    """Name the measure that a number is.

    Args:
        label: what stands before it.
        split: what it is of where the label names no split.
        kind: what it is where the label is no more than a split, "train: .56", "and on the test
            set .54".

    Returns:
        None for what is none of them: a test loss, or an accuracy of no split.
    """
    alone = label.split and len(set(label.words) - _BETWEEN - {label.when}) == 1
    kind = label.kind or (kind if alone else None)
    split = label.split or split
    match kind:
        case "norm":
            return "norm"
        case "loss":
            return "val_loss" if split == "val" else None if split == "test" else "loss"
        case "accuracy":
            return split
    return None


def _setting(words: tuple[str, ...]) -> SettingName | None:
    """Return the hyperparameter whose name the words end in."""
    ending = " " + " ".join(words[-4:])
    return next((name for name, endings in _SETTINGS.items() if ending.endswith(endings)), None)
