"""The mistakes that a student may have made in `handed_in.SCRIPT`: a line written otherwise."""

from typing import NamedTuple

from .handed_in import SCRIPT


class Mistake(NamedTuple):
    """One line that somebody wrote otherwise.

    Attributes:
        line: as `SCRIPT` has it.
        written: in its place.
        parts: of the classes that are wrong with it.
        key: the variant that should be named.
    """

    line: str
    written: str
    parts: tuple[str, ...]
    key: str


_PERCEPTRON, _LOGISTIC, _PENALTY, _MLP = ("1.1a",), ("1.2a", "1.2b"), ("1.2b",), ("1.3",)
_STEP = "        self.W -= learning_rate * (grad + l2_penalty * self.W)\n"
_TRUE, _PREDICTED = "            self.W[y_i] += x_i\n", "            self.W[y_hat] -= x_i\n"
_ROWS = _TRUE + _PREDICTED
_W1 = "self.W1 = np.random.normal(0.1, 0.1, size=(hidden_size, n_features))"
_W2 = "self.W2 = np.random.normal(0.1, 0.1, size=(n_classes, hidden_size))"
_LOSS = "losses.append(float(-np.log(p[y_i, 0])))"
_MEAN = "        return np.mean(losses)"
_GRAD = "        grad = np.outer(p - one_hot, x_i)\n"

MISTAKES: dict[str, Mistake] = {
    "adds to the true row only": Mistake(_ROWS, _TRUE, _PERCEPTRON, "true row"),
    "takes from the predicted row only": Mistake(_ROWS, _PREDICTED, _PERCEPTRON, "predicted row"),
    "multiplies by the label": Mistake(
        _ROWS, _ROWS.replace("= x_i", "= y_i * x_i"), _PERCEPTRON, "y times x"
    ),
    "exchanges the rows": Mistake(
        _ROWS,
        _ROWS.replace("-=", "?=").replace("+=", "-=").replace("?=", "+="),
        _PERCEPTRON,
        "rows exchanged",
    ),
    "adds the label everywhere": Mistake(
        _ROWS, "            self.W += y_i * x_i\n", _PERCEPTRON, "y times x everywhere"
    ),
    "2 lambda": Mistake(_STEP, _STEP.replace("l2_penalty", "2 * l2_penalty"), _PENALTY, "2 lambda"),
    "a penalty with a plus": Mistake(
        _STEP, _STEP.replace("+ l2", "- l2"), _PENALTY, "minus lambda"
    ),
    "no penalty": Mistake(
        _STEP, "        self.W -= learning_rate * grad\n", _PENALTY, "no penalty"
    ),
    "a penalty without the rate": Mistake(
        _STEP,
        "        self.W -= learning_rate * grad + l2_penalty * self.W\n",
        _PENALTY,
        "lambda without rate",
    ),
    "a rate that is forgotten": Mistake(
        _STEP, _STEP.replace("learning_rate * ", ""), _LOGISTIC, "rate forgotten"
    ),
    "a bias that is spared": Mistake(
        _STEP,
        "        R = l2_penalty * self.W\n        R[:, -1] = 0\n"
        "        self.W -= learning_rate * (grad + R)\n",
        _PENALTY,
        "bias not penalised",
    ),
    "a norm in every entry": Mistake(
        _STEP,
        "        self.W -= learning_rate * (grad + l2_penalty * np.linalg.norm(self.W))\n",
        _PENALTY,
        "norm added",
    ),
    "a sigmoid": Mistake(
        "        p = np.exp(z - z.max())\n        p = p / p.sum()\n",
        "        p = 1 / (1 + np.exp(-z))\n",
        _LOGISTIC,
        "sigmoid",
    ),
    "a step on mistakes only": Mistake(
        _STEP,
        f"        if z.argmax() != y_i:\n    {_STEP}",
        _LOGISTIC,
        "only on mistakes",
    ),
    "a class number for the one-hot": Mistake(
        _GRAD, "        grad = np.outer(p - y_i, x_i)\n", _LOGISTIC, "class number"
    ),
    "an update that is lost": Mistake(
        _STEP, _STEP.replace("self.W -= ", "W = self.W - "), _LOGISTIC, "never applied"
    ),
    "weights drawn": Mistake(
        "self.W = np.zeros((n_classes, n_features))",
        "self.W = np.random.normal(0.1, 0.1, (n_classes, n_features))",
        (*_PERCEPTRON, "1.2a"),
        "drawn weights",
    ),
    "an epsilon in the log": Mistake(
        _LOSS, "losses.append(float(-np.log(p[y_i, 0] + 1e-8)))", _MLP, "epsilon 1e-08"
    ),
    "a clamped loss": Mistake(
        _LOSS, "losses.append(float(-np.log(max(p[y_i, 0], 1e-12))))", _MLP, "clamped 1e-12"
    ),
    "a summed loss": Mistake(_MEAN, "        return np.sum(losses)", _MLP, "summed loss"),
    "the last loss": Mistake(_MEAN, "        return losses[-1]", _MLP, "last loss"),
    "weights as [in, out]": Mistake(
        f"{_W1}\n        {_W2}",
        "self.W1 = np.random.normal(0.1, 0.1, size=(n_features, hidden_size)).T\n"
        "        self.W2 = np.random.normal(0.1, 0.1, size=(hidden_size, n_classes)).T",
        _MLP,
        "transposed weights",
    ),
    "the variance for the deviation": Mistake(
        f"{_W1}\n        {_W2}",
        f"{_W1}\n        {_W2}".replace("0.1, 0.1,", "0.1, 0.01,"),
        _MLP,
        "deviation 0.01",
    ),
    "no slope": Mistake(" * (z1 > 0)", "", _MLP, "slope forgotten"),
    "scalar biases": Mistake(
        "            self.b1 -= learning_rate * d1\n",
        "            self.b1 -= learning_rate * d1.sum()\n"
        "            self.b2 -= learning_rate * (d2.sum() - d2)\n",
        _MLP,
        "one bias",
    ),
    "W2 stepped early": Mistake(
        "            gW2 = d2 @ h1.T\n",
        "            gW2 = d2 @ h1.T\n            self.W2 -= learning_rate * gW2\n"
        "            gW2 = 0\n",
        _MLP,
        "stepped early",
    ),
    "tanh": Mistake(
        "        h1 = np.maximum(0, z1)\n",
        "        h1 = np.tanh(z1)\n        z1 = 1 - h1**2\n",
        _MLP,
        "",
    ),
    "a shuffle of its own": Mistake(
        "        losses = []\n",
        "        losses = []\n        order = np.random.permutation(len(X))\n"
        "        X, y = X[order], y[order]\n",
        _MLP,
        "shuffled again",
    ),
    "a gradient over the features": Mistake(
        _GRAD,
        _GRAD.replace("np.outer(p - one_hot, x_i)", "np.outer(p - one_hot, x_i) / len(x_i)"),
        _LOGISTIC,
        "over features",
    ),
}


def written(mistake: str = "") -> str:
    """The script, right or with a mistake."""
    if not mistake:
        return SCRIPT
    line, other, _, _ = MISTAKES[mistake]
    assert SCRIPT.count(line) == 1, mistake
    return SCRIPT.replace(line, other)
