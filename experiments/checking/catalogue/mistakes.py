"""What goes wrong, what is common first; see `variant` for what a mistake is made of."""

from typing import Any

from experiments.checking.catalogue import linear_change as linear
from experiments.checking.catalogue import network_change as network
from experiments.checking.catalogue import orders, readouts
from experiments.checking.catalogue.jax_change import JaxChange, configured, scaled
from experiments.checking.catalogue.linear_change import Coefficients, LinearChange
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.orders import OrderChange
from experiments.checking.catalogue.readouts import ReadOut
from experiments.checking.catalogue.variant import JAX, LINEAR, LOGISTIC, NETWORKS, SCRATCH, Variant

PERCEPTRON, A, B, NETWORK = ("1.1a",), ("1.2a",), ("1.2b",), ("1.3",)
LOGISTIC_2, MOMENTUM = ("2.1",), ("2.2c",)
GRADIENT = (*LOGISTIC, *NETWORK)
"""Parts whose step is a gradient."""
PIXEL_FACTOR = 256 / 255
EPSILONS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)


def _read_off(key: str, parts: tuple[str, ...], how: ReadOut) -> Variant:
    return Variant(key, parts, read_out=how)


def _order(key: str, change: OrderChange, seed_like: bool = True) -> Variant:
    return Variant(key, SCRATCH, order=change, seed_like=seed_like)


def _rate(key: str, rate: linear.Rate, **others: Any) -> Variant:
    return Variant(key, GRADIENT, LinearChange(rate=rate, **others), NetworkChange(rate=rate))


def _error(key: str, error: linear.Error, parts: tuple[str, ...] = GRADIENT) -> Variant:
    return Variant(key, parts, LinearChange(linear.step_along(error)), NetworkChange(error=error))


def _penalty(factor: float) -> LinearChange:
    return LinearChange(decay=lambda rate, size: 1.0 - rate * factor * size.penalty)


def _perceptron(key: str, coefficients: Coefficients, harmless: bool = False) -> Variant:
    return Variant(key, PERCEPTRON, LinearChange(coefficients), harmless=harmless)


def _network(key: str, what: NetworkChange, seed_like: bool = False) -> Variant:
    return Variant(key, NETWORK, network=what, seed_like=seed_like)


def _jax(key: str, parts: tuple[str, ...], what: JaxChange, seed_like: bool = False) -> Variant:
    return Variant(key, parts, jax=what, seed_like=seed_like)


