"""Solutions of the notebooks' exercises, and wrong ones that the checks have to turn away.

They stand here and not in the notebooks. Each key is a check's name; `wrong` holds replacements in
the solution, each of which makes it wrong. The code runs in the notebook, with its imports.
"""

from typing import NamedTuple


class Exercise(NamedTuple):
    """One exercise.

    Attributes:
        solution: what a reader would write in place of the exercise's cell.
        wrong: pairs (text of the solution, what makes it wrong).
    """

    solution: str
    wrong: tuple[tuple[str, str], ...]


MEANS = """
def class_means(x, labels, n_classes):
    return np.stack([x[labels == k].mean(axis=0) for k in range(n_classes)])
"""
CONFUSION = """
def confusion(labels, predicted, n_classes):
    table = np.zeros((n_classes, n_classes), int)
    np.add.at(table, (labels, predicted), 1)
    return table
"""
STANDARD_ERROR = """
def standard_error(accuracy, n):
    return np.sqrt(accuracy * (1 - accuracy) / n)
"""
PERCEPTRON = """
def my_step(W, x, label):
    predicted = (W @ x).argmax()
    W = W.copy()
    W[label] += x
    W[predicted] -= x
    return W
"""
GRADIENT = """
def my_gradient(W, x, label, l2_penalty):
    error = softmax(W @ x)
    error[label] -= 1
    return np.outer(error, x) + l2_penalty * W
"""
RECOGNIZED = """
answer = {"A": "bias not penalized", "B": "sigmoid for softmax", "C": "two lambda"}
"""
BACKPROPAGATION = """
def my_gradient(params, x, label):
    z = params.W1 @ x + params.b1
    h = np.maximum(z, 0)
    s = params.W2 @ h + params.b2
    d2 = softmax(s)
    d2[label] -= 1
    d1 = (params.W2.T @ d2) * (z > 0)
    return mlp.MLPParams(np.outer(d1, x), d1, np.outer(d2, h), d2)
"""
INITIAL = """
def my_initial(rng, n_in, n_out):
    mean, deviation = 0.0, 1 / np.sqrt(n_in)
    return rng.normal(mean, deviation, (n_out, n_in))
"""
STEP = """
def my_step(loss_of, params, x, labels, rate):
    loss, gradient = jax.value_and_grad(loss_of)(params, x, labels)
    return jax.tree.map(lambda p, g: p - rate * g, params, gradient), loss
"""
MOMENTUM = """
def my_momentum(learning_rate, mu):
    def init(params):
        return jax.tree.map(jnp.zeros_like, params)

    def update(gradient, memory, params=None):
        memory = jax.tree.map(lambda m, g: mu * m + g, memory, gradient)
        return jax.tree.map(lambda m: -learning_rate * m, memory), memory

    return optax.GradientTransformation(init, update)
"""
PAIRED = """
def paired(a, b):
    difference = a - b
    return difference.mean(), difference.std(ddof=1) / np.sqrt(len(difference))
"""
LUCK = """
def luck_of_the_best(n_settings, deviation, trials, rng):
    return rng.normal(0, deviation, (trials, n_settings)).max(axis=1).mean()
"""
OWN_LOOP = """
def my_init(params):
    return jax.tree.map(jnp.zeros_like, params)


def my_update(gradient, memory, params, learning_rate):
    memory = jax.tree.map(lambda v, g: 0.9 * v + 0.1 * g**2, memory, gradient)
    after = jax.tree.map(
        lambda p, g, v: p - learning_rate * g / (jnp.sqrt(v) + 1e-8), params, gradient, memory
    )
    return after, memory


@jax.jit
def my_step(params, memory, pixels, labels, learning_rate):
    loss, gradient = jax.value_and_grad(loss_of)(params, pixels, labels)
    return *my_update(gradient, memory, params, learning_rate), loss


def my_train(key, train, epochs, batch_size, learning_rate):
    params = small.initial(key)
    memory, losses = my_init(params), []
    for epoch in range(epochs):
        order = jax.random.permutation(jax.random.fold_in(key, epoch), len(train.labels))
        batches = []
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            params, memory, loss = my_step(
                params, memory, train.pixels[batch], train.labels[batch], learning_rate
            )
            batches.append(float(loss))
        losses.append(np.mean(batches))
    return params, losses
"""
COEFFICIENTS = """
def coefficients(w, b, v, v0):
    return np.array([v0 + v @ (b - b**2), v @ (w - 2 * w * b), -v @ w**2])
"""
ONE_UNIT = """
def one_unit(c1, c2, c3):
    v = -c3
    b = (1 - c2 / v) / 2
    return 1.0, b, v, c1 - v * b * (1 - b)
"""
FIT = """
def fit(X, targets):
    return np.linalg.lstsq(phi(X), targets)[0]
"""
BLOCK = """
def scores_in_block(scores_0, gram, coefficients, t):
    return scores_0[t] + gram[t, :t] @ coefficients[:t]
"""

