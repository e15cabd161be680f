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


def _read_off(key: str, says: str, theory: str, parts: tuple[str, ...], how: ReadOut) -> Variant:
    return Variant(key, says, theory, parts, read_out=how)


def _order(
    key: str, says: str, theory: str, change: OrderChange, seed_like: bool = True
) -> Variant:
    return Variant(key, says, theory, SCRATCH, order=change, seed_like=seed_like)


def _rate(key: str, says: str, theory: str, factor: float) -> Variant:
    return Variant(
        key,
        says,
        theory,
        (*LOGISTIC, "1.3"),
        LinearChange(rate=lambda step: factor * step.rate),
        NetworkChange(rate=lambda rate, _n: factor * rate),
    )


READ_OFF = (
    _read_off("best epoch", "the best epoch's numbers, not the last one's",
              "Final means after the last epoch. The best of 100 noisy validation accuracies is "
              "biased upwards, and the test accuracy beside it belongs to other weights.",
              SCRATCH, ReadOut(readouts.best_epoch, last_only=True)),
    _read_off("epoch before", "measured before the epoch instead of after it",
              "Accuracies are those of the weights after the epoch's last step.",
              SCRATCH, ReadOut(readouts.epoch_before)),
    _read_off("20 epochs", "20 epochs, the script's default, instead of 100",
              "-epochs 100 has to be given; 20 is the default.",
              LINEAR, ReadOut(readouts.twenty_epochs, last_only=True)),
    _read_off("exchanged", "validation and test accuracy exchanged",
              "The validation split has 1,404 examples, the test split 3,000.",
              SCRATCH, ReadOut(readouts.exchanged)),
    _read_off("while learning", "training accuracy counted while learning",
              "Each prediction is counted just before its own step, with other weights each; the "
              "training accuracy is that of one set of weights, the last.",
              LINEAR, ReadOut(readouts.while_learning)),
    _read_off("mean of epochs", "the mean of the weights over the epochs instead of the last ones",
              "Averaging removes the last steps' noise; the assignment asks for the last weights.",
              LINEAR, ReadOut(readouts.mean_of_epochs, last_only=True)),
)  # fmt: skip

FEATURES = (
    Variant(
        "pixels over 255",
        "pixels / 255 instead of / 256",
        "Features 1.004 times as large make scores and steps larger, while the one of the bias "
        "stays: another trajectory of the same quality.",
        SCRATCH,
        LinearChange(pixel_factor=PIXEL_FACTOR),
        NetworkChange(pixel_factor=PIXEL_FACTOR),
        seed_like=True,
    ),
    Variant(
        "no bias column",
        "no column of ones",
        "Without it every score is 0 for a black image: the classes' frequencies have no "
        "parameter of their own.",
        LINEAR,
        LinearChange(bias="none"),
    ),
)
ORDERS = (
    _order("not cumulative", "each epoch's permutation applied to the file's order",
           "The script shuffles its arrays in place: epoch 2 permutes what epoch 1 left.",
           OrderChange(lambda: orders.not_cumulative)),
    _order("not shuffled", "no shuffling",
           "Stochastic gradient descent wants the examples in a random order; here the order is "
           "the file's in every epoch.", OrderChange(lambda: orders.not_shuffled)),
    _order("same permutation", "the seed set anew in every epoch",
           "Every epoch then draws the same permutation; the generator is to be seeded once.",
           OrderChange(lambda: orders.seeded_anew)),
    _order("shuffled once", "shuffled before the first epoch only",
           "Every epoch draws a permutation of its own.", OrderChange(orders.once)),
    _order("shuffled again", "shuffled once more inside train_epoch",
           "The script has shuffled already; another permutation moves the generator on.",
           OrderChange(trained=lambda order, rng: order[rng.permutation(len(order))])),
    _order("new generator", "numpy.random.default_rng(42) instead of numpy.random.seed(42)",
           "The two generators draw different streams from the same seed.",
           OrderChange(orders.new_generator)),
    _order("last dropped", "each epoch's last example left out",
           "range(n - 1), or a last batch dropped: every example is seen once an epoch.",
           OrderChange(trained=lambda order, _rng: order[:-1])),
    _order("every step twice", "every example trained on twice in a row",
           "An epoch has one step for each example.",
           OrderChange(trained=lambda order, _rng: order.repeat(2)), seed_like=False),
    _order("labels not shuffled", "images shuffled, labels left where they were",
           "Labels have to move with their images; without it nothing can be learned but class "
           "frequencies.", OrderChange(labels_stay=True), seed_like=False),
    _order("one batch", "one step an epoch, on the whole training set",
           "Stochastic gradient descent steps after every example: 12,630 steps an epoch.",
           OrderChange(batch=True), seed_like=False),
    _order("one example", "one step an epoch, on a single example",
           "Stochastic gradient descent steps after every example: 12,630 steps an epoch.",
           OrderChange(trained=lambda order, _rng: order[:1]), seed_like=False),
)  # fmt: skip

