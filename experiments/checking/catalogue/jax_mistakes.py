"""What goes wrong in question 2, what is common first."""

from experiments.checking.catalogue import jax_change as change
from experiments.checking.catalogue.jax_change import JaxChange, configured
from experiments.checking.catalogue.variant import JAX, NETWORKS, Variant


def _jax(
    key: str,
    says: str,
    theory: str,
    parts: tuple[str, ...],
    what: JaxChange,
    seed_like: bool = False,
) -> Variant:
    return Variant(key, says, theory, parts, jax=what, seed_like=seed_like)


JAX_MISTAKES = (
    _jax("dropout off", "no dropout",
         "Dropout is off in evaluation only; without it in training the net overfits, and its "
         "train loss is lower.", NETWORKS, configured(dropout=0.0)),
    _jax("wrong batch", "batch size 64, the default, instead of 1024",
         "16 times the steps of an epoch; momentum 0.9 at batch 64 takes steps ten times as "
         "long.", ("2.2c",), configured(batch_size=64)),
    _jax("momentum off", "momentum 0 instead of 0.9",
         "m = 0.9 m + g makes a step up to ten times as long; without it SGD is slower here.",
         ("2.2c",), configured(momentum=0.0)),
    _jax("decay off", "l2_decay 0, the default, instead of 0.01",
         "-l2_decay 0.01 is part of question 2.1.", ("2.1",), configured(l2_decay=0.0)),
    _jax("batch 64", "batch size 64, the default, instead of 32",
         "Half the steps of an epoch.", ("2.1",), configured(batch_size=64)),
    _jax("softmax before the loss", "softmax applied twice",
         "PyTorch's cross-entropy takes scores and has its own softmax; probabilities in their "
         "place keep the loss above 1.04 for six classes.", JAX, JaxChange(output=change.softmax)),
    _jax("sigmoid before the loss", "a sigmoid before the cross-entropy",
         "PyTorch's cross-entropy takes scores; between 0 and 1 they keep the loss above 1.04.",
         JAX, JaxChange(output=change.sigmoid)),
    _jax("0.01 randn weights", "first weights of deviation 0.01",
         "PyTorch's default is uniform in +-1 / sqrt(n_in), biases too.", ("2.1",),
         JaxChange(draw=change.normal_draw(0.01)), seed_like=True),
    _jax("randn weights", "first weights of deviation 1",
         "PyTorch's default is uniform in +-1 / sqrt(n_in); weights a hundred times as large take "
         "long to be forgotten.", ("2.1",), JaxChange(draw=change.normal_draw(1.0))),
    _jax("first layer kept", "no dropout after the first hidden layer",
         "Each hidden layer is (linear, activation, dropout).", NETWORKS,
         JaxChange(dropped="not the first")),
    _jax("output dropped", "dropout after the output layer too",
         "The output layer is linear alone: what is dropped there is a class's score.", NETWORKS,
         JaxChange(dropped="output too")),
    _jax("dropout always on", "dropout in evaluation too",
         "Dropout is for training; F.dropout needs training=self.training, and a model .eval().",
         NETWORKS, JaxChange(dropped="in evaluation too")),
    _jax("ReLU after the output", "a ReLU after the output layer",
         "Scores of any sign go to the cross-entropy; cut at 0 they have no gradient there.",
         JAX, JaxChange(output=change.relu)),
    _jax("penalty twice", "the penalty in the loss and in the optimizer",
         "lambda |W|^2 in the loss adds 2 lambda W to the optimizer's lambda W.", ("2.1",),
         change.penalised(3.0)),
    _jax("Flax's weights", "Flax's default first weights instead of PyTorch's",
         "lecun_normal has variance 1 / n_in and biases of zero; PyTorch's default is uniform in "
         "+-1 / sqrt(n_in), a third of that variance, biases too.", JAX,
         JaxChange(draw=change.flax_draw), seed_like=True),
    _jax("short batch dropped", "the short last batch dropped",
         "12,630 examples are 197 batches of 64 and 22 examples more, which train too.",
         JAX, JaxChange(drop_last=True), seed_like=True),
    _jax("features over 255", "pixels / 255 instead of / 256",
         "Features 1.004 times as large: another trajectory of the same quality.", JAX,
         JaxChange(pixel_factor=256 / 255), seed_like=True),
    _jax("pixels not scaled", "pixels from 0 to 255, not divided",
         "Steps grow with the square of the features: 65,536 times as long.", JAX,
         JaxChange(pixel_factor=256.0)),
    _jax("summed batch", "the batch's losses summed instead of averaged",
         "The gradient is then as many times as long as the batch has examples.", JAX,
         JaxChange(summed=True)),
    _jax("adam", "Adam instead of SGD",
         "Adam divides each step by the gradient's own size, so that 0.002 is another rate.",
         JAX, configured(optimizer="adam", momentum=0.0)),
    _jax("tanh units", "tanh instead of ReLU", "The default activation is ReLU.", NETWORKS,
         configured(activation="tanh")),
    _jax("1 layer", "one hidden layer instead of two",
         "layers counts hidden layers; the output layer comes on top.", NETWORKS,
         configured(layers=1)),
    _jax("3 layers", "three hidden layers instead of two",
         "layers counts hidden layers; the output layer comes on top.", NETWORKS,
         configured(layers=3)),
    _jax("100 hidden", "100 hidden units, question 1's, instead of 200",
         "Half the width: less capacity, and another draw.", NETWORKS,
         configured(hidden_size=100), seed_like=True),
    _jax("10 times the rate", "ten times the learning rate",
         "The defaults are 0.002 for the network and 0.001 for logistic regression.", NETWORKS,
         change.at_rate(10.0)),
    _jax("half the rate", "half the learning rate",
         "The default is 0.002, question 1's 0.001.", NETWORKS, change.at_rate(0.5)),
)  # fmt: skip
