"""Final numbers over seeds that were measured once, so that noise costs no training."""

from experiments.check.trace import Result

# SHA-256 of the data, question, seed: correct examples of train, val and test after the last epoch.
_TOTALS = {"718ad497": (12_630, 1_404, 3_000)}
_CORRECT: dict[tuple[str, str, int], tuple[int, int, int]] = {}
_EPOCHS = {"1.1a": 100, "1.2a": 100, "1.2b": 100, "1.3": 20}


def recorded(question: str, sha256: str, epochs: int) -> list[Result]:
    """The recorded seeds of a question on these data, after so many epochs; none if unknown."""
    data = sha256[:8]
    if data not in _TOTALS or _EPOCHS.get(question) != epochs:
        return []
    found = []
    for (which, of, seed), correct in _CORRECT.items():
        if (which, of) == (data, question):
            shares = [n / total for n, total in zip(correct, _TOTALS[data], strict=True)]
            last = dict(zip(("train", "val", "test"), shares, strict=True))
            found.append(Result(f"seed {seed}", "", [{} for _ in range(epochs)] + [last]))
    return found
