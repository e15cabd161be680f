"""What the words before a number call it, in English or Portuguese."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from experiments.assignment import Measure

Split = Literal["train", "val", "test"]
Kind = Literal["accuracy", "loss", "norm"]
When = Literal["initial", "final", "best"]

SettingName = Literal[
    "model", "epochs", "learning_rate", "batch_size", "dropout", "momentum", "l2_penalty",
    "l2_decay", "hidden_size", "layers", "activation", "optimizer",
]  # fmt: skip

_SPLITS: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "tr", "trn", "treino", "treinamento"), "train"),
    **dict.fromkeys(("val", "va", "vl", "valid", "validation", "validacao", "eval"), "val"),
    **dict.fromkeys(("dev", "development"), "val"),
    **dict.fromkeys(("test", "testing", "teste", "te", "tst"), "test"),
}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("acc", "accs", "accuracy", "accuracies", "acuracia", "exatidao", "precisao"), "accuracy"
    ),
    **dict.fromkeys(("loss", "losses", "perda", "cost", "custo"), "loss"),
    **dict.fromkeys(("norm", "norms", "norma"), "norm"),
}
_WHENS: dict[str, When] = {
    **dict.fromkeys(("initial", "inicial", "before"), "initial"),
    **dict.fromkeys(("final", "finais"), "final"),
    **dict.fromkeys(
        ("best", "highest", "lowest", "max", "min", "maximum", "minimum", "melhor", "maior"), "best"
    ),
}
_EPOCH = frozenset(("epoch", "epoca", "ep"))
_STEP = frozenset(("step", "batch", "iter", "iteration", "minibatch", "passo", "lote"))
_BETWEEN = frozenset(
    ("and", "e", "on", "in", "no", "the", "set", "split", "data", "conjunto", "de")
)
_NO_MEASURE = frozenset(("time", "took", "grad", "gradient", "error"))
_SETTINGS: tuple[tuple[SettingName, tuple[str, ...]], ...] = (
    ("learning_rate", ("learning rate", "lr", "eta", "taxa de aprendizagem")),
    ("epochs", ("epochs", "epocas")),
    ("batch_size", ("batch size", "batchsize", "bs")),
    ("dropout", ("dropout",)),
    ("momentum", ("momentum",)),
    ("l2_decay", ("l2 decay", "weight decay")),
    ("l2_penalty", ("l2 penalty", "l2", "lambda", "regularization", "l2 regularization")),
    ("hidden_size", ("hidden size", "hidden units")),
    ("layers", ("layers", "hidden layers")),
)
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
    kinds = [_KINDS[word] for word in words if word in _KINDS]
    if not kinds and "||" in text:
        kinds = ["norm"]
    splits = [_SPLITS[word] for word in words if word in _SPLITS]
    whens = [_WHENS[word] for word in words if word in _WHENS]
    if _NO_MEASURE.intersection(words):
        kinds, splits = [], []
    return Label(
        words,
        splits[-1] if splits else None,
        kinds[-1] if kinds else None,
        "best" if "best" in whens else whens[-1] if whens else None,
        bool(_EPOCH.intersection(words[-1:])),
        bool(_STEP.intersection(words[-1:])),
        _setting(words),
    )


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
    alone = label.split and len(set(label.words) - _BETWEEN) == 1
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
    ending = " ".join(words[-4:])
    for name, spellings in _SETTINGS:
        if any(ending == one or ending.endswith(f" {one}") for one in spellings):
            return name
    return None
