"""Optax's optimizers with PyTorch's rules, their hyperparameters data of the compiled program."""

from typing import Any, Literal, NamedTuple, get_args

import optax
from jaxtyping import Array, Float

OptimizerName = Literal["sgd", "plain_sgd", "adam"]
OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)


class Hyperparameters(NamedTuple):
    """The numbers that may differ between the runs of one compiled program; scalars, or `[k]`.

    Attributes:
        learning_rate: the step size.
        momentum: mu in [0, 1); only "sgd" has one, the other optimizers ignore it.
        l2_decay: lambda, added to every gradient as `lambda * p`, biases included.
        dropout: the probability of a zero, in [0, 1).
    """

    learning_rate: Float[Array, "..."] | float
    momentum: Float[Array, "..."] | float
    l2_decay: Float[Array, "..."] | float
    dropout: Float[Array, "..."] | float


def optimizer(name: OptimizerName, hyper: Hyperparameters) -> Any:
    """Return an `optax.GradientTransformation` equal to PyTorch's optimizer of that name.

    `sgd`, from the gradient `g` of each weight and bias `p` (`torch.optim.SGD`'s documentation):

        g <- g + l2_decay * p
        m <- momentum * m + g                   (m starts at 0)
        p <- p - learning_rate * m

    The decay is added before the momentum; there is no dampening and no Nesterov step.

    `plain_sgd` is the same for a momentum of 0 and has no `m`: reading and writing it takes a tenth
    of a step at batch size 64.

    `adam` (Kingma and Ba, 2015, algorithm 1; `torch.optim.Adam`), with the same coupled decay:

        g <- g + l2_decay * p
        m <- 0.9 m + 0.1 g,   v <- 0.999 v + 0.001 g^2
        p <- p - learning_rate * (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8)

    The transformation is cheap to make and is made anew wherever it is used, so the numbers in
    `hyper` may be tracers, and the optimizer's state holds no hyperparameter.

    Raises:
        ValueError: there is no optimizer of that name.
    """
    rate = hyper.learning_rate
    match name:
        case "plain_sgd":
            rule = optax.sgd(rate)
        case "sgd":
            rule = optax.sgd(rate, momentum=hyper.momentum)
        case "adam":
            rule = optax.adam(rate, b1=0.9, b2=0.999, eps=1e-8)
        case _:
            raise ValueError(f"optimizer: got {name!r}, expected one of {', '.join(OPTIMIZERS)}")
    return optax.chain(optax.add_decayed_weights(hyper.l2_decay), rule)
