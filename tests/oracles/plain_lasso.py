"""L1-penalised logistic regression by its definition, and its slowest solver: plain ISTA."""

import numpy as np


class PlainLasso:
    """A problem in float64 with every feature written out, none taken off."""

    def __init__(self, pixels: np.ndarray, labels: np.ndarray, n_classes: int) -> None:
        self.x = pixels / 256
        self.n, self.d = pixels.shape
        self.one_hot = np.eye(n_classes)[labels]

    def softmax(self, W: np.ndarray, b: np.ndarray) -> np.ndarray:
        s = self.x @ W.T + b
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def slopes(self, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        residual = (self.softmax(W, b) - self.one_hot) / self.n
        return residual.T @ self.x, residual.sum(axis=0)

    def best_bias(self, W: np.ndarray) -> np.ndarray:
        """Iterative scaling: add the logarithm of what is missing until nothing is."""
        b = np.zeros(len(W))
        for _ in range(10_000):
            step = np.log(self.one_hot.mean(axis=0) / self.softmax(W, b).mean(axis=0))
            b = b + step
            if np.abs(step).max() < 1e-15:
                break
        return b

    def objective(self, W: np.ndarray, b: np.ndarray, penalty: float) -> float:
        p = (self.softmax(W, b) * self.one_hot).sum(axis=1)
        return float(-np.log(p).mean() + penalty * np.abs(W).sum())

    def gap(self, W: np.ndarray, penalty: float) -> float:
        """The objective at the best bias less the entropy of p pulled to the labels."""
        b = self.best_bias(W)
        pull = min(1, penalty / np.abs(self.slopes(W, b)[0]).max())
        q = (1 - pull) * self.one_hot + pull * self.softmax(W, b)
        entropy = -sum(v * np.log(v) for v in q.ravel() if v > 0) / self.n
        return self.objective(W, b, penalty) - entropy

    def violation(self, weights: np.ndarray, penalty: float) -> float:
        """How far the KKT conditions are from being met, over all weights `[c, d + 1]`."""
        W, b = weights[:, :-1], weights[:, -1]
        by_weight, by_bias = self.slopes(W, b)
        at_zero = np.maximum(np.abs(by_weight) - penalty, 0)
        elsewhere = np.abs(by_weight + penalty * np.sign(W))
        return float(max(np.where(W == 0, at_zero, elsewhere).max(), np.abs(by_bias).max()))

    def ista(self, penalty: float, enough: float = 1e-10, most: int = 200_000) -> np.ndarray:
        """Gradient steps and soft thresholds until the gap is small; the weights `[c, d]`."""
        mean = self.x.mean(axis=0)
        ones = np.column_stack([self.x - mean, np.ones(self.n)])
        step = 2 * self.n / np.linalg.norm(ones, 2) ** 2
        W, b = np.zeros((self.one_hot.shape[1], self.d)), np.log(self.one_hot.mean(axis=0))
        for k in range(most):
            by_weight, by_bias = self.slopes(W, b - W @ mean)
            W = W - step * (by_weight - np.outer(by_bias, mean))
            W = np.sign(W) * np.maximum(np.abs(W) - step * penalty, 0)
            b = b - step * by_bias
            if k % 500 == 0 and self.gap(W, penalty) < enough:
                return W
        raise AssertionError("ISTA has not converged")
