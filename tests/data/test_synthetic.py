"""The synthetic landscapes: repeatable, complete, and neither trivial nor noise."""

import numpy as np
import pytest

from experiments.data.dataset import CLASS_NAMES, Dataset
from experiments.data.load import draw
from experiments.data.synthetic.canvas import SIZE, Dice
from experiments.data.synthetic.draw import SCENES, split_sizes

N = 1500
CLASSES = len(CLASS_NAMES)
ALL_SCENES = {
    f"{scene.__module__.rpartition('.')[2]}.{scene.__name__}": scene
    for scenes in SCENES.values()
    for scene in scenes
}


@pytest.fixture(scope="module")
def data() -> Dataset:
    return draw(N, seed=3)


def arrays(drawn: Dataset) -> list[np.ndarray]:
    return [part for split in drawn.splits.values() for part in (split.images, split.labels)]


def test_same_arguments_give_the_same_images():
    first, second = draw(60, seed=1), draw(60, seed=1)
    assert all(np.array_equal(a, b) for a, b in zip(arrays(first), arrays(second), strict=True))
    assert first.sha256 == second.sha256


def test_another_seed_gives_other_images():
    first, other = draw(60, seed=1), draw(60, seed=2)
    assert first.sha256 != other.sha256
    assert not (first.train.images == other.train.images).all((1, 2, 3)).any()


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (17034, (12630, 1404, 3000)),
        (1800, (1335, 148, 317)),
        (100, (74, 8, 18)),
        (18, (14, 1, 3)),
    ],
)
def test_split_sizes_keep_the_proportions(n: int, sizes: tuple[int, int, int]):
    assert split_sizes(n) == sizes


@pytest.mark.parametrize("n", [18, 19, 23, 40])
def test_every_class_is_in_the_smallest_train_splits(n: int):
    for seed in range(3):
        train = draw(n, seed).train
        assert np.bincount(train.labels, minlength=CLASSES).min() >= 1


def test_description(data: Dataset):
    assert data.name == "synthetic landscapes"
    assert data.source == "built-in, 1,500 images drawn with seed 3"
    assert data.synthetic
    assert data.class_names == CLASS_NAMES
    assert len(data.sha256) == 64


def test_arrays_are_what_the_models_take(data: Dataset):
    for split in data.splits.values():
        assert split.images.dtype == np.uint8
        assert split.images.shape == (len(split), SIZE, SIZE, 3)
        assert split.images.flags.c_contiguous
        assert split.labels.dtype == np.int64
        assert np.shares_memory(split.pixels, split.images)


def test_class_shares_are_the_photographs(data: Dataset):
    shares = np.bincount(data.train.labels) / len(data.train)
    assert np.allclose(shares, np.array([2628, 2745, 2957, 3037, 2784, 2883]) / 17034, atol=2e-3)


def test_classes_come_in_no_order(data: Dataset):
    repeats = (data.train.labels[1:] == data.train.labels[:-1]).mean()
    assert 0.1 < repeats < 0.25  # 1/6 by chance; sorted labels would repeat nearly always


def test_no_image_is_drawn_twice(data: Dataset):
    rows = {row.tobytes() for split in data.splits.values() for row in split.pixels}
    assert len(rows) == N


@pytest.mark.parametrize("name", ALL_SCENES)
@pytest.mark.parametrize("n", [1, 5])
def test_scenes_stay_in_single_precision_and_in_range(name: str, n: int):
    image = ALL_SCENES[name](Dice(np.random.default_rng(0), n))
    assert image.shape == (n, 3, SIZE, SIZE)
    assert image.dtype == np.float32
    # Paint may overshoot a little where light is strong; the camera clips it.
    assert image.min() >= -0.01
    assert image.max() <= 1.5


def test_pictures_look_like_photographs_to_a_light_meter(data: Dataset):
    pixels = data.train.images / 256
    brightness = pixels.mean((1, 2, 3))
    assert 0.35 < brightness.mean() < 0.6
    assert brightness.std() < 0.2
    assert 0.12 < pixels.std((1, 2)).mean() < 0.3
    assert (pixels.std((1, 2)).max(1) > 0.01).all()  # no picture is one flat colour


def nearest_mean(data: Dataset, labels: np.ndarray) -> float:
    """Test accuracy of the class whose mean training image is nearest, given the train labels."""
    train, test = (split.pixels / np.float32(256) for split in (data.train, data.test))
    means = np.stack([train[labels == k].mean(0) for k in range(CLASSES)])
    distance = (means**2).sum(1) - 2 * test @ means.T
    return float((distance.argmin(1) == data.test.labels).mean())


def test_classes_are_told_apart_above_chance_but_not_easily(data: Dataset):
    assert 0.28 < nearest_mean(data, data.train.labels) < 0.6


def test_that_check_sees_shuffled_labels(data: Dataset):
    rng = np.random.default_rng(0)
    wrong = [nearest_mean(data, rng.permutation(data.train.labels)) for _ in range(8)]
    assert np.mean(wrong) < 0.22