STEPS = (
    Variant(
        "sigmoid",
        "sigmoid instead of softmax",
        "p - e_y with p_k = 1 / (1 + exp(-s_k)) is the gradient of six separate binary "
        "regressions, not of the multinomial cross-entropy.",
        (*LOGISTIC, "1.3"),
        LinearChange(linear.step_along(linear.sigmoid)),
        NetworkChange(error=network.error_of(linear.sigmoid)),
    ),
    Variant(
        "softmax twice",
        "softmax applied twice",
        "Probabilities between 0 and 1 taken for scores give p_k between 0.12 and 0.36 for six "
        "classes: the error never vanishes.",
        (*LOGISTIC, "1.3"),
        LinearChange(linear.step_along(linear.softmax_twice)),
        NetworkChange(error=network.error_of(linear.softmax_twice)),
    ),
    Variant(
        "class number",
        "the class number taken from every probability instead of the one-hot vector",
        "The gradient is p - e_y: 1 is taken from the true class's entry alone.",
        (*LOGISTIC, "1.3"),
        LinearChange(linear.class_number),
        NetworkChange(error=network.class_number),
    ),
    Variant(
        "drawn weights",
        "weights drawn at random instead of zero",
        "The linear models start from zero; drawing weights also moves the generator on, so "
        "that every permutation differs.",
        LINEAR,
        LinearChange(drawn=True),
    ),
    Variant(
        "averaged",
        "the mean of the weights over all steps instead of the last ones",
        "The averaged perceptron; its variance is smaller, and it is not what is asked for.",
        ("1.1a", "1.2a"),
        LinearChange(averaged=True),
    ),
    Variant(
        "ascent",
        "the gradient added instead of subtracted",
        "W += rate * gradient climbs the loss.",
        (*LOGISTIC, "1.3"),
        LinearChange(linear.ascent),
        NetworkChange(error=network.minus(network.RIGHT_ERROR)),
    ),
    _rate("10 rates", "learning rate 0.01 instead of 0.001",
          "Ten times the step: faster at first, and noisier at the end.", 10.0),
    _rate("2 rates", "twice the learning rate",
          "The rate is 0.001, and the gradient has no factor of 2.", 2.0),
    _rate("1/2 rate", "half the learning rate",
          "The rate is 0.001, and the gradient has no factor of 1/2.", 0.5),
    _rate("1/10 rate", "learning rate 0.0001 instead of 0.001",
          "A tenth of the step: it has not come as far after the same epochs.", 0.1),
    Variant(
        "rate forgotten",
        "a learning rate of 1: the gradient not multiplied by it",
        "W -= rate * gradient, with rate 0.001.",
        (*LOGISTIC, "1.3"),
        LinearChange(rate=lambda _step: 1.0),
        NetworkChange(rate=lambda _rate, _n: 1.0),
    ),
    Variant(
        "over features",
        "the gradient divided by the number of features",
        "The loss of one example has one gradient; the step is rate times that.",
        (*LOGISTIC, "1.3"),
        LinearChange(
            rate=lambda step: step.rate / step.n_features,
            decay=lambda _rate, step: 1.0 - step.rate * step.penalty,
        ),
        NetworkChange(rate=lambda rate, n: rate / n),
    ),
    Variant(
        "never applied",
        "an update that is computed and never applied",
        "The weights of the model have to change: self.W -= ..., not W -= ... of a copy.",
        SCRATCH,
        LinearChange(applied=False),
        NetworkChange(applied=False),
    ),
)  # fmt: skip
