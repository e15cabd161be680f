"""One loader for files and for the built-in data, with its cache."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from npz_files import flipped

from experiments.cli.commands import DataError, UsageError
from experiments.cli.data_source import FULL_SIZE, BuiltIn, parse_source
from experiments.data.dataset import CLASS_NAMES, Dataset, Split, hash_splits
from experiments.data.load import load, load_builtin
from experiments.data.release import V2_COUNTS, identify
from experiments.data.save import save_npz
from experiments.files.cache import cache_folder


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

    monkeypatch.setattr("experiments.data.synthetic.draw_landscapes", draw)
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
    path.write_bytes(flipped(path.read_bytes(), 5000))


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


def test_no_cache_is_no_obstacle(
    drawings: list[tuple[int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HW1_CACHE", str(tmp_path / "file"))
    assert load("builtin:60").sha256 == load("builtin:60").sha256
    assert len(drawings) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_no_obstacle(
    cache: Path, drawings: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full_disk)
    assert load("builtin:60").synthetic
    assert list(cache.iterdir()) == []


def test_the_builtin_data_drawn_and_cached_alike(cache: Path) -> None:
    drawn, cached = load("builtin:120"), load("builtin:120")
    assert [len(split) for split in drawn.splits.values()] == [89, 10, 21]
    assert drawn.sha256 == cached.sha256
    np.testing.assert_array_equal(drawn.train.images, cached.train.images)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HW1_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"HW1_CACHE": "", "XDG_CACHE_HOME": "/b"}, "/b/landscapes-hw1"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/c"}, "/c/.cache/landscapes-hw1"),
        ({"HOME": "/c"}, "/c/.cache/landscapes-hw1"),
    ],
)
def test_cache_folder(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HW1_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(expected)


def splits_of(
    counts: tuple[int, ...], n_val: int = 1404, shape: tuple[int, ...] = (48, 48, 3)
) -> Iterator[Split]:
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))
    for part in np.split(labels, [len(labels) - n_val]):
        yield Split(np.broadcast_to(np.uint8(0), (len(part), *shape)), part)


def test_release_v2() -> None:
    assert identify(*splits_of(V2_COUNTS)) == ("v2", CLASS_NAMES)


@pytest.mark.parametrize("order", [(5, 4, 3, 2, 1, 0), (1, 2, 0, 3, 4, 5)])
def test_release_v1_names_its_classes_truly(order: tuple[int, ...]) -> None:
    release = identify(*splits_of(tuple(V2_COUNTS[k] for k in order)))
    assert release == ("v1", tuple(CLASS_NAMES[k] for k in order))


@pytest.mark.parametrize(
    "counts",
    [(2190, 2272, *V2_COUNTS[2:]), (400,) * 6, (*V2_COUNTS[:5], 0)],
    ids=["one label differs", "equal counts", "no streets"],
)
def test_release_unknown(counts: tuple[int, ...]) -> None:
    assert identify(*splits_of(counts)) == ("unknown", CLASS_NAMES)


def test_other_data_are_no_release() -> None:
    """Six classes of other images, or a seventh class: numbers are all that is known of them."""
    grey = identify(*splits_of(V2_COUNTS, shape=(28, 28, 1)))
    more = identify(*splits_of((*V2_COUNTS[:5], 2381, 1)))
    assert grey == ("other", tuple(f"class {k}" for k in range(6)))
    assert more == ("other", tuple(f"class {k}" for k in range(7)))


def test_a_drawn_hash_tells_labels_and_splits_apart(tiny_data: Dataset) -> None:
    known = hash_splits(tiny_data.splits)
    swapped = tiny_data.splits | {"val": tiny_data.test, "test": tiny_data.val}
    labels = tiny_data.val.labels.copy()
    labels[0] ^= 1
    relabelled = tiny_data.splits | {"val": Split(tiny_data.val.images, labels)}
    assert len({known, hash_splits(swapped), hash_splits(relabelled)}) == 3


def test_a_data_set_of_wrong_arrays_cannot_be_made(tiny_data: Dataset) -> None:
    short = Split(tiny_data.val.images, tiny_data.val.labels[1:])
    with pytest.raises(
        DataError,
        match=r"drawn by tests: val: got images uint8 \[24, 48, 48, 3\], labels int64 \[23\]",
    ):
        replace(tiny_data, val=short)
