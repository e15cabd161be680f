"""What goes wrong in question 2, what is common first."""

from experiments.checking.variant import JAX, NETWORKS, Variant

JAX_MISTAKES = (
    Variant(
        "dropout off",
        "no dropout",
        "Dropout is off in evaluation only; without it in training the net overfits, and its train "
        "loss is lower.",
        NETWORKS,
    ),
    Variant(
        "wrong batch",
        "batch size 64, the default, instead of 1024",
        "16 times the steps of an epoch; momentum 0.9 at batch 64 takes steps ten times as long.",
        ("2.2c",),
    ),
    Variant(
        "momentum off",
        "momentum 0 instead of 0.9",
        "m = 0.9 m + g makes a step up to ten times as long; without it SGD is slower here.",
        ("2.2c",),
    ),
    Variant(
        "decay off",
        "l2_decay 0, the default, instead of 0.01",
        "-l2_decay 0.01 is part of question 2.1.",
        ("2.1",),
    ),
    Variant(
        "batch 64",
        "batch size 64, the default, instead of 32",
        "Half the steps of an epoch.",
        ("2.1",),
    ),
    Variant(
        "softmax twice",
        "softmax applied twice",
        "PyTorch's cross-entropy takes scores and has its own softmax; probabilities in their "
        "place keep the loss above 1.04 for six classes.",
        JAX,
    ),
    Variant(
        "Flax's weights",
        "Flax's default first weights instead of PyTorch's",
        "lecun_normal has variance 1 / n_in and biases of zero; PyTorch's default is uniform in "
        "+-1 / sqrt(n_in), a third of that variance, biases too.",
        JAX,
    ),
    Variant(
        "last dropped",
        "the short last batch dropped",
        "12,630 examples are 197 batches of 64 and 22 examples more, which train too.",
        JAX,
    ),
    Variant(
        "pixels over 255",
        "pixels / 255 instead of / 256",
        "Features 1.004 times as large: another trajectory of the same quality.",
        JAX,
    ),
    Variant(
        "pixels not scaled",
        "pixels from 0 to 255, not divided",
        "Steps grow with the square of the features: 65,536 times as long.",
        JAX,
    ),
    Variant(
        "summed",
        "the batch's losses summed instead of averaged",
        "The gradient is then as many times as long as the batch has examples.",
        JAX,
    ),
    Variant(
        "adam",
        "Adam instead of SGD",
        "Adam divides each step by the gradient's own size, so that 0.002 is another rate.",
        JAX,
    ),
    Variant("tanh", "tanh instead of ReLU", "The default activation is ReLU.", NETWORKS),
    Variant(
        "1 layer",
        "one hidden layer instead of two",
        "layers counts hidden layers; the output layer comes on top.",
        NETWORKS,
    ),
    Variant(
        "100 hidden",
        "100 hidden units, question 1's, instead of 200",
        "Half the width: less capacity, and another draw.",
        NETWORKS,
    ),
)
