"""hw1-q1.py as a student would hand it in: right, with the handed-out names or kept otherwise."""

SCRIPT = """
import argparse
import time

import matplotlib.pyplot as plt
import numpy as np

import utils


class Linear:
    def __init__(self, n_classes, n_features):
        self.W = np.zeros((n_classes, n_features))

    def train_epoch(self, X, y, **kwargs):
        for i in range(len(X)):
            self.update_weight(X[i], y[i], **kwargs)

    def predict(self, X):
        return np.argmax(X @ self.W.T, axis=1)

    def evaluate(self, X, y):
        return np.mean(self.predict(X) == y)


class Perceptron(Linear):
    def update_weight(self, x_i, y_i, **kwargs):
        y_hat = np.argmax(self.W @ x_i)
        if y_hat != y_i:
            self.W[y_i] += x_i
            self.W[y_hat] -= x_i


class LogisticRegression(Linear):
    def update_weight(self, x_i, y_i, learning_rate=0.001, l2_penalty=0.0):
        z = self.W @ x_i
        p = np.exp(z - z.max())
        p = p / p.sum()
        one_hot = np.zeros(self.W.shape[0])
        one_hot[y_i] = 1
        grad = np.outer(p - one_hot, x_i)
        self.W -= learning_rate * (grad + l2_penalty * self.W)


class MLP:
    def __init__(self, n_classes, n_features, hidden_size):
        self.W1 = np.random.normal(0.1, 0.1, size=(hidden_size, n_features))
        self.W2 = np.random.normal(0.1, 0.1, size=(n_classes, hidden_size))
        self.b1 = np.zeros((hidden_size, 1))
        self.b2 = np.zeros((n_classes, 1))

    def forward(self, x):
        z1 = self.W1 @ x + self.b1
        h1 = np.maximum(0, z1)
        return z1, h1, self.W2 @ h1 + self.b2

    def predict(self, X):
        _, _, z2 = self.forward(X.T)
        return z2.argmax(axis=0)

    def evaluate(self, X, y):
        return np.mean(self.predict(X) == y)

    def train_epoch(self, X, y, learning_rate=0.001):
        losses = []
        for x_i, y_i in zip(X, y):
            x = x_i[:, None]
            z1, h1, z2 = self.forward(x)
            e = np.exp(z2 - z2.max())
            p = e / e.sum()
            losses.append(float(-np.log(p[y_i, 0])))
            d2 = p.copy()
            d2[y_i] -= 1
            gW2 = d2 @ h1.T
            d1 = (self.W2.T @ d2) * (z1 > 0)
            gW1 = d1 @ x.T
            self.W2 -= learning_rate * gW2
            self.b2 -= learning_rate * d2
            self.W1 -= learning_rate * gW1
            self.b1 -= learning_rate * d1
        return np.mean(losses)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("-epochs", default=20, type=int)
    opt = parser.parse_args()
    utils.configure_seed(seed=42)
    data = utils.load_dataset("intel_landscapes.npz", bias=opt.model != "mlp")
    started = time.time()
    print(len(data), plt, time.time() - started)


if __name__ == "__main__":
    main()
"""

_BEFORE_MLP, _MAIN = SCRIPT.partition("class MLP:")[0], SCRIPT[SCRIPT.index("def main()") :]

FOLDED = f"""{_BEFORE_MLP}
class MLP:
    def __init__(self, n_classes, n_features, hidden_size):
        self.layers = []
        for n_out, n_in in ((hidden_size, n_features), (n_classes, hidden_size)):
            W = np.random.normal(0.1, 0.1, (n_out, n_in))
            self.layers.append(np.hstack([W, np.zeros((n_out, 1))]))

    def forward(self, X):
        one = np.ones((len(X), 1))
        X = np.hstack([X, one])
        H = np.hstack([np.maximum(X @ self.layers[0].T, 0), one])
        return X, H, H @ self.layers[1].T

    def predict(self, X):
        return self.forward(X)[2].argmax(axis=1)

    def train_epoch(self, X, y, learning_rate):
        total = 0
        for i, label in enumerate(y):
            x, h, s = self.forward(X[i : i + 1])
            p = np.exp(s - np.logaddexp.reduce(s, axis=1))
            total -= np.log(p[0, label])
            p[0, label] -= 1
            d = (p @ self.layers[1] * (h > 0))[:, :-1]
            self.layers[1] -= learning_rate * p.T @ h
            self.layers[0] -= learning_rate * d.T @ x
        return total / len(y)


{_MAIN}"""
"""Each layer's bias is the last column of its weights."""

