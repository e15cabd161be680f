"""What goes wrong in question 1, what is common first."""

from experiments.checking.catalogue import linear_change as linear
from experiments.checking.catalogue import network_change as network
from experiments.checking.catalogue import orders, readouts
from experiments.checking.catalogue.linear_change import Coefficients, LinearChange
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.orders import OrderChange
from experiments.checking.catalogue.readouts import ReadOut
from experiments.checking.catalogue.variant import LINEAR, LOGISTIC, SCRATCH, WORDS, Variant

PERCEPTRON, A, B, NETWORK = ("1.1a",), ("1.2a",), ("1.2b",), ("1.3",)
GRADIENT = (*LOGISTIC, *NETWORK)
"""Parts whose step is a gradient."""
PIXEL_FACTOR = 256 / 255
EPSILONS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)


def _read_off(key: str, parts: tuple[str, ...], how: ReadOut) -> Variant:
    return Variant(key, parts, read_out=how)


def _order(key: str, change: OrderChange, seed_like: bool = True) -> Variant:
    return Variant(key, SCRATCH, order=change, seed_like=seed_like)


def _rate(key: str, factor: float) -> Variant:
    return Variant(
        key,
        GRADIENT,
        LinearChange(rate=lambda step: factor * step.rate),
        NetworkChange(rate=lambda rate, _n: factor * rate),
    )


def _probabilities(key: str, instead: linear.Probabilities) -> Variant:
    return Variant(
        key,
        GRADIENT,
        LinearChange(linear.step_along(instead)),
        NetworkChange(error=network.error_of(instead)),
    )


def _penalty(factor: float) -> LinearChange:
    return LinearChange(decay=lambda rate, size: 1.0 - rate * factor * size.penalty)


def _perceptron(key: str, coefficients: Coefficients, harmless: bool = False) -> Variant:
    return Variant(key, PERCEPTRON, LinearChange(coefficients), harmless=harmless)


def _network(key: str, what: NetworkChange, seed_like: bool = False) -> Variant:
    return Variant(key, NETWORK, network=what, seed_like=seed_like)


READ_OFF = (
    _read_off("best epoch", SCRATCH, ReadOut(readouts.best_epoch, last_only=True)),
    _read_off("epoch before", SCRATCH, ReadOut(readouts.epoch_before)),
    _read_off("20 epochs", LINEAR, ReadOut(readouts.twenty_epochs, last_only=True)),
    _read_off("exchanged", SCRATCH, ReadOut(readouts.exchanged)),
    _read_off("while learning", LINEAR, ReadOut(readouts.while_learning)),
    _read_off("mean of epochs", LINEAR, ReadOut(readouts.mean_of_epochs, last_only=True)),
)

LOSS_MISTAKES = (
    *(
        Variant(f"{key} {eps:g}", NETWORK, read_out=read_out(eps), words=WORDS[key].of(eps))
        for key, read_out in (("epsilon", readouts.added), ("clamped", readouts.clamped))
        for eps in EPSILONS
    ),
    _read_off("summed loss", NETWORK, readouts.SUMMED),
    _read_off("loss after the epoch", NETWORK, readouts.AFTER_THE_EPOCH),
    _read_off("last loss", NETWORK, readouts.LAST_EXAMPLE),
    _read_off("loss after the step", NETWORK, readouts.AFTER_THE_STEP),
)

PENALTY_MISTAKES = (
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
)

PERCEPTRON_MISTAKES = (
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
)

FEATURES = (
    Variant(
        "pixels over 255",
        SCRATCH,
        LinearChange(pixel_factor=PIXEL_FACTOR),
        NetworkChange(pixel_factor=PIXEL_FACTOR),
        seed_like=True,
    ),
    Variant("no bias column", LINEAR, LinearChange(bias="none")),
)
ORDERS = (
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
)

STEPS = (
    _probabilities("sigmoid", linear.sigmoid),
    _probabilities("softmax twice", lambda scores: linear.softmax(linear.softmax(scores))),
    Variant(
        "class number",
        GRADIENT,
        LinearChange(linear.class_number),
        NetworkChange(error=network.class_number),
    ),
    Variant("drawn weights", LINEAR, LinearChange(drawn=True)),
    Variant("averaged", ("1.1a", "1.2a"), LinearChange(averaged=True)),
    Variant(
        "ascent",
        GRADIENT,
        LinearChange(lambda scores, label, rate: linear.logistic(scores, label, -rate)),
        NetworkChange(error=network.minus(network.RIGHT_ERROR)),
    ),
    _rate("10 rates", 10.0),
    _rate("2 rates", 2.0),
    _rate("1/2 rate", 0.5),
    _rate("1/10 rate", 0.1),
    Variant(
        "rate forgotten",
        GRADIENT,
        LinearChange(rate=lambda _step: 1.0),
        NetworkChange(rate=lambda _rate, _n: 1.0),
    ),
    Variant(
        "over features",
        GRADIENT,
        LinearChange(
            rate=lambda step: step.rate / step.n_features,
            decay=lambda _rate, step: 1.0 - step.rate * step.penalty,
        ),
        NetworkChange(rate=lambda rate, n: rate / n),
    ),
    Variant("never applied", SCRATCH, LinearChange(applied=False), NetworkChange(applied=False)),
)

LOGISTIC_MISTAKES = (
    Variant("only on mistakes", LOGISTIC, LinearChange(only_mistakes=True)),
    Variant(
        "one-hot prediction", LOGISTIC, LinearChange(linear.step_along(linear.predicted_one_hot))
    ),
    Variant("quotient inside", LOGISTIC, LinearChange(linear.step_along(linear.normalised_inside))),
    Variant("true class only", LOGISTIC, LinearChange(linear.true_class_only)),
)

DRAW_MISTAKES = (
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
)

STEP_MISTAKES = (
    _network("one bias", NetworkChange(biases="summed")),
    _network("first bias", NetworkChange(biases="first")),
    _network("biases stay", NetworkChange(biases="none"), seed_like=True),
    _network("slope forgotten", NetworkChange(activation=network.RELU_WITHOUT_SLOPE)),
    _network("stepped early", NetworkChange(stepped_early=True), seed_like=True),
    _network("ReLU not forward", NetworkChange(activation=network.ONLY_BACKWARD)),
    _network("tanh", NetworkChange(activation=network.TANH)),
    _network("sigmoid units", NetworkChange(activation=network.SIGMOID)),
    _network("leaky ReLU", NetworkChange(activation=network.LEAKY_RELU)),
)
