"""What goes wrong in any model of question 1, what is common first."""

from experiments.checking.catalogue import linear_change as linear
from experiments.checking.catalogue import network_change as network
from experiments.checking.catalogue import orders, readouts
from experiments.checking.catalogue.linear_change import LinearChange
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.orders import OrderChange
from experiments.checking.catalogue.readouts import ReadOut
from experiments.checking.catalogue.variant import LINEAR, LOGISTIC, SCRATCH, Variant

PIXEL_FACTOR = 256 / 255
GRADIENT = (*LOGISTIC, "1.3")
"""Parts whose step is a gradient."""


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


READ_OFF = (
    _read_off("best epoch", SCRATCH, ReadOut(readouts.best_epoch, last_only=True)),
    _read_off("epoch before", SCRATCH, ReadOut(readouts.epoch_before)),
    _read_off("20 epochs", LINEAR, ReadOut(readouts.twenty_epochs, last_only=True)),
    _read_off("exchanged", SCRATCH, ReadOut(readouts.exchanged)),
    _read_off("while learning", LINEAR, ReadOut(readouts.while_learning)),
    _read_off("mean of epochs", LINEAR, ReadOut(readouts.mean_of_epochs, last_only=True)),
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
    _probabilities("softmax twice", linear.softmax_twice),
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
        LinearChange(linear.ascent),
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
