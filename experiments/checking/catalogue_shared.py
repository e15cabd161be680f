"""What goes wrong in any model of question 1, what is common first."""

from experiments.checking.variant import LINEAR, LOGISTIC, SCRATCH, Variant

READ_OFF = (
    Variant(
        "best epoch",
        "the best epoch's numbers, not the last one's",
        "Final means after the last epoch. The best of 100 noisy validation accuracies is "
        "biased upwards, and the test accuracy beside it belongs to other weights.",
        SCRATCH,
        "readout",
    ),
    Variant(
        "epoch before",
        "measured before the epoch instead of after it",
        "Accuracies are those of the weights after the epoch's last step.",
        SCRATCH,
        "readout",
    ),
    Variant(
        "20 epochs",
        "20 epochs, the script's default, instead of 100",
        "-epochs 100 has to be given; 20 is the default.",
        LINEAR,
        "readout",
    ),
    Variant(
        "exchanged",
        "validation and test accuracy exchanged",
        "The validation split has 1,404 examples, the test split 3,000.",
        SCRATCH,
        "readout",
    ),
    Variant(
        "while learning",
        "training accuracy counted while learning",
        "Each prediction is counted just before its own step, with other weights each; the "
        "training accuracy is that of one set of weights, the last.",
        LINEAR,
        "readout",
    ),
    Variant(
        "mean of epochs",
        "the mean of the weights over the epochs instead of the last ones",
        "Averaging removes the last steps' noise; the assignment asks for the last weights.",
        LINEAR,
        "readout",
    ),
)

SHARED = (
    Variant(
        "pixels over 255",
        "pixels / 255 instead of / 256",
        "Features 1.004 times as large make scores and steps larger, while the one of the bias "
        "stays: another trajectory of the same quality.",
        SCRATCH,
    ),
    Variant(
        "no bias column",
        "no column of ones",
        "Without it every score is 0 for a black image: the classes' frequencies have no "
        "parameter of their own.",
        LINEAR,
    ),
    Variant(
        "not cumulative",
        "each epoch's permutation applied to the file's order",
        "The script shuffles its arrays in place: epoch 2 permutes what epoch 1 left.",
        SCRATCH,
    ),
    Variant(
        "not shuffled",
        "no shuffling",
        "Stochastic gradient descent wants the examples in a random order; here the order is "
        "the file's in every epoch.",
        SCRATCH,
    ),
    Variant(
        "same permutation",
        "the seed set anew in every epoch",
        "Every epoch then draws the same permutation; the generator is to be seeded once.",
        SCRATCH,
    ),
    Variant(
        "shuffled once",
        "shuffled before the first epoch only",
        "Every epoch draws a permutation of its own.",
        SCRATCH,
    ),
    Variant(
        "new generator",
        "numpy.random.default_rng(42) instead of numpy.random.seed(42)",
        "The two generators draw different streams from the same seed.",
        SCRATCH,
    ),
    Variant(
        "labels not shuffled",
        "images shuffled, labels left where they were",
        "Labels have to move with their images; without it nothing can be learned but class "
        "frequencies.",
        SCRATCH,
    ),
    Variant(
        "sigmoid",
        "sigmoid instead of softmax",
        "p - e_y with p_k = 1 / (1 + exp(-s_k)) is the gradient of six separate binary "
        "regressions, not of the multinomial cross-entropy.",
        (*LOGISTIC, "1.3"),
    ),
    Variant(
        "softmax twice",
        "softmax applied twice",
        "Probabilities between 0 and 1 taken for scores give p_k between 0.12 and 0.36 for six "
        "classes: the error never vanishes.",
        (*LOGISTIC, "1.3"),
    ),
    Variant(
        "last dropped",
        "each epoch's last example left out",
        "range(n - 1), or a last batch dropped: every example is seen once an epoch.",
        SCRATCH,
    ),
    Variant(
        "drawn weights",
        "weights drawn at random instead of zero",
        "The linear models start from zero; drawing weights also moves the generator on, so "
        "that every permutation differs.",
        LINEAR,
    ),
    Variant(
        "averaged",
        "the mean of the weights over all steps instead of the last ones",
        "The averaged perceptron; its variance is smaller, and it is not what is asked for.",
        ("1.1a", "1.2a"),
    ),
    Variant(
        "rate 0.01",
        "learning rate 0.01 instead of 0.001",
        "Ten times the step: faster at first, and noisier at the end.",
        (*LOGISTIC, "1.3"),
    ),
    Variant(
        "ascent",
        "the gradient added instead of subtracted",
        "W += rate * gradient climbs the loss.",
        LOGISTIC,
    ),
)
