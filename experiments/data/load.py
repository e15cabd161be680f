"""The one loader: a data source's text in, a validated data set out."""

import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from experiments.cli.data_source import BuiltIn, parse_source
from experiments.cli.errors import DataError
from experiments.cli.text import printable
from experiments.data import release
from experiments.data.dataset import CLASS_NAMES, Dataset, Split, hash_splits
from experiments.data.npz.read import OpenedNpz, opened_npz
from experiments.data.save import save_npz
from experiments.files.cache import cache_folder

SYNTHETIC = "synthetic landscapes"

_GENERATOR = Path(__file__).with_name("synthetic")


def load(source: str | None, sha256: str | None = None) -> Dataset:
    """Load the data set that a text names, see `parse_source`: a file, or built-in landscapes.

    Raises:
        UsageError: "builtin:" is not followed by a number in range.
        DataError: the file is not what it should be, or its hash is not `sha256`.
    """
    parsed = parse_source(source)
    data = load_builtin(parsed.images) if isinstance(parsed, BuiltIn) else load_file(parsed)
    if sha256 not in (None, data.sha256):
        raise DataError(
            f"{data.source}: got other data than when the command began, SHA-256 "
            f"{data.sha256[:12]}, expected {str(sha256)[:12]}; start again"
        )
    return data


def load_file(path: Path) -> Dataset:
    """Load a file in the course's format, or raise a `DataError`; see `named` for its classes."""
    with opened_npz(path) as npz:
        return named(path, npz, npz.splits())


def named(path: Path, npz: OpenedNpz, splits: Mapping[str, Split]) -> Dataset:
    """Make a data set of the splits that a file holds, or raise a `DataError`.

    The labels of the course's first release get their true names.
    """
    class_names, synthetic = npz.class_names, npz.synthetic
    if class_names is None:
        looks_like = release.identify(splits["train"], splits["val"])
        class_names = CLASS_NAMES if synthetic else looks_like.class_names
    elif len(set(class_names)) < len(class_names) or not all(map(str.strip, class_names)):
        raise DataError(
            f"{printable(path)}: got class_names {', '.join(class_names)[:80]!r}, "
            "expected a different name for each class"
        )
    return Dataset(
        **splits,
        class_names=class_names,
        name=SYNTHETIC if synthetic else printable(path.stem)[:60],
        source=printable(path),
        sha256=npz.sha256,
        synthetic=synthetic,
    )


def load_builtin(n_images: int, seed: int = 0) -> Dataset:
    """Return the synthetic landscapes, from the cache if they have been drawn before.

    A cached file that is damaged, or drawn by other sources than today's, is drawn anew; without a
    writable cache they are drawn each time.
    """
    try:
        path = cache_folder() / f"synthetic-{n_images}-{seed}-{_generator_version()}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return draw(n_images, seed)
    with contextlib.suppress(DataError), opened_npz(path) as npz:
        data = _built_in(npz.splits(), n_images, seed)
        if npz.archive.comment == data.sha256.encode():
            return data
    data = draw(n_images, seed)
    with contextlib.suppress(DataError, OSError):  # no room, or not ours to write
        save_npz(data.splits, path, synthetic=True, comment=data.sha256.encode())
        for drawn_by_others in path.parent.glob(f"synthetic-{n_images}-{seed}-*.npz"):
            if drawn_by_others != path:
                drawn_by_others.unlink(missing_ok=True)
    return data


def draw(n_images: int, seed: int) -> Dataset:
    """Return the synthetic landscapes, drawn now."""
    from experiments.data.synthetic.draw import draw_landscapes

    return _built_in(draw_landscapes(n_images, seed), n_images, seed)


def _built_in(splits: Mapping[str, Split], n_images: int, seed: int) -> Dataset:
    return Dataset(
        **splits,
        class_names=CLASS_NAMES,
        name=SYNTHETIC,
        source=f"built-in, {n_images:,} images drawn with seed {seed}",
        sha256=hash_splits(splits),
        synthetic=True,
    )


def _generator_version() -> str:
    """Hash what the drawings depend on: the generator's sources and NumPy's version."""
    digest = hashlib.sha256(np.__version__.encode())
    for file in sorted(_GENERATOR.rglob("*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
