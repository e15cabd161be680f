"""What goes wrong in question 2, what is common first."""

from experiments.checking.catalogue import jax_change as change
from experiments.checking.catalogue.jax_change import JaxChange, configured
from experiments.checking.catalogue.variant import JAX, NETWORKS, Variant

LOGISTIC_PART, MOMENTUM_PART = ("2.1",), ("2.2c",)


def _jax(key: str, parts: tuple[str, ...], what: JaxChange, seed_like: bool = False) -> Variant:
    return Variant(key, parts, jax=what, seed_like=seed_like)


JAX_MISTAKES = (
    _jax("dropout off", NETWORKS, configured(dropout=0.0)),
    _jax("wrong batch", MOMENTUM_PART, configured(batch_size=64)),
    _jax("momentum off", MOMENTUM_PART, configured(momentum=0.0)),
    _jax("decay off", LOGISTIC_PART, configured(l2_decay=0.0)),
    _jax("batch 64", LOGISTIC_PART, configured(batch_size=64)),
    _jax("softmax before the loss", JAX, JaxChange(output="softmax")),
    _jax("sigmoid before the loss", JAX, JaxChange(output="sigmoid")),
    _jax(
        "0.01 randn weights",
        LOGISTIC_PART,
        JaxChange(draw=change.normal_draw(0.01)),
        seed_like=True,
    ),
    _jax("randn weights", LOGISTIC_PART, JaxChange(draw=change.normal_draw(1.0))),
    _jax("first layer kept", NETWORKS, JaxChange(dropped="not the first")),
    _jax("output dropped", NETWORKS, JaxChange(dropped="output too")),
    _jax("dropout always on", NETWORKS, JaxChange(dropped="in evaluation too")),
    _jax("ReLU after the output", JAX, JaxChange(output="relu")),
    _jax("penalty twice", LOGISTIC_PART, change.scaled("l2_decay", 3.0)),
    _jax("Flax's weights", JAX, JaxChange(draw=change.flax_draw), seed_like=True),
    _jax("short batch dropped", JAX, JaxChange(drop_last=True), seed_like=True),
    _jax("features over 255", JAX, JaxChange(pixel_factor=256 / 255), seed_like=True),
    _jax("pixels not scaled", JAX, JaxChange(pixel_factor=256.0)),
    _jax("summed batch", JAX, JaxChange(summed=True)),
    _jax("adam", JAX, configured(optimizer="adam", momentum=0.0)),
    _jax("tanh units", NETWORKS, configured(activation="tanh")),
    _jax("1 layer", NETWORKS, configured(layers=1)),
    _jax("3 layers", NETWORKS, configured(layers=3)),
    _jax("100 hidden", NETWORKS, configured(hidden_size=100), seed_like=True),
    _jax("10 times the rate", NETWORKS, change.scaled("learning_rate", 10.0)),
    _jax("half the rate", NETWORKS, change.scaled("learning_rate", 0.5)),
)