LAYER_OBJECTS = f"""{_BEFORE_MLP}
class Layer:
    def __init__(self, n_in, n_out):
        self.dW = np.zeros((n_out, n_in))
        self.W = np.random.normal(0.1, 0.1, (n_out, n_in))
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, d, rate):
        self.dW = np.outer(d, self.x)
        below = d @ self.W
        self.W -= rate * self.dW
        self.b -= rate * d
        return below


class MLP:
    def __init__(self, n_classes, n_features, hidden_size):
        self.first, self.second = Layer(n_features, hidden_size), Layer(hidden_size, n_classes)

    def scores(self, x):
        self.z = self.first.forward(x)
        return self.second.forward(np.maximum(self.z, 0))

    def predict(self, X):
        return [self.scores(x).argmax() for x in X]

    def train_epoch(self, X, y, learning_rate):
        total = 0
        for x, label in zip(X, y):
            log_p = self.scores(x)
            log_p = log_p - np.logaddexp.reduce(log_p)
            total -= log_p[label]
            d = np.exp(log_p)
            d[label] -= 1
            below = self.second.backward(d, learning_rate)
            self.first.backward(below * (self.z > 0), learning_rate)
        return total / len(y)


{_MAIN}"""
"""The weights are in objects of their own, beside their gradients."""


def _with(*changes: tuple[str, str]) -> str:
    script = SCRIPT
    for line, other in changes:
        assert line in script, line
        script = script.replace(line, other)
    return script


_ZEROS = "        self.W = np.zeros((n_classes, n_features))\n"
_UPDATE = "    def update_weight(self, x_i, y_i, learning_rate=0.001, l2_penalty=0.0):\n"
_EVALUATE = "        return np.mean(self.predict(X) == y)\n"
_B2 = "        self.b2 = np.zeros((n_classes, 1))\n"

RIGHT: dict[str, str] = {
    "as handed out": SCRIPT,
    "biases folded": FOLDED,
    "layer objects": LAYER_OBJECTS,
    "lists": _with(
        ("self.W1", "self.W[0]"),
        ("self.W2", "self.W[1]"),
        ("        self.W[0] = np.random", "        self.W = [0, 0]\n        self.W[0] = np.random"),
    ),
    "other names": _with(("self.b1", "self.hidden_bias"), ("self.W2", "self.out")),
    "two names of an array": _with(
        (_B2, f"{_B2}        self.both = [self.W1, self.W2]\n"), ("self.W2 -=", "self.both[1] -=")
    ),
    "slots": _with(("class MLP:\n", "class MLP:\n    __slots__ = ('W1', 'W2', 'b1', 'b2')\n")),
    "a gradient kept beside": _with((_ZEROS, _ZEROS.replace("self.W", "self.grad") + _ZEROS)),
    "a rate in the perceptron": _with(
        ("self.W[y_i] += x_i", "self.W[y_i] += 0.01 * x_i"),
        ("self.W[y_hat] -= x_i", "self.W[y_hat] -= 0.01 * x_i"),
    ),
    "its own names of options": _with(
        ("y_i, learning_rate=0.001, l2_penalty=0.0", "y_i, step_size, lmbda"),
        ("learning_rate * (grad + l2_penalty", "step_size * (grad + lmbda"),
    ),
    "a rate in the constructor": _with(
        (_UPDATE, "    def __init__(self, n_classes, n_features, lr, reg=0.0):\n"
         "        super().__init__(n_classes, n_features)\n        self.lr, self.reg = lr, reg\n\n"
         "    def update_weight(self, x_i, y_i):\n"),
        ("learning_rate * (grad + l2_penalty", "self.lr * (grad + self.reg"),
        ("(X[i], y[i], **kwargs)", "(X[i], y[i])"),
    ),
    "the name in the assignment's text": _with(("update_weight(", "update_weights(")),
    "sizes in another order": _with(
        ("n_classes, n_features, hidden_size)", "n_features, hidden_size, n_classes)")
    ),
    "a loss and an accuracy": _with(("np.mean(losses)", "np.mean(losses), self.evaluate(X, y)")),
    "an accuracy in percent": _with((_EVALUATE, _EVALUATE.replace("np", "100 * np"))),
    "an accuracy in percent, rounded": _with(
        (_EVALUATE, _EVALUATE.replace("np.mean(self.predict(X) == y)",
         "round(100 * np.mean(self.predict(X) == y), 2)")),
    ),
    "a loss and an accuracy, rounded": _with(
        ("np.mean(losses)", "round(np.mean(losses), 4)"),
        (_EVALUATE, _EVALUATE.replace("np.mean(self.predict(X) == y)",
         "round(np.mean(self.predict(X) == y), 3)")),
    ),
    "an accuracy and a number": _with((_EVALUATE, _EVALUATE.replace("== y)", "== y), len(y)"))),
    "all of utils": _with(("import utils", "from utils import *\n\nconfigure_seed(42)")),
}  # fmt: skip
"""Right scripts that keep and call things in other ways."""
