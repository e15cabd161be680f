"""`python -m benchmarks.streaming FOLDER`: data that fit into no memory, beside data that do.

Writes a file of many images into FOLDER (the built-in ones again and again), cuts it into shards
with `hw1-data shard`, and trains an epoch on them with `hw1-q2`; the same with few images, which
are also trained on in memory. Prints a line for each: images a second, and the peak memory of the
process. The files are removed afterwards. A million images take 14 GB of disk.
"""

import argparse
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np

from benchmarks.command import measure_command
from experiments.data.dataset import SPLITS, Split
from experiments.data.load import load

ARGUMENTS = ["mlp", "-epochs", "2", "--resume"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streaming", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder on a disk with room")
    parser.add_argument("--images", type=int, default=1_000_000, help="default: 1,000,000")
    parser.add_argument("--few", type=int, default=100_000, help="default: 100,000")
    options = parser.parse_args()
    options.folder.mkdir()
    try:
        few = repeated(options.folder / "few.npz", options.few)
        report("few, in memory", options.few, few, options.folder)
        report("few, shards", options.few, sharded(few), options.folder)
        many = repeated(options.folder / "many.npz", options.images)
        shards = sharded(many)
        many.unlink()
        report("many, shards", options.images, shards, options.folder)
    finally:
        shutil.rmtree(options.folder)


def repeated(path: Path, images: int) -> Path:
    """Return a file in the course's format with so many images, written piece by piece."""
    data = load(None)
    wanted = {"val": images // 12, "test": images // 6}
    wanted["train"] = images - sum(wanted.values())
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        for name in SPLITS:
            split, n = data.splits[name], wanted[name]
            labels = np.resize(split.labels, n)[:, None]
            with archive.open(f"{name}_labels.npy", "w") as member:
                np.lib.format.write_array(member, labels)
            with archive.open(f"{name}_images.npy", "w", force_zip64=True) as member:
                header = {"descr": "|u1", "fortran_order": False, "shape": (n, 48, 48, 3)}
                np.lib.format.write_array_header_1_0(member, header)
                _write_images(member, split, n)
    return path


def _write_images(member: object, split: Split, n: int) -> None:
    while n > 0:
        piece = split.images[:n]
        member.write(piece.tobytes())  # type: ignore[attr-defined]
        n -= len(piece)


def sharded(path: Path) -> Path:
    """Return the shards of a file, with a line on what making them took."""
    folder = path.with_suffix("")
    found = measure_command("experiments.data_command", "shard", str(path), str(folder))
    print(f"{path.stem}: {path.stat().st_size / 1e9:.1f} GB cut into shards in "
          f"{found.seconds:.0f} s, peak {found.peak_mb:.0f} MB", flush=True)  # fmt: skip
    return folder


def report(what: str, images: int, source: Path, folder: Path) -> None:
    """Train on a source and print how fast, and with how much memory."""
    out = folder / f"runs-{what.replace(' ', '-')}"
    found = measure_command("experiments.q2", *ARGUMENTS, "--data", str(source), "--out", str(out))
    (metrics,) = out.glob("*/metrics.jsonl")
    *_, last = map(json.loads, metrics.read_text().splitlines())
    trained = images - images // 12 - images // 6
    print(f"{what}: {trained / last['seconds']:,.0f} images a second (epoch {last['epoch']}: "
          f"{last['seconds']:.1f} s, train loss {last['loss']:.4f}), whole command "
          f"{found.seconds:.0f} s, peak {found.peak_mb:.0f} MB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
