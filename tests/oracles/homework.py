"""Question 1 as handed in: a script of its own, right or with one of the mistakes people make.

Written from the assignment alone. It shares no line with `scratch/`, `experiments/` or the other
oracles, and prints what the assignment's script prints.
"""

import numpy as np

CLASSES = 6

LINEAR_MISTAKES = {
    "divides by 255": "pixels over 255",
    "forgets the ones": "no bias column",
    "permutes the original": "not cumulative",
    "never shuffles": "not shuffled",
    "shuffles the images only": "labels not shuffled",
    "seeds every epoch": "same permutation",
    "new-style generator": "new generator",
    "stops one short": "last dropped",
    "another seed": "seed 0",
}
PERCEPTRON_MISTAKES = {
    **LINEAR_MISTAKES,
    "multiplies by the label": "y times x",
    "only adds": "true row",
    "only subtracts": "predicted row",
    "binary perceptrons": "one against all",
    "numbers classes another way": "release v1",
    "averages": "averaged",
}
LOGISTIC_MISTAKES = {
    **LINEAR_MISTAKES,
    "sigmoid": "sigmoid",
    "softmax of softmax": "softmax twice",
    "adds the gradient": "ascent",
    "random start": "drawn weights",
}
PENALTY_MISTAKES = {
    **LOGISTIC_MISTAKES,
    "derives |W|^2": "2 lambda",
    "subtracts the penalty": "minus lambda",
    "spares the bias": "bias not penalised",
    "forgets the rate": "lambda without rate",
    "forgets the penalty": "no penalty",
}
MLP_MISTAKES = {
    "divides by 255": "pixels over 255",
    "permutes the original": "not cumulative",
    "never shuffles": "not shuffled",
    "another seed": "seed 0",
    "adds 1e-8 in the log": "epsilon 1e-08",
    "scalar biases": "one bias",
    "forgets relu'": "slope forgotten",
    "steps the output first": "stepped early",
    "draws W2 first": "W2 first",
    "centred weights": "mean 0",
    "sigmoid": "sigmoid",
    "softmax of softmax": "softmax twice",
}


def hand_in(
    question: str,
    splits: dict,
    epochs: int,
    mistake: str = "",
    hidden: int = 100,
    seed: int = 42,
) -> list[str]:
    """The lines that the script prints.

    Args:
        question: "1.1a", "1.2a", "1.2b" or "1.3".
        splits: by name, uint8 images `[n, 48, 48, 3]` and labels `[n]`.
        epochs: how many.
        mistake: one of the names above, or nothing.
        hidden: units of the MLP.
        seed: of the generator.
    """
    np.random.seed(0 if mistake == "another seed" else seed)
    data = {}
    for name, (images, labels) in splits.items():
        X = images.reshape(len(images), -1).astype(float)
        X = X / 255 if mistake == "divides by 255" else X / 256
        if question != "1.3" and mistake != "forgets the ones":
            X = np.concatenate([X, np.ones((len(X), 1))], axis=1)
        y = np.array(labels)
        if mistake == "numbers classes another way":
            y = np.array([3, 0, 5, 1, 2, 4])[y]
        data[name] = [X, y]
    make = _Mlp if question == "1.3" else _Perceptron if question == "1.1a" else _Logistic
    model = make(data["train"][0].shape[1], mistake, 0.01 if question == "1.2b" else 0.0, hidden)
    return _main(model, data, epochs, mistake)


def _main(model, data: dict, epochs: int, mistake: str) -> list[str]:
    printed = [
        f"initial train acc: {_acc(model, *data['train']):.4f} | "
        f"initial val acc: {_acc(model, *data['val']):.4f}"
    ]
    X, y = data["train"]
    X0, y0 = X, y
    generator = np.random.default_rng(42)
    for epoch in range(1, epochs + 1):
        printed.append(f"Training epoch {epoch}")
        if mistake == "seeds every epoch":
            np.random.seed(42)
        if mistake == "new-style generator":
            order = generator.permutation(len(X))
        elif mistake == "never shuffles":
            order = np.arange(len(X))
        else:
            order = np.random.permutation(len(X))
        if mistake == "permutes the original":
            X, y = X0[order], y0[order]
        elif mistake == "shuffles the images only":
            X = X[order]
        else:
            X, y = X[order], y[order]
        n = len(X) - 1 if mistake == "stops one short" else len(X)
        losses = [model.step(X[i], y[i]) for i in range(n)]
        parts = []
        if losses[0] is not None:
            parts.append(f"loss: {np.mean(losses):.4f}")
        train = (X0, y0) if mistake == "shuffles the images only" else (X, y)
        parts.append(f"train acc: {_acc(model, *train):.4f}")
        parts.append(f"val acc: {_acc(model, *data['val']):.4f}")
        if hasattr(model, "weights"):
            parts.append(f"W norm: {np.sqrt(np.sum(model.weights() ** 2)):.4f}")
        printed.append(" | ".join(parts))
    printed.append("Training took 0 minutes and 1 seconds")
    printed.append(f"Final test acc: {_acc(model, *data['test']):.4f}")
    return printed


