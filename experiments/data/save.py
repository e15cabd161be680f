"""Write a data set in the course's format."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.cli.errors import as_data_error
from experiments.data.dataset import CLASS_NAMES, SPLITS, Split
from experiments.files.atomic_write import atomic_write, remove_parts_of


def save_npz(
    splits: Mapping[str, Split],
    path: Path,
    *,
    synthetic: bool = False,
    comment: bytes = b"",
    class_names: Sequence[str] = CLASS_NAMES,
) -> None:
    """Write splits in the course's format: equal splits give equal bytes.

    The entries are stored, not deflated: photographs would shrink by a ninth and take four times
    as long to load.

    Args:
        splits: the splits by name.
        path: the file to write or to replace; its folder exists.
        synthetic: adds the entry that says that the images were drawn.
        comment: the archive's comment.
        class_names: adds the entry that names the classes, unless they are the course's.

    Raises:
        DataError: the folder or the disk does not take it; nothing is left there then.
    """
    arrays: dict[str, np.ndarray] = {}
    for name in SPLITS:
        arrays[f"{name}_images"] = splits[name].images
        arrays[f"{name}_labels"] = splits[name].labels[:, None]  # the course's shape
    if synthetic:
        arrays["synthetic"] = np.array(True)
    if tuple(class_names) != CLASS_NAMES:
        arrays["class_names"] = np.array(class_names)
    with as_data_error(path, "a folder with room for it; choose another place"):
        remove_parts_of(path)
        with atomic_write(path) as file, zipfile.ZipFile(file, "w") as archive:
            archive.comment = comment
            for name, array in arrays.items():
                # ZipInfo's own date, 1980, keeps the clock out of the file.
                with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