MISTAKES = (
    # Other numbers of the right training.
    _read_off("best epoch", SCRATCH, ReadOut(readouts.best_epoch, last_only=True)),
    _read_off("epoch before", SCRATCH, ReadOut(readouts.epoch_before)),
    _read_off("20 epochs", LINEAR, ReadOut(readouts.twenty_epochs, last_only=True)),
    _read_off("exchanged", SCRATCH, ReadOut(readouts.exchanged)),
    _read_off("while learning", LINEAR, ReadOut(readouts.while_learning)),
    _read_off("mean of epochs", LINEAR, ReadOut(readouts.mean_of_epochs, last_only=True)),
    # The network's loss.
    *(
        Variant(f"{key} {eps:g}", NETWORK, read_out=read_out(eps), words=key)
        for key, read_out in (("epsilon", readouts.added), ("clamped", readouts.clamped))
        for eps in EPSILONS
    ),
    _read_off("summed loss", NETWORK, readouts.SUMMED),
    _read_off("loss after the epoch", NETWORK, readouts.AFTER_THE_EPOCH),
    _read_off("last loss", NETWORK, readouts.LAST_EXAMPLE),
    _read_off("loss after the step", NETWORK, readouts.AFTER_THE_STEP),
    # The penalty.
    Variant("no penalty", B, _penalty(0.0)),
    Variant("penalty", A, LinearChange(decay=lambda rate, _size: 1.0 - rate * 0.01)),
    Variant("2 lambda", B, _penalty(2.0)),
    Variant("minus lambda", B, _penalty(-1.0)),
    Variant("bias not penalised", B, LinearChange(bias="free")),
    Variant("lambda without rate", B, LinearChange(decay=lambda _rate, size: 1.0 - size.penalty)),
    Variant("penalty first", B, LinearChange(decay_first=True), seed_like=True),
    Variant("norm added", B, LinearChange(added=lambda W: float((W**2).sum() ** 0.5))),
    Variant("squared norm added", B, LinearChange(added=lambda W: float((W**2).sum()))),
    Variant("1/2 lambda", B, _penalty(0.5)),
    Variant("3 lambda", B, _penalty(3.0)),
    Variant("1/10 lambda", B, _penalty(0.1)),
    Variant("10 lambda", B, _penalty(10.0)),
    # The perceptron's step.
    _perceptron("step times rate", linear.stepping_by(lambda c, _: 0.001 * c), harmless=True),
    _perceptron("y times x", linear.stepping_by(lambda c, label: label * c)),
    _perceptron("y times x added", linear.stepping_by(lambda c, label: -label * min(c, 0.0))),
    _perceptron("y times x everywhere", linear.label_times_x_everywhere),
    _perceptron("true row", linear.stepping_by(lambda c, _: max(c, 0.0))),
    _perceptron("predicted row", linear.stepping_by(lambda c, _: min(c, 0.0))),
    _perceptron("both added", linear.stepping_by(lambda c, _: abs(c))),
    _perceptron("rows exchanged", linear.stepping_by(lambda c, _: -c)),
    _perceptron("one against all", linear.one_against_all(0.0)),
    _perceptron("one against all from 0", linear.one_against_all(1.0)),
    Variant("release v1", PERCEPTRON, other_classes=True, seed_like=True),
    # The features.
    Variant(
        "pixels over 255",
        SCRATCH,
        LinearChange(pixel_factor=PIXEL_FACTOR),
        NetworkChange(pixel_factor=PIXEL_FACTOR),
        seed_like=True,
    ),
    Variant("no bias column", LINEAR, LinearChange(bias="none")),
    # The order of the examples.
    _order("not cumulative", OrderChange(lambda: orders.not_cumulative)),
    _order("not shuffled", OrderChange(lambda: orders.not_shuffled)),
    _order("same permutation", OrderChange(lambda: orders.seeded_anew)),
    _order("shuffled once", OrderChange(orders.once)),
    _order(
        "shuffled again",
        OrderChange(trained=lambda order, rng: order[rng.permutation(len(order))]),
    ),
    _order("new generator", OrderChange(orders.new_generator)),
    _order("last dropped", OrderChange(trained=lambda order, _rng: order[:-1])),
    _order(
        "every step twice",
        OrderChange(trained=lambda order, _rng: order.repeat(2)),
        seed_like=False,
    ),
    _order("labels not shuffled", OrderChange(labels_stay=True), seed_like=False),
    _order("one batch", OrderChange(batch=True), seed_like=False),
    _order("one example", OrderChange(trained=lambda order, _rng: order[:1]), seed_like=False),
    # The step along the gradient.
    _error("sigmoid", linear.error_of(linear.sigmoid)),
    _error("softmax twice", linear.error_of(lambda s: linear.softmax(linear.softmax(s)))),
    _error("class number", linear.class_number),
    Variant("drawn weights", LINEAR, LinearChange(drawn=True)),
    Variant("averaged", ("1.1a", "1.2a"), LinearChange(averaged=True)),
    _error("ascent", linear.ascent),
    _rate("10 rates", lambda rate, _n: 10.0 * rate),
    _rate("2 rates", lambda rate, _n: 2.0 * rate),
    _rate("1/2 rate", lambda rate, _n: 0.5 * rate),
    _rate("1/10 rate", lambda rate, _n: 0.1 * rate),
    _rate("rate forgotten", lambda _rate, _n: 1.0),
    _rate(
        "over features",
        lambda rate, n: rate / n,
        decay=lambda _rate, step: 1.0 - step.rate * step.penalty,
    ),
    Variant("never applied", SCRATCH, LinearChange(applied=False), NetworkChange(applied=False)),
    # The step of logistic regression.
    Variant("only on mistakes", LOGISTIC, LinearChange(only_mistakes=True)),
    _error("one-hot prediction", linear.error_of(linear.predicted_one_hot), LOGISTIC),
    _error("quotient inside", linear.error_of(linear.normalised_inside), LOGISTIC),
    _error("true class only", linear.true_class_only, LOGISTIC),
    # The network's first weights and units.
    _network("deviation 0.01", NetworkChange(network.normal(0.1, 0.01))),
    _network("transposed weights", NetworkChange(network.TRANSPOSED), seed_like=True),
    _network("W2 first", NetworkChange(network.output_first), seed_like=True),
    _network("mean 0", NetworkChange(network.normal(0.0, 0.1))),
    _network("deviation sqrt 0.1", NetworkChange(network.normal(0.1, 0.1**0.5))),
    _network("deviation 0.12", NetworkChange(network.normal(0.1, 0.12))),
    _network("times 0.1", NetworkChange(network.TIMES_0_1)),
    _network("He weights", NetworkChange(network.HE)),
    _network("uniform weights", NetworkChange(network.UNIFORM)),
    _network("biases drawn", NetworkChange(network.biases_drawn), seed_like=True),
    _network("200 hidden", NetworkChange(hidden=lambda units: 2 * units)),
    _network("one unit more", NetworkChange(hidden=lambda units: units + 1), seed_like=True),
    # The network's step.
    _network("one bias", NetworkChange(bias_step=lambda step: float(step.sum()))),
    _network("first bias", NetworkChange(bias_step=lambda step: float(step[0]))),
    _network("biases stay", NetworkChange(bias_step=lambda _: 0.0), seed_like=True),
    _network("slope forgotten", NetworkChange(activation=network.RELU_WITHOUT_SLOPE)),
    _network("stepped early", NetworkChange(stepped_early=True), seed_like=True),
    _network("ReLU not forward", NetworkChange(activation=network.ONLY_BACKWARD)),
    _network("tanh", NetworkChange(activation=network.TANH)),
    _network("sigmoid units", NetworkChange(activation=network.SIGMOID)),
    _network("leaky ReLU", NetworkChange(activation=network.LEAKY_RELU)),
    # Question 2.
    _jax("dropout off", NETWORKS, configured(dropout=0.0)),
    _jax("wrong batch", MOMENTUM, configured(batch_size=64)),
    _jax("momentum off", MOMENTUM, configured(momentum=0.0)),
    _jax("decay off", LOGISTIC_2, configured(l2_decay=0.0)),
    _jax("batch 64", LOGISTIC_2, configured(batch_size=64)),
    _jax("softmax before the loss", JAX, JaxChange(output="softmax")),
    _jax("sigmoid before the loss", JAX, JaxChange(output="sigmoid")),
    _jax("0.01 randn weights", LOGISTIC_2, JaxChange(draw=0.01), seed_like=True),
    _jax("randn weights", LOGISTIC_2, JaxChange(draw=1.0)),
    _jax("first layer kept", NETWORKS, JaxChange(dropped="not the first")),
    _jax("output dropped", NETWORKS, JaxChange(dropped="output too")),
    _jax("dropout always on", NETWORKS, JaxChange(dropped="in evaluation too")),
    _jax("ReLU after the output", JAX, JaxChange(output="relu")),
    _jax("penalty twice", LOGISTIC_2, scaled("l2_decay", 3.0)),
    _jax("Flax's weights", JAX, JaxChange(draw="flax"), seed_like=True),
    _jax("short batch dropped", JAX, JaxChange(drop_last=True), seed_like=True),
    _jax("features over 255", JAX, JaxChange(pixel_factor=PIXEL_FACTOR), seed_like=True),
    _jax("pixels not scaled", JAX, JaxChange(pixel_factor=256.0)),
    _jax("summed batch", JAX, JaxChange(summed=True)),
    _jax("adam", JAX, configured(optimizer="adam", momentum=0.0)),
    _jax("tanh units", NETWORKS, configured(activation="tanh")),
    _jax("1 layer", NETWORKS, configured(layers=1)),
    _jax("3 layers", NETWORKS, configured(layers=3)),
    _jax("100 hidden", NETWORKS, configured(hidden_size=100), seed_like=True),
    _jax("10 times the rate", NETWORKS, scaled("learning_rate", 10.0)),
    _jax("half the rate", NETWORKS, scaled("learning_rate", 0.5)),
)
