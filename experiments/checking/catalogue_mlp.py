"""What goes wrong in question 1.3's network only, what is common first."""

from experiments.checking.variant import Variant

MLP_MISTAKES = (
    Variant(
        "clamped loss",
        "the loss's probability clamped by an epsilon",
        "-log(max(p, eps)) is at most -log eps; it hides a first-epoch loss in the hundreds. "
        "log-sum-exp minus the true score needs no epsilon.",
        ("1.3",),
        "readout",
    ),
    Variant(
        "summed loss",
        "the loss summed over the examples",
        "The loss of an epoch is the mean per example.",
        ("1.3",),
        "readout",
    ),
    Variant(
        "one bias",
        "one bias for all units of a layer",
        "The bias's gradient is a vector, one entry for each unit; summed, all units share one.",
        ("1.3",),
    ),
    Variant(
        "slope forgotten",
        "backpropagation without the slope of the ReLU",
        "dz = (W2^T d2) * [z > 0]: a unit that is off gets no gradient.",
        ("1.3",),
    ),
    Variant(
        "stepped early",
        "W2 stepped before the gradient of W1 is taken",
        "All gradients are taken at the same weights; the chain rule multiplies by the old W2.",
        ("1.3",),
    ),
    Variant(
        "W2 first",
        "W2 drawn before W1",
        "The same seed gives other weights: the stream is read in another order.",
        ("1.3",),
    ),
    Variant(
        "mean 0",
        "first weights of mean 0 instead of 0.1",
        "With mean 0.1 every hidden unit begins at about +300, far from where it is to end: hence "
        "the first epoch's loss in the hundreds.",
        ("1.3",),
    ),
    Variant(
        "deviation 0.01",
        "first weights of deviation 0.01: the variance taken for it",
        "numpy.random.normal takes mean and standard deviation, not variance.",
        ("1.3",),
    ),
    Variant(
        "uniform weights",
        "first weights uniform in +-1 / sqrt(n_in), PyTorch's default",
        "Small weights of mean 0 train without the first epoch's detour.",
        ("1.3",),
    ),
    Variant(
        "200 hidden",
        "200 hidden units, question 2's, instead of 100",
        "Twice the units: another draw, and twice the parameters.",
        ("1.3",),
    ),
    Variant(
        "tanh",
        "tanh instead of ReLU",
        "tanh saturates at the first scores of about +300, where its slope is 0: W1 stands still.",
        ("1.3",),
    ),
)