EXERCISES: dict[str, dict[str, Exercise]] = {
    "01-data-and-a-baseline": {
        "exercise_1": Exercise(MEANS, ((".mean(axis=0)", ".sum(axis=0)"),)),
        "exercise_2": Exercise(CONFUSION, (("(labels, predicted)", "(predicted, labels)"),)),
        "exercise_3": Exercise(STANDARD_ERROR, (("np.sqrt(", "2 * np.sqrt("),)),
    },
    "02-the-perceptron-by-hand": {
        "exercise_1": Exercise(
            PERCEPTRON,
            (
                ("    W = W.copy()\n", ""),
                ("    W[predicted] -= x\n", ""),
                ("W[label] += x", "W[label] += label * x"),
            ),
        ),
        "exercise_2": Exercise("never = 0", (("0", "5"),)),
    },
    "03-logistic-regression": {
        "exercise_1": Exercise(
            GRADIENT,
            (("l2_penalty * W", "2 * l2_penalty * W"), ("l2_penalty * W", "-l2_penalty * W")),
        ),
        "exercise_2": Exercise(RECOGNIZED, (("two lambda", "minus lambda"),)),
    },
    "04-mlp-and-backpropagation": {
        "exercise_1": Exercise(
            BACKPROPAGATION, ((" * (z > 0)", ""), ("np.outer(d2, h)", "np.outer(d2, z)"))
        ),
        "exercise_3": Exercise(
            "first_epoch = (1000 * (3051 + 233 + 27 + 7 + 9 + 10) + 2 * 630) / 12630",
            (("/ 12630", "/ 13"),),
        ),
        "exercise_2": Exercise(INITIAL, (("0.0, 1", "0.1, 1"), ("1 / np.sqrt(n_in)", "0.0"))),
    },
    "05-the-same-in-jax": {
        "exercise_1": Exercise(STEP, (("p - rate", "p + rate"), ("p - rate", "p - 1.01 * rate"))),
    },
    "06-flax-and-optax": {
        "exercise_1": Exercise(
            MOMENTUM, (("mu * m + g", "mu * m + (1 - mu) * g"), ("-learning_rate", "learning_rate"))
        ),
    },
    "07-sweeps-seeds-and-luck": {
        "exercise_1": Exercise(PAIRED, (("ddof=1", "ddof=0"),)),
        "exercise_2": Exercise(LUCK, ((".max(axis=1)", ".max(axis=0)"),)),
        "exercise_3_the_loop": Exercise(
            OWN_LOOP,
            (
                ("0.9 * v + 0.1 * g**2", "0.1 * v + 0.9 * g**2"),
                ("0, len(order), batch_size", "0, len(order) - batch_size + 1, batch_size"),
                ("small.initial(key)", "small.initial(jax.random.key(np.random.randint(99)))"),
                ("jax.random.fold_in(key, epoch)", "key"),
                ("- learning_rate", "+ learning_rate"),
            ),
        ),
    },
    "08-question-3": {
        "exercise_1": Exercise(COEFFICIENTS, (("-v @ w**2", "v @ w**2"),)),
        "exercise_2": Exercise(ONE_UNIT, (("v = -c3", "v = c3"),)),
        "exercise_3": Exercise(FIT, (("phi(X)", "X @ np.ones((3, 10))"),)),
    },
    "09-the-engines": {
        "exercise_1": Exercise(BLOCK, ((" + gram", " - gram"), ("[t, :t]", "[:t, t] * 1.01"))),
    },
}

BROKEN_CLAIMS: dict[str, tuple[tuple[str, str], ...]] = {
    "09-the-engines": (
        ("l2_penalty=0.02", "l2_penalty=0.01"),
        (
            "model, begin, train.pixels, train.labels, engine)",
            "logistic_regression_model(n_classes, 0.001 * (1.01 if engine == 'block' else 1), 0.01)"
            ", begin, train.pixels, train.labels, engine)",
        ),
        ('make_optimizer(model, "sgd", 0.001', 'make_optimizer(model, "sgd", 0.00101'),
    ),
}
"""Claims of the text: (text of a cell, what has to make an assert of that cell fail)."""
