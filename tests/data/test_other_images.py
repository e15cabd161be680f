"""Data of other years and other people: any size, 1 to 4 channels, any number of classes."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments import data_command, evaluate, predict, q1, q2
from experiments.cli.errors import DataError, ExitCode
from experiments.data.dataset import SPLITS
from experiments.data.load import load_file
from experiments.data.shards.dataset import open_shards

FORMS = {
    "28x28 grey, 10 classes": ((28, 28), 10, None),
    "28x28x1, 26 classes": ((28, 28, 1), 26, None),
    "32x32x3, 4 classes": ((32, 32, 3), 4, None),
    "20x30x4, 3 named classes": ((20, 30, 4), 3, ("bird", "boat", "car")),
    "64x64x3, 2 named classes": ((64, 64, 3), 2, ("yes", "no")),
}
TRAINED = ("28x28 grey, 10 classes", "20x30x4, 3 named classes")
"""What is read alike is trained alike: without an axis of channels, and with all there can be."""


@pytest.fixture(scope="module", params=FORMS)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose classes differ in brightness."""
    shape, classes, names = FORMS[request.param]
    rng = np.random.default_rng(5)
    arrays = {}
    for split, n in (("train", 3 * classes + 10), ("val", classes + 6), ("test", classes + 6)):
        labels = np.arange(n) % classes
        levels = (200 * labels // classes).reshape(-1, *[1] * len(shape))
        arrays[f"{split}_images"] = (levels + rng.integers(0, 40, (n, *shape))).astype(np.uint8)
        arrays[f"{split}_labels"] = labels[:, None]
    if names:
        arrays["class_names"] = np.array(names)
    path = tmp_path_factory.mktemp("other") / "other.npz"
    np.savez(path, **arrays)
    return path


def test_the_file_says_what_it_holds(file: Path, request: pytest.FixtureRequest) -> None:
    data = load_file(file)
    shape, classes, names = FORMS[request.node.callspec.params["file"]]
    assert data.image_shape == (*shape, 1)[:3]
    assert data.class_names == (names or tuple(f"class {k}" for k in range(classes)))


@pytest.mark.usefixtures("quick_to_compile")
@pytest.mark.parametrize("file", TRAINED, indirect=True)
def test_the_way_from_file_to_prediction(file: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    data = load_file(file)
    picture = tmp_path / "mine.png"
    from PIL import Image

    Image.fromarray(np.full((50, 70, 3), 90, np.uint8)).save(picture)
    common = ["--data", str(file), "--out", "runs"]
    for main, argv in (
        (q1.main, ["logistic_regression", "-epochs", "1"]),
        (q1.main, ["mlp", "-epochs", "1", "-hidden_size", "3"]),
        (q2.main, ["mlp", "-epochs", "1", "-hidden_size", "3"]),
    ):
        assert main([*argv, *common]) == ExitCode.DONE
        run = Path(capsys.readouterr().out.splitlines()[-1])
        config = json.loads((run / "config.json").read_text())
        assert config["data"]["image_shape"] == list(data.image_shape)
        assert evaluate.main([str(run), "--data", str(file)]) == ExitCode.DONE
        assert data.class_names[-1][:6] in capsys.readouterr().out
        assert predict.main([str(run), str(picture), "--out", "seen"]) == ExitCode.DONE
        assert data.class_names[-1] in capsys.readouterr().out
    assert data_command.main(["info", str(file), "--sheet", "sheet.png"]) == ExitCode.DONE
    assert " x ".join(map(str, data.image_shape)) in capsys.readouterr().out


def test_shards_hold_the_same(file: Path, tmp_path: Path, capsys) -> None:
    whole = load_file(file)
    assert data_command.main(["shard", str(file), str(tmp_path / "cut")]) == ExitCode.DONE
    cut = open_shards(tmp_path / "cut")
    assert (cut.image_shape, cut.class_names) == (whole.image_shape, whole.class_names)
    assert np.array_equal(cut.val.labels, whole.val.labels)


BAD = {
    "five channels": ({"train_images": np.zeros((4, 8, 8, 5), np.uint8)}, "1 to 4 channels"),
    "sizes that differ": ({"val_images": np.zeros((4, 9, 8, 3), np.uint8)}, "alike in all splits"),
    "no pixels": ({"train_images": np.zeros((4, 0, 8, 3), np.uint8)}, "1 to 4 channels"),
    "numbers for names": ({"class_names": np.array([1, 2])}, "class_names: got int64"),
    "one name": ({"class_names": np.array(["a"])}, "2 to 256 texts"),
    "the same name twice": ({"class_names": np.array(["a", "a"])}, "a different name"),
    "names for fewer classes": ({"class_names": np.array(["a", "b"])}, "labels from 0 to 3"),
    "names for more classes": ({"class_names": np.array(list("abcde"))}, "no example of e"),
    "a blank name": ({"class_names": np.array(["a", "b", "c", " "])}, "a different name"),
    "labels from 1": (
        {f"{split}_labels": np.arange(1, 5) for split in SPLITS},
        "got labels from 1, expected them from 0; save the labels less that number",
    ),
    "one class": ({f"{split}_labels": np.zeros(4, int) for split in SPLITS}, "got one class"),
    "labels as shares": ({"val_labels": np.arange(4.0)}, r"labels\.astype\(int\)"),
    "a column a class": ({"val_labels": np.eye(4, dtype=int)}, r"labels\.argmax\(axis=1\)"),
    "labels as texts": ({"val_labels": np.array(list("abcd"))}, r"np\.unique\(labels"),
    "labels as dates": ({"val_labels": np.zeros(4, "M8[s]")}, "a number from 0 for each image"),
    "channels first": (
        {"train_images": np.zeros((4, 3, 8, 8), np.uint8)},
        r"images\.transpose\(0, 2, 3, 1\)",
    ),
    "rows": ({"train_images": np.zeros((4, 192), np.uint8)}, r"images\.reshape\(len\(images\)"),
    "wide pixels": ({"train_images": np.zeros((4, 8, 8, 3), int)}, r"images\.astype\(np\.uint8\)"),
    "a novel for a name": ({"class_names": np.array(["a" * 999, "b"])}, "64 letters"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str, tmp_path: Path) -> None:
    changed, said = BAD[name]
    arrays = {}
    for split in SPLITS:
        arrays[f"{split}_images"] = np.zeros((4, 8, 8, 3), np.uint8)
        arrays[f"{split}_labels"] = np.arange(4)
    path = tmp_path / "bad.npz"
    np.savez(path, **{**arrays, **changed})
    with pytest.raises(DataError, match=said):
        load_file(path)
