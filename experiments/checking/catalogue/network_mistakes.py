"""What goes wrong in question 1.3's network only, what is common first."""

from experiments.checking.catalogue import network_change as change
from experiments.checking.catalogue import readouts
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.variant import Variant

PART = ("1.3",)
EPSILONS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)


def _network(
    key: str, says: str, theory: str, what: NetworkChange, seed_like: bool = False
) -> Variant:
    return Variant(key, says, theory, PART, network=what, seed_like=seed_like)


def _loss(key: str, says: str, theory: str, what: readouts.ReadOut) -> Variant:
    return Variant(key, says, theory, PART, read_out=what)


_EPSILON = (
    "It hides a first-epoch loss in the hundreds; log-sum-exp minus the true score needs no "
    "epsilon. The weights are right."
)
_FIRST_WEIGHTS = "The first weights have mean 0.1 and deviation 0.1; "

LOSS_MISTAKES = (
    *(
        _loss(f"epsilon {eps:g}", f"{eps:g} added inside the loss's logarithm", _EPSILON,
              readouts.added(eps))
        for eps in EPSILONS
    ),
    *(
        _loss(f"clamped {eps:g}", f"the loss's probability clamped at {eps:g}", _EPSILON,
              readouts.clamped(eps))
        for eps in EPSILONS
    ),
    _loss("summed loss", "the loss summed over the examples",
          "The loss of an epoch is the mean per example.", readouts.SUMMED),
    _loss("loss after the epoch", "the loss measured once, after the epoch",
          "The loss of an epoch is the mean over its steps, each example's before its own step.",
          readouts.AFTER_THE_EPOCH),
    _loss("last loss", "the loss of the epoch's last example only",
          "The loss of an epoch is the mean per example.", readouts.LAST_EXAMPLE),
    _loss("loss after the step", "each example's loss taken after its step",
          "The loss belongs to the weights that the gradient was taken at.",
          readouts.AFTER_THE_STEP),
)  # fmt: skip

DRAW_MISTAKES = (
    _network("deviation 0.01", "first weights of deviation 0.01: the variance taken for it",
             "numpy.random.normal takes mean and standard deviation, not variance.",
             NetworkChange(change.normal(0.1, 0.01))),
    _network("transposed weights", "first weights drawn as [in, out]",
             "The same numbers fall to other weights: another draw of the same distribution.",
             NetworkChange(change.transposed), seed_like=True),
    _network("W2 first", "W2 drawn before W1",
             "The same seed gives other weights: the stream is read in another order.",
             NetworkChange(change.output_first), seed_like=True),
    _network("mean 0", "first weights of mean 0 instead of 0.1",
             "With mean 0.1 every hidden unit begins at about +300, far from where it is to end: "
             "hence the first epoch's loss in the hundreds.",
             NetworkChange(change.normal(0.0, 0.1))),
    _network("deviation sqrt 0.1", "first weights of deviation sqrt(0.1)",
             f"{_FIRST_WEIGHTS}sigma^2 = 0.1^2 is the variance.",
             NetworkChange(change.normal(0.1, 0.1**0.5))),
    _network("deviation 0.12", "first weights of deviation 0.12",
             f"{_FIRST_WEIGHTS}sigma^2 = 0.1^2 is the variance.",
             NetworkChange(change.normal(0.1, 0.12))),
    _network("times 0.1", "first weights multiplied by 0.1 once more",
             f"{_FIRST_WEIGHTS}numpy.random.normal(0.1, 0.1) has both already.",
             NetworkChange(change.normal(0.1, 0.1, 0.1))),
    _network("He weights", "He's first weights, of variance 2 / n_in",
             f"{_FIRST_WEIGHTS}small weights of mean 0 train without the first epoch's detour.",
             NetworkChange(change.he)),
    _network("uniform weights", "first weights uniform in +-1 / sqrt(n_in), PyTorch's default",
             f"{_FIRST_WEIGHTS}small weights of mean 0 train without the first epoch's detour.",
             NetworkChange(change.uniform_by_inputs)),
    _network("biases drawn", "biases drawn like the weights instead of 0",
             "The assignment's biases begin at zero; drawing them moves the generator on.",
             NetworkChange(change.biases_drawn), seed_like=True),
    _network("200 hidden", "200 hidden units, question 2's, instead of 100",
             "Twice the units: another draw, and twice the parameters.",
             NetworkChange(hidden=lambda units: 2 * units)),
    _network("one unit more", "one hidden unit more than asked for",
             "The bias is an array of its own, no unit.",
             NetworkChange(hidden=lambda units: units + 1), seed_like=True),
)  # fmt: skip

STEP_MISTAKES = (
    _network("one bias", "one bias for all units of a layer",
             "The bias's gradient is a vector, one entry for each unit; summed, all share one.",
             NetworkChange(biases="summed")),
    _network("first bias", "the first unit's gradient for all biases of a layer",
             "The bias's gradient is a vector, one entry for each unit.",
             NetworkChange(biases="first")),
    _network("biases stay", "biases that are never stepped",
             "b -= rate * d: the bias is a weight whose input is 1.",
             NetworkChange(biases="none"), seed_like=True),
    _network("slope forgotten", "backpropagation without the slope of the ReLU",
             "dz = (W2^T d2) * [z > 0]: a unit that is off gets no gradient.",
             NetworkChange(activation=change.RELU_WITHOUT_SLOPE)),
    _network("stepped early", "W2 stepped before the gradient of W1 is taken",
             "All gradients are taken at the same weights; the chain rule multiplies by the old "
             "W2.", NetworkChange(stepped_early=True), seed_like=True),
    _network("ReLU not forward", "the hidden units' z handed to the output instead of ReLU(z)",
             "Without the ReLU two layers are one linear map.",
             NetworkChange(activation=change.ONLY_BACKWARD)),
    _network("tanh", "tanh instead of ReLU",
             "tanh saturates at the first scores of about +300, where its slope is 0: W1 stands "
             "still.", NetworkChange(activation=change.TANH)),
    _network("sigmoid units", "sigmoid units instead of ReLU",
             "A sigmoid saturates at the first scores of about +300, where its slope is 0.",
             NetworkChange(activation=change.SIGMOID)),
    _network("leaky ReLU", "leaky ReLU instead of ReLU",
             "A ReLU is 0 below 0, and so is its slope.",
             NetworkChange(activation=change.LEAKY_RELU)),
)  # fmt: skip
