"""What students keep is read as it stands: any wording, order, separator and encoding."""

import json
import os
from pathlib import Path

import pytest

from experiments.checking.reading.decode import read_text
from experiments.checking.reading.runs import Reading, read_runs
from experiments.checking.reading.show import as_object, choose, reading_lines


def runs(text: str) -> list[dict]:
    """The runs of a text as JSON has them."""
    return as_object(read_runs(text))["runs"]


def one(epochs: dict, final: dict | None = None, /, **settings: object) -> list[dict]:
    """A single run, as JSON has it."""
    return [{"settings": settings, "epochs": epochs, "final": final or {}}]


FIRST = {"1": {"train": 0.25, "val": 0.5}}
FORMS = {
    "the results file": (
        "Final test acc: 0.41666666666666669", one({}, {"test": 0.41666666666666669})
    ),
    "three of them": (
        "Final train acc: 0.75\nFinal val acc: 0.625\nFinal test acc: 0.5\nTraining took 9 s",
        one({}, {"train": 0.75, "val": 0.625, "test": 0.5}),
    ),
    "before training": (
        "initial train acc: 0.1250 | initial val acc: 0.2500\nTraining epoch 1\n"
        "train acc: 0.2500 | val acc: 0.5000 | W norm: 1.2500",
        one({"0": {"train": 0.125, "val": 0.25}, "1": {"train": 0.25, "val": 0.5, "norm": 1.25}}),
    ),
    "valid": (
        "Training epoch 1\nTraining loss: 1.5000\nValid acc: 0.2500\nFinal Test acc: 0.3125",
        one({"1": {"val": 0.25, "loss": 1.5}}, {"test": 0.3125}),
    ),
    "blanks before the colon": (
        "Training epoch 1\nTraining accuracy : 0.2500 | Validation accuracy : 0.5000", one(FIRST)
    ),
    "Portuguese": ("Época 1\nacurácia de treino: 0.25, acurácia de validação: 0.5", one(FIRST)),
    "dev": ("epoch 1: train_acc=0.25 dev_acc=0.5", one(FIRST)),
    "words run together": ("Epoch 1 trainAcc 0.25 valAcc 0.5", one(FIRST)),
    "splits alone": ("Epoch 1: train: 0.25, val: 0.5", one(FIRST)),
    "the kind comes first": ("Epoch 1 - accuracy: train = 0.25; val = 0.5", one(FIRST)),
    "JSON lines": ('{"epoch": 1, "train_acc": 0.25, "val_acc": 0.5}', one(FIRST)),
    "counts": ("Epoch 1 train acc: 5/20 | val acc: 3/6", one(FIRST)),
    "percent": ("Epoch 1 train acc: 25.00% | val acc: 50%", one(FIRST)),
    "percent without its sign": ("Epoch 1 train acc: 25.0 | val acc: 50.0", one(FIRST)),
    "commas": ("Epoch 1\ntrain acc: 25,00% | val acc: 0,5000", one(FIRST)),
    "arrays": (
        "Epoch 1 train acc: np.float64(0.25) | val acc: tensor([0.5], device='cuda:0')", one(FIRST)
    ),
    "a summed loss": (
        "Epoch 1\nTotal Loss = 1,234.5678901234567\nAccuracy on the training set: 0.25",
        one({"1": {"train": 0.25, "loss": 1234.5678901234567}}),
    ),
    "an exponent": ("Epoch 1 loss: 2.5e-05", one({"1": {"loss": 2.5e-05}})),
    "a loss behind the validation": (
        "Epoch 1 val acc: 0.5 | loss: 1.5", one({"1": {"val": 0.5, "loss": 1.5}})
    ),
    "splits first": (
        "Epoch 1 train loss: 1.5 acc: 0.25 | val loss: 1.25 acc: 0.5",
        one({"1": {"train": 0.25, "val": 0.5, "loss": 1.5, "val_loss": 1.25}}),
    ),
    "a split that goes without saying": (
        "Epoch 1/20 - 12.3s - loss: 1.5 - accuracy: 0.25 - val_loss: 1.25 - val_accuracy: 0.5",
        one({"1": {"train": 0.25, "val": 0.5, "loss": 1.5, "val_loss": 1.25}}),
    ),
    "an epoch within": ("Validation accuracy after epoch 1: 0.5.", one({"1": {"val": 0.5}})),
    "objects": (
        '{"epoch": 1, "train": {"loss": 1.5, "accuracy": 0.25}, "val": {"loss": 1.25}}',
        one({"1": {"train": 0.25, "loss": 1.5, "val_loss": 1.25}}),
    ),
    "a norm": ("Epoch 1 Weights Norm: 1.75", one({"1": {"norm": 1.75}})),
    "bars for a norm": ("Epoch 1 ||W|| = 1.75", one({"1": {"norm": 1.75}})),
    "no finite number": (
        "Epoch 1 loss: nan | val acc: 0.5", one({"1": {"val": 0.5, "loss": None}})
    ),
    "the best is of no epoch": (
        "Epoch 1 train acc: 0.25 | val acc: 0.5 | best val acc: 0.75\nBest epoch: 7", one(FIRST)
    ),
    "counted from 0": (
        "Epoch 0: Train Loss = 1.5, Val Acc = 0.5\nEpoch 1: Train Loss = 1.25, Val Acc = 0.625",
        one({"1": {"val": 0.5, "loss": 1.5}, "2": {"val": 0.625, "loss": 1.25}}),
    ),
    "of so many": (
        "Epoch [1/20], Train Loss: 1.5, Val Loss: 1.25, Val Acc: 0.5",
        one({"1": {"val": 0.5, "loss": 1.5, "val_loss": 1.25}}),
    ),
    "the same twice": ("Epoch 1\nval acc: 0.5\ntrain acc: 0.25 | val acc: 0.5", one(FIRST)),
    "a progress bar": (
        "Training epoch 1\r 10%|##  | 1/10 [00:01<00:09]\r"
        "\x1b[32mtrain acc: 0.25 | val acc: 0.5\x1b[0m",
        one(FIRST),
    ),
    "a bar that ends": (
        "Epoch 1:  50%|##  | 1/2 [00:01<00:01, loss=9.5, val_acc=0.125]\r"
        "Epoch 1: 100%|####| 2/2 [00:02<00:00, loss=1.5, val_acc=0.5]",
        one({"1": {"val": 0.5, "loss": 1.5}}),
    ),
    "steps of an epoch": (
        "Epoch [1/3], Step [100/395], Loss: 9.5\nEpoch [1/3], Step [200/395], Loss: 8.5\n"
        "Epoch [1/3] Loss: 1.5, Val Acc: 0.5",
        one({"1": {"val": 0.5, "loss": 1.5}}),
    ),
    "steps on lines of their own": (
        "Training epoch 1\nstep 100 loss: 9.5\n  example 200/395 loss=8.5\n"
        "train acc: 0.25 | val acc: 0.5",
        one(FIRST),
    ),
    "a loss per example": (
        "Epoch 1 loss per example: 1.5, val acc: 0.5", one({"1": {"val": 0.5, "loss": 1.5}})
    ),
    "numbers before their names": ("Epoch\tone\n0.25 train acc, 0.5 val acc", one({}, FIRST["1"])),
    "splits alone, before and after": (
        "Initial train: 0.125\nEpoch 1 train: 0.25, val: 0.5\nFinal val: 0.5 | Final test: 0.75",
        one({"0": {"train": 0.125}, **FIRST}, {"val": 0.5, "test": 0.75}),
    ),
    "classes one by one": (
        "Epoch 1 train acc: 0.25 | val acc: 0.5\nval acc class 0: 0.125, class 1: 0.75\n"
        "Accuracy per class (val): sea 0.125, forest 0.75",
        one(FIRST),
    ),
    "Portuguese for right": ("Época 1: taxa de acerto treino 25 %, validação 50 %", one(FIRST)),
    "two runs of one epoch": (
        "Epoch 1\nval acc: 0.5\nFinal test acc: 0.5\nEpoch 1\nval acc: 0.25\nFinal test acc: 0.75",
        one({"1": {"val": 0.5}}, {"test": 0.5}) + one({"1": {"val": 0.25}}, {"test": 0.75}),
    ),
    "PyTorch's example": (
        "Train Epoch: 1 [0/64 (0%)]\tLoss: 9.5\nTrain Epoch: 1 [32/64 (50%)]\tLoss: 8.5\n"
        "Validation set: Average loss: 1.5, Accuracy: 3/6 (50%)",
        one({"1": {"val": 0.5, "val_loss": 1.5}}),
    ),
    "va and eval": (
        "Epoch 1 tr_loss 1.5 va_loss 1.25\nEpoch 2.0 train_loss 1.5 eval_loss 1.25 eval_acc 0.5",
        one({
            "1": {"loss": 1.5, "val_loss": 1.25},
            "2": {"val": 0.5, "loss": 1.5, "val_loss": 1.25},
        }),
    ),
    "a number of images": (
        "Accuracy of the model on the 3000 test images: 31.25 %", one({}, {"test": 0.3125})
    ),
    "a sentence": (
        "accuracy on the training set is 0.25, on the validation set 0.5 and on the test set 0.75",
        one({}, {"train": 0.25, "val": 0.5, "test": 0.75}),
    ),
    "a summary": (
        "Model: Logistic Regression\nEpochs: 100\nBest validation accuracy: 0.75 (epoch 87)\n"
        "Test accuracy: 0.5",
        one({}, {"test": 0.5}, model="logistic_regression", epochs=100.0),
    ),
    "epochs of so many": ("Epochs: 1/2, train acc: 0.25, val acc: 0.5", one(FIRST)),
    "the last epoch alone": (
        "wandb: epoch 200\nwandb: test_acc 0.5\nwandb: val_acc 0.25",
        one({"200": {"val": 0.25}}, {"test": 0.5}),
    ),
    "headings": (
        "=== Perceptron ===\nEpoch 1 val acc: 0.5\n\n# Logistic Regression (lr=0.1)\n"
        "Epoch 1 val acc: 0.25\nsaved q1-mlp.pdf\nFinal test acc: 0.5",
        [
            *one({"1": {"val": 0.5}}, model="perceptron"),
            *one({"1": {"val": 0.25}}, {"test": 0.5}, model="logistic_regression",
                 learning_rate=0.1),
        ],
    ),
    "no colon": ("1.1a took 0:28 - Final test accuracy 0.3125", one({}, {"test": 0.3125})),
    "test once, at the end": (
        "Epoch 1 val acc: 0.25\nEpoch 2 val acc: 0.5\ntest acc: 0.375",
        one({"1": {"val": 0.25}, "2": {"val": 0.5}}, {"test": 0.375}),
    ),
    "stopped and begun again": (
        "Epoch 1 val acc: 0.25\nKeyboardInterrupt\nEpoch 1 val acc: 0.25\nEpoch 2 val acc: 0.5",
        one({"1": {"val": 0.25}, "2": {"val": 0.5}}),
    ),
    "printed twice": ("Epoch 1 val acc: 0.5\n" * 2, one({"1": {"val": 0.5}})),
    "rates": (
        "learning rate: 0.1\nEpoch 1 val acc: 0.25\nlearning rate: 1e-05\nEpoch 1 val acc: 0.5",
        [
            *one({"1": {"val": 0.25}}, learning_rate=0.1),
            *one({"1": {"val": 0.5}}, learning_rate=1e-05),
        ],
    ),
    "a rate of every epoch": (
        "Epoch 1 lr: 0.1 val acc: 0.25\nEpoch 2 lr: 0.05 val acc: 0.5",
        one({"1": {"val": 0.25}, "2": {"val": 0.5}}, learning_rate=0.05),
    ),
    "commands": (
        "$ python hw1-q2.py mlp -dropout 0.25\nEpoch 3 val acc: 0.25\nFinal test acc: 0.5\n"
        "$ python3 hw1-q2.py mlp -optimizer adam\nEpoch 3 val acc: 0.5",
        [
            *one({"3": {"val": 0.25}}, {"test": 0.5}, model="mlp", dropout=0.25),
            *one({"3": {"val": 0.5}}, model="mlp", optimizer="adam"),
        ],
    ),
    "summary lines": (
        "LR=0.1 train acc: 0.25 | Final test acc: 0.5\n"
        "LR=0.5 train acc: 0.75 | Final test acc: 0.625",
        [
            *one({}, {"train": 0.25, "test": 0.5}, learning_rate=0.1),
            *one({}, {"train": 0.75, "test": 0.625}, learning_rate=0.5),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_reads(form: str) -> None:
    text, expected = FORMS[form]
    assert runs(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Hello\n0.5", "Training epoch 1", "accuracy: 0.5", "Training took 0.5 s", "val acc: 2e9",
     "test loss: 1.5", "gradient norm: 1.5", "Best val acc: 0.5"],
)  # fmt: skip
def test_nothing_that_is_understood(text: str) -> None:
    with pytest.raises(ValueError, match=r"Training epoch 1.*Final test acc"):
        read_runs(text)


def test_says_what_was_passed_over_and_what_is_not_finite() -> None:
    reading = read_runs("Hello\nEpoch 1 loss: inf | val acc: 0.5 | best val acc: 0.6")
    assert (reading.lines, reading.passed_over, reading.numbers_passed_over) == (2, 1, 1)
    words = "\n".join(reading_lines(reading))
    assert "loss of epoch 1 is inf" in words
    assert "passed over: 1 of 2 lines, and 1 number" in words


@pytest.fixture(scope="module")
def several() -> Reading:
    return read_runs(FORMS["commands"][0])


def test_one_of_several_is_chosen(several: Reading) -> None:
    assert choose(several, {"dropout": 0.25}, None).final["test"].value == 0.5
    assert choose(several, {}, 2).settings["optimizer"] == "adam"
    for wanted, number in (({}, None), ({"dropout": 0.5, "optimizer": "sgd"}, None), ({}, 3)):
        with pytest.raises(ValueError, match="expected"):
            choose(several, wanted, number)


@pytest.mark.skipif("HW1_LOGS" not in os.environ, reason="HW1_LOGS names no folder of logs")
def test_the_folder_of_logs_is_read_as_expected() -> None:
    folder = Path(os.environ["HW1_LOGS"])
    wrong = []
    for name, expected in json.loads((folder / "expected.json").read_text()).items():
        try:
            found = runs(read_text(folder / f"{name}.txt"))
        except ValueError:
            found = None
        if not _alike(found, expected["runs"]):
            wrong.append(name)
    assert not wrong


def _alike(found: object, expected: object) -> bool:
    match found, expected:
        case dict(), dict():
            return found.keys() == expected.keys() and all(
                _alike(found[k], expected[k]) for k in found
            )
        case list(), list():
            return len(found) == len(expected) and all(map(_alike, found, expected))
        case float(), float():
            return found == pytest.approx(expected, abs=1e-6)
    return found == expected