def _acc(model, X, y) -> float:
    return float((model.scores(X).argmax(axis=1) == y).mean())


class _Perceptron:
    def __init__(self, d: int, mistake: str, *_: float) -> None:
        self.W = np.zeros((CLASSES, d))
        self.mistake, self.sum, self.n = mistake, np.zeros((CLASSES, d)), 0

    def weights(self):
        return self.sum / self.n if self.mistake == "averages" and self.n else self.W

    def scores(self, X):
        return X.dot(self.weights().T)

    def step(self, x, y) -> None:
        y_hat = np.argmax(self.W.dot(x))
        if self.mistake == "binary perceptrons":
            for k in range(CLASSES):
                t = 1 if k == y else -1
                if t * self.W[k].dot(x) <= 0:
                    self.W[k] += t * x
        elif y_hat != y:
            if self.mistake == "multiplies by the label":
                self.W[y] += y * x
                self.W[y_hat] -= y * x
            else:
                if self.mistake != "only subtracts":
                    self.W[y] += x
                if self.mistake != "only adds":
                    self.W[y_hat] -= x
        if self.mistake == "averages":
            self.sum += self.W
            self.n += 1


class _Logistic:
    def __init__(self, d: int, mistake: str, penalty: float, *_: float) -> None:
        self.W = np.zeros((CLASSES, d))
        if mistake == "random start":
            self.W = np.random.normal(0.1, 0.1, (CLASSES, d))
        self.mistake, self.penalty, self.rate = mistake, penalty, 0.001

    def weights(self):
        return self.W

    def scores(self, X):
        return X.dot(self.W.T)

    def step(self, x, y) -> None:
        z = self.W.dot(x)
        p = _softmax(z)
        if self.mistake == "sigmoid":
            p = 1 / (1 + np.exp(-z))
        if self.mistake == "softmax of softmax":
            p = _softmax(p)
        one_hot = np.eye(CLASSES)[y]
        grad = np.outer(p - one_hot, x)
        if self.mistake == "adds the gradient":
            grad = -grad
        reg = self.penalty * self.W
        if self.mistake == "derives |W|^2":
            reg = 2 * self.penalty * self.W
        elif self.mistake == "subtracts the penalty":
            reg = -self.penalty * self.W
        elif self.mistake == "forgets the penalty":
            reg = 0
        elif self.mistake == "spares the bias":
            reg = self.penalty * self.W
            reg[:, -1] = 0
        if self.mistake == "forgets the rate":
            self.W = self.W - self.rate * grad - reg
        else:
            self.W = self.W - self.rate * (grad + reg)


class _Mlp:
    def __init__(self, d: int, mistake: str, _penalty: float, hidden: int) -> None:
        mu = 0.0 if mistake == "centred weights" else 0.1
        shapes = [(hidden, d), (CLASSES, hidden)]
        if mistake == "draws W2 first":
            W2, W1 = (np.random.normal(mu, 0.1, s) for s in reversed(shapes))
        else:
            W1, W2 = (np.random.normal(mu, 0.1, s) for s in shapes)
        self.W1, self.W2, self.b1, self.b2 = W1, W2, np.zeros(hidden), np.zeros(CLASSES)
        self.mistake, self.rate = mistake, 0.001

    def scores(self, X):
        return np.maximum(X.dot(self.W1.T) + self.b1, 0).dot(self.W2.T) + self.b2

    def step(self, x, y) -> float:
        z1 = self.W1.dot(x) + self.b1
        h1 = np.maximum(z1, 0)
        z2 = self.W2.dot(h1) + self.b2
        p = _softmax(z2)
        loss = np.log(np.exp(z2 - z2.max()).sum()) + z2.max() - z2[y]
        if self.mistake == "adds 1e-8 in the log":
            loss = -np.log(p[y] + 1e-8)
        if self.mistake == "sigmoid":
            p = 1 / (1 + np.exp(-np.clip(z2, -700, 700)))
        if self.mistake == "softmax of softmax":
            p = _softmax(p)
        d2 = p - np.eye(CLASSES)[y]
        gW2 = np.outer(d2, h1)
        if self.mistake == "steps the output first":
            self.W2 = self.W2 - self.rate * gW2
        d1 = self.W2.T.dot(d2)
        if self.mistake != "forgets relu'":
            d1 = d1 * (z1 > 0)
        if self.mistake != "steps the output first":
            self.W2 = self.W2 - self.rate * gW2
        self.W1 = self.W1 - self.rate * np.outer(d1, x)
        scalar = self.mistake == "scalar biases"
        self.b1 = self.b1 - self.rate * (np.sum(d1) if scalar else d1)
        self.b2 = self.b2 - self.rate * (np.sum(d2) if scalar else d2)
        return float(loss)


def _softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)
