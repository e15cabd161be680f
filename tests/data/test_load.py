"""One loader for files and for the built-in data, with its cache."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from npz_files import flipped, full_disk

from experiments.cli.data_source import FULL_SIZE, BuiltIn, parse_source
from experiments.cli.errors import DataError, UsageError
from experiments.data.dataset import Dataset, Split, hash_splits
from experiments.data.load import load, load_builtin
from experiments.data.release import identify
from experiments.data.save import save_npz


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HW1_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def drawings(tiny_data: Dataset, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The generator replaced by the tiny data set; the list of what was drawn so far."""
    drawn: list[tuple[int, int]] = []

    def draw(n_images: int, seed: int) -> dict[str, Split]:
        drawn.append((n_images, seed))
        return tiny_data.splits

    monkeypatch.setattr("experiments.data.synthetic.draw.draw_landscapes", draw)
    return drawn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, BuiltIn(FULL_SIZE)),
        ("builtin", BuiltIn(FULL_SIZE)),
        ("builtin:600", BuiltIn(600)),
        ("builtin:00600", BuiltIn(600)),
        ("./builtin", Path("builtin")),
        ("builtin.npz", Path("builtin.npz")),
        ("Builtin:600", Path("Builtin:600")),
    ],
)
def test_sources(text: str | None, expected: BuiltIn | Path) -> None:
    assert parse_source(text) == expected


@pytest.mark.parametrize("number", ["", "0", "59", "100001", "-60", "6e2", "1_000", " 60", "九十"])
def test_bad_sizes_of_the_builtin_data(number: str) -> None:
    with pytest.raises(UsageError, match=r"expected builtin:N with N .* 60 to 100000"):
        load(f"builtin:{number}")
    with pytest.raises(UsageError):
        load(f"builtin:{'9' * 5000}")


def test_a_file(tiny_file: Path, tiny_data: Dataset) -> None:
    data = load(str(tiny_file))
    assert (data.name, data.source, data.synthetic) == ("tiny", str(tiny_file), False)
    for name, split in data.splits.items():
        np.testing.assert_array_equal(split.images, tiny_data.splits[name].images)
        np.testing.assert_array_equal(split.labels, tiny_data.splits[name].labels)


def test_a_file_that_was_replaced_meanwhile(tiny_file: Path) -> None:
    """As a process that trains one of several seeds meets it."""
    sha256 = load(str(tiny_file)).sha256
    assert load(str(tiny_file), sha256).sha256 == sha256
    with pytest.raises(DataError, match="other data than when the command began"):
        load(str(tiny_file), sha256[::-1])


def test_a_drawn_file_stays_synthetic(tiny_data: Dataset, tmp_path: Path) -> None:
    save_npz(tiny_data.splits, tmp_path / "photographs.npz", synthetic=True)
    data = load(str(tmp_path / "photographs.npz"))
    assert data.synthetic
    assert data.name == "synthetic landscapes"


def test_the_photographs(photographs: Path) -> None:
    data = load(str(photographs))
    assert [len(split) for split in data.splits.values()] == [12630, 1404, 3000]
    assert identify(data.train, data.val).name == "v2"
    assert not data.synthetic


def test_drawn_once_and_then_read(cache: Path, drawings: list[tuple[int, int]]) -> None:
    first, second = load("builtin:60"), load("builtin:60")
    assert drawings == [(60, 0)]
    assert first.synthetic
    assert second.synthetic
    assert first.sha256 == second.sha256 == hash_splits(second.splits)
    assert (first.name, first.source) == (second.name, second.source)
    assert first.source == "built-in, 60 images drawn with seed 0"
    np.testing.assert_array_equal(first.test.images, second.test.images)
    assert load_builtin(60, seed=1).source.endswith("seed 1")
    assert drawings == [(60, 0), (60, 1)]
    assert len(list(cache.iterdir())) == 2


def empty(path: Path, data: Dataset) -> None:
    path.write_bytes(b"")


def truncate(path: Path, data: Dataset) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip_a_pixel(path: Path, data: Dataset) -> None:
    path.write_bytes(flipped(path.read_bytes()))


def replace_by_another_file(path: Path, data: Dataset) -> None:
    # Whole and valid, so that only the hash of what was drawn can tell.
    other = data.splits | {"test": Split(data.test.images[::-1], data.test.labels[::-1])}
    save_npz(other, path, synthetic=True, comment=hash_splits(data.splits).encode())


@pytest.mark.parametrize("damage", [empty, truncate, flip_a_pixel, replace_by_another_file])
def test_a_damaged_cache_is_drawn_anew(
    damage: Callable[[Path, Dataset], None],
    cache: Path,
    drawings: list[tuple[int, int]],
    tiny_data: Dataset,
) -> None:
    load("builtin:60")
    (file,) = cache.iterdir()
    good = file.read_bytes()
    damage(file, tiny_data)
    assert file.read_bytes() != good
    assert load("builtin:60").sha256 == hash_splits(tiny_data.splits)
    assert len(drawings) == 2
    assert file.read_bytes() == good


def test_another_generator_draws_anew_and_tidies_up(
    cache: Path, drawings: list[tuple[int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "generator"
    sources.mkdir()
    monkeypatch.setattr("experiments.data.load._GENERATOR", sources)
    (sources / "sea.py").write_text("colour = 'blue'")
    load("builtin:60")
    (cache / "other.npz").touch()
    (old,) = cache.glob("synthetic-*")
    (sources / "sea.py").write_text("colour = 'green'")
    load("builtin:60")
    assert len(drawings) == 2
    (new,) = cache.glob("synthetic-*")
    assert new != old
    assert (cache / "other.npz").exists()


@pytest.mark.parametrize(
    "make", [Path.touch, lambda path: path.symlink_to(path)], ids=["a file", "a loop"]
)
def test_no_cache_is_no_obstacle(
    make, drawings: list[tuple[int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "file")
    monkeypatch.setenv("HW1_CACHE", str(tmp_path / "file"))
    assert load("builtin:60").sha256 == load("builtin:60").sha256
    assert len(drawings) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_no_obstacle(
    cache: Path, drawings: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(np.lib.format, "write_array", full_disk)
    assert load("builtin:60").synthetic
    assert list(cache.iterdir()) == []


def test_the_builtin_data_drawn_and_cached_alike(cache: Path) -> None:
    drawn, cached = load("builtin:120"), load("builtin:120")
    assert [len(split) for split in drawn.splits.values()] == [89, 10, 21]
    assert drawn.sha256 == cached.sha256
    np.testing.assert_array_equal(drawn.train.images, cached.train.images)
