"""From variants to a training: model, generator and order of the examples, for question 1."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from experiments.checking.catalogue.linear_change import LinearChange, perceptron_with_ties
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.orders import OrderChange
from experiments.checking.catalogue.readouts import OnlineCounts
from experiments.checking.catalogue.variant import SEED, Variant
from experiments.checking.training.linear import linear_model
from experiments.checking.training.network import counted_model, network_model, plain_loop_model
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import CLASS_NAMES
from scratch.models import Model

RIGHT_ORDER = OrderChange()

Change = TypeVar("Change", LinearChange, NetworkChange, OrderChange)


@dataclass(frozen=True)
class Recipe:
    """One training.

    Attributes:
        model: what is trained.
        seed: of the generator.
        order: what is changed about the order.
        counts: what is counted while learning, None for nothing.
        first_class: the class that has the number 0.
    """

    model: Model
    seed: int = SEED
    order: OrderChange = RIGHT_ORDER
    counts: OnlineCounts | None = None
    first_class: int = 0


def recipe(
    chosen: Sequence[Variant],
    config: Q1Config,
    first_class: int = 0,
    n_classes: int = len(CLASS_NAMES),
) -> Recipe:
    """Return the training that one variant, or several at once, stand for.

    Args:
        chosen: the variants.
        config: what the question asks for.
        first_class: the class that has the number 0, for other class numbers.
        n_classes: how many the data have.

    Raises:
        ValueError: two of the variants change the same thing.
    """
    order = merged(RIGHT_ORDER, [v.order for v in chosen if v.order])
    seed = next((v.seed for v in chosen if v.is_seed), SEED)
    counts = OnlineCounts() if [v.key for v in chosen] == ["right"] else None
    if config.model != "mlp":
        linear = merged(LinearChange(), [v.linear for v in chosen if v.linear])
        if any(v.other_classes for v in chosen):
            linear = replace(linear, coefficients=perceptron_with_ties(first_class))
        model = linear_model(config, linear, n_classes, counts)
    elif counts:
        model = counted_model(config, n_classes, counts)
    elif any(v.plain_loop for v in chosen):
        model = plain_loop_model(config, n_classes)
    else:
        network = merged(NetworkChange(), [v.network for v in chosen if v.network])
        model = network_model(config, network, n_classes)
    return Recipe(model, seed, order, counts, first_class)


def merged(right: Change, changes: Sequence[Change]) -> Change:
    """Return all changes in one.

    Raises:
        ValueError: two of them change the same thing.
    """
    found = right
    for change in changes:
        for entry in fields(change):
            value, default = getattr(change, entry.name), getattr(right, entry.name)
            if value == default:
                continue
            if getattr(found, entry.name) != default:
                raise ValueError(f"{entry.name}: got two changes of it, expected one")
            found = replace(found, **{entry.name: value})
    return found
