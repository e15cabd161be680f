"""What people give as data that is none: each kind recognised, and its remedy said."""

from collections.abc import Sequence
from pathlib import Path

from experiments.cli.text import command_line

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM")
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zX", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_READ_ELSEWHERE = {
    b"MATLAB": "a .mat file",
    b"\x89HDF": "an HDF5 file (.h5, .mat)",
    b"\x80": "a pickle (.pkl, .pt), which may run anything as it is read",
    b"\0\0\x08": "an idx file, as MNIST's are",
    b"PAR1": "a Parquet file",
}
"""By what they begin with: what other programs keep arrays in."""
_PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png")
_PREPARE = "make the data of it first: hw1-data prepare"
_SAVE = "np.savez(FILE, train_images=..., train_labels=..., val_images=..., ...)"


def about_file(start: bytes) -> str | None:
    """Name what a file is that begins so and is no .npz, and what to do; None if nobody knows."""
    text = start.lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head")):
        return (
            "got a web page, which Google Drive sends in place of a file it does not give, "
            "expected an .npz; open the address in a browser and save the file itself"
        )
    if start.startswith(b"\x93NUMPY"):
        return f"got a single array (.npy), expected an .npz with six; save them with {_SAVE}"
    if start.startswith(_PICTURES):
        return "got a picture, expected an .npz of many; to have it classified: hw1-predict"
    if start.startswith(_ARCHIVES) or start[257:262] == b"ustar":  # of a tar
        return f"got an archive, expected an .npz; unpack it, then {_PREPARE} DIR"
    for begins, what in _READ_ELSEWHERE.items():
        if start.startswith(begins):
            return f"got {what}, expected an .npz; read it elsewhere, then save with {_SAVE}"
    if start.startswith(b"version https://git-lfs"):
        return "got what Git LFS keeps in place of a file, expected the file; git lfs pull"
    if b"," in start and start.isascii() and start.decode().replace("\n", "").isprintable():
        return "got text such as a .csv, expected an .npz of images; save arrays with np.savez"
    return None


def about_entries(names: Sequence[str]) -> str | None:
    """Name what a zip archive of such members is, not the course's; None where nobody knows."""
    if any(name.lower().endswith(_PICTURE_SUFFIXES) for name in names):
        return f"got an archive of pictures, expected an .npz; {_PREPARE} FILE.zip"
    if inner := [name for name in names if name.endswith(".npz")]:
        return f"got an archive with {inner[0]} in it, expected that .npz itself; unpack it"
    arrays = [name.removesuffix(".npy") for name in names if name.endswith(".npy")]
    if len(arrays) > 1 and any(
        name.lower().startswith(("x", "y", "train", "im")) for name in arrays
    ):
        return (
            f"got arrays called {', '.join(arrays[:6])}, expected train_images, train_labels, "
            f"val_images, val_labels, test_images, test_labels; save them again with {_SAVE}"
        )
    return None


def as_images(kind: str, shape: Sequence[int]) -> str:
    """Name what makes images of an array of this kind of type and shape."""
    if len(shape) == 2:
        return "save images.reshape(len(images), height, width, channels)"
    if len(shape) == 4 and shape[1] <= 4 < shape[3]:
        return "channels come last, save images.transpose(0, 2, 3, 1)"
    if kind in "iu":
        return "save images.astype(np.uint8), if they go from 0 to 255"
    return "prepare the file with hw1-data prepare"


def as_labels(kind: str, shape: Sequence[int]) -> str:
    """Name what makes labels of an array of this kind of type and shape."""
    if len(shape) == 2 and shape[1] > 1:
        return "of one column a class, save labels.argmax(axis=1)"
    if kind in "US":
        return "save np.unique(labels, return_inverse=True)[1], and the texts as class_names"
    if kind in "fb":
        return "save labels.astype(int)"
    return "save a number from 0 for each image"


def about_folder(folder: Path) -> str | None:
    """Name what a folder holds that is no data, and what to do; None where nobody knows."""
    for inner in (folder, *(place for place in folder.iterdir() if place.is_dir())):
        places = list(inner.iterdir())
        names = {place.name for place in places}
        if {"index.json", "train-00000.bin"} <= names:  # as `hw1-data shard` writes
            return "got a folder of shards, which hw1-q2 alone reads; give the file it was cut from"
        if "config.json" in names:
            return "got a folder of runs, expected an .npz; give the file they were trained on"
        pictures = any(place.suffix.lower() in _PICTURE_SUFFIXES for place in places)
        if pictures or names & {"seg_train", "seg_test"}:
            words = command_line([str(folder), "-o", "FILE.npz"])
            return f"got a folder of pictures, expected an .npz; {_PREPARE} {words}"
    return None
