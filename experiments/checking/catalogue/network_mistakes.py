"""What goes wrong in question 1.3's network only, what is common first."""

from experiments.checking.catalogue import network_change as change
from experiments.checking.catalogue import readouts
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.readouts import ReadOut
from experiments.checking.catalogue.variant import WORDS, Variant

PART = ("1.3",)
EPSILONS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)


def _loss(key: str, what: ReadOut) -> Variant:
    return Variant(key, PART, read_out=what)


def _network(key: str, what: NetworkChange, seed_like: bool = False) -> Variant:
    return Variant(key, PART, network=what, seed_like=seed_like)


LOSS_MISTAKES = (
    *(
        Variant(f"{key} {eps:g}", PART, read_out=read_out(eps), words=WORDS[key].of(eps))
        for key, read_out in (("epsilon", readouts.added), ("clamped", readouts.clamped))
        for eps in EPSILONS
    ),
    _loss("summed loss", readouts.SUMMED),
    _loss("loss after the epoch", readouts.AFTER_THE_EPOCH),
    _loss("last loss", readouts.LAST_EXAMPLE),
    _loss("loss after the step", readouts.AFTER_THE_STEP),
)

DRAW_MISTAKES = (
    _network("deviation 0.01", NetworkChange(change.normal(0.1, 0.01))),
    _network("transposed weights", NetworkChange(change.transposed), seed_like=True),
    _network("W2 first", NetworkChange(change.output_first), seed_like=True),
    _network("mean 0", NetworkChange(change.normal(0.0, 0.1))),
    _network("deviation sqrt 0.1", NetworkChange(change.normal(0.1, 0.1**0.5))),
    _network("deviation 0.12", NetworkChange(change.normal(0.1, 0.12))),
    _network("times 0.1", NetworkChange(change.normal(0.1, 0.1, 0.1))),
    _network("He weights", NetworkChange(change.he)),
    _network("uniform weights", NetworkChange(change.uniform_by_inputs)),
    _network("biases drawn", NetworkChange(change.biases_drawn), seed_like=True),
    _network("200 hidden", NetworkChange(hidden=lambda units: 2 * units)),
    _network("one unit more", NetworkChange(hidden=lambda units: units + 1), seed_like=True),
)

STEP_MISTAKES = (
    _network("one bias", NetworkChange(biases="summed")),
    _network("first bias", NetworkChange(biases="first")),
    _network("biases stay", NetworkChange(biases="none"), seed_like=True),
    _network("slope forgotten", NetworkChange(activation=change.RELU_WITHOUT_SLOPE)),
    _network("stepped early", NetworkChange(stepped_early=True), seed_like=True),
    _network("ReLU not forward", NetworkChange(activation=change.ONLY_BACKWARD)),
    _network("tanh", NetworkChange(activation=change.TANH)),
    _network("sigmoid units", NetworkChange(activation=change.SIGMOID)),
    _network("leaky ReLU", NetworkChange(activation=change.LEAKY_RELU)),
)
