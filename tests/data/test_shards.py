"""Data as shards: what was converted comes back, damage is refused, training is the same."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.cli.errors import CommandError, DataError, RunFolderError
from experiments.data.dataset import Dataset
from experiments.data.shards import cut as cut_module
from experiments.data.shards.cut import cut
from experiments.data.shards.dataset import INDEX, is_shards, open_shards
from experiments.data.shards.reader import ShardReader
from experiments.environment.lock import FolderLock
from experiments.training.q2 import streaming as q2_streaming
from experiments.training.q2.streaming import stream_epoch
from jaxmodels.evaluation import Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, run_epoch, start


@pytest.fixture
def folder(tiny_file: Path, tmp_path: Path) -> Path:
    cut(tiny_file, tmp_path / "shards", shard_examples=17)
    return tmp_path / "shards"


def test_what_was_cut_comes_back(tiny_file: Path, tiny_data: Dataset, folder: Path) -> None:
    assert is_shards(folder)
    shards = open_shards(folder)
    assert shards.class_names == tiny_data.class_names
    assert shards.sha256 == hashlib.sha256(tiny_file.read_bytes()).hexdigest()
    assert [shard.examples for shard in shards.shards["train"]] == [17, 17, 17, 9]
    for name, split in tiny_data.splits.items():
        with ShardReader(shards, name) as reader:
            order = np.random.default_rng(1).permutation(len(split))
            pixels, labels = reader.read(order)
            np.testing.assert_array_equal(pixels, split.pixels[order])
            np.testing.assert_array_equal(labels, split.labels[order])
            in_blocks = list(reader.blocks(order, 7))
        assert [len(labels) for _, labels in in_blocks[:-1]] == [7] * (len(split) // 7)
        np.testing.assert_array_equal(np.concatenate([p for p, _ in in_blocks]), pixels)


def cut_short(folder: Path) -> None:
    path = folder / "val-00000.bin"
    path.write_bytes(path.read_bytes()[:-1])


def flip_a_bit(folder: Path) -> None:
    path = folder / "train-00002.bin"
    content = bytearray(path.read_bytes())
    content[12345] ^= 1
    path.write_bytes(content)


def edit(change):
    def damage(folder: Path) -> None:
        index = json.loads((folder / INDEX).read_bytes())
        change(index)
        (folder / INDEX).write_text(json.dumps(index))

    return damage


DAMAGE = {
    "a bit flipped": (flip_a_bit, "it is damaged"),
    "a byte short": (cut_short, r"bytes, expected"),
    "a shard gone": (lambda folder: (folder / "test-00001.bin").unlink(), "test-00001.bin: got No"),
    "no index": (lambda folder: (folder / INDEX).unlink(), "expected an index"),
    "index no JSON": (lambda folder: (folder / INDEX).write_bytes(b"{\xff"), "damaged index"),
    "another format": (edit(lambda index: index.update(format="x")), "damaged index"),
    "a shard elsewhere": (
        edit(lambda index: index["splits"]["train"][0].update(file="../x")),
        "a shard elsewhere",
    ),
    "two shards exchanged": (
        edit(lambda index: index["splits"]["train"][0].update(file="train-00001.bin")),
        "it is damaged",
    ),
    "a split gone": (edit(lambda index: index["splits"].pop("val")), "damaged index"),
    "negative examples": (
        edit(lambda index: index["splits"]["train"][0].update(examples=-1)),
        "-1 examples",
    ),
    "too few classes": (edit(lambda index: index["class_names"].pop()), "got label 5"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_refused(folder: Path, damage, message: str) -> None:
    open_shards(folder)
    damage(folder)
    with pytest.raises(DataError, match=message):
        open_shards(folder)


def test_what_cannot_be_cut_leaves_nothing(tiny_file: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.npz"
    content = bytearray(tiny_file.read_bytes())
    content[len(content) // 2] ^= 1  # a pixel: the entry's CRC is wrong, which shows at its end
    damaged.write_bytes(content)
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with pytest.raises(DataError, match=r"damaged\.npz: got a damaged file .*CRC"):
            cut(damaged, tmp_path / name, shard_examples=7)
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_folder_in_use_is_left_alone(tiny_file: Path, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(DataError, match="folder with files in it"):
        cut(tiny_file, folder)
    assert before == {path: path.read_bytes() for path in folder.iterdir()}


def test_only_what_was_written_is_removed(tiny_file: Path, tmp_path: Path) -> None:
    """Of a folder into which somebody else has put a thesis meanwhile."""
    whole = tiny_file.read_bytes()
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(whole[: len(whole) // 2] + b"!" + whole[len(whole) // 2 + 1 :])
    folder = tmp_path / "shards"
    original = cut_module._write

    def write(*given) -> dict[str, object]:
        (folder / "thesis.tex").write_text("years of work")
        return original(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut_module, "_write", write)
        with pytest.raises(DataError, match="CRC"):
            cut(damaged, folder, shard_examples=7)
    assert [path.name for path in folder.iterdir()] == ["thesis.tex"]


LEFT = {  # by a process that was killed: its lock always
    "at once": [],
    "while it wrote": ["train-00000.bin", ".train-00001.bin.0123456789abcdef.part"],
    "before the index": ["train-00000.bin", "val-00000.bin", "test-00000.bin", "test-00077.bin"],
}


@pytest.mark.parametrize("names", LEFT.values(), ids=LEFT)
def test_a_cut_that_was_killed_is_done_again(
    names: list[str], tiny_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    for name in [*names, "lock"]:
        (folder / name).write_text("12345\n")
    shards = cut(tiny_file, folder).shards
    known = {part.path.name for parts in shards.values() for part in parts}
    assert {path.name for path in folder.iterdir()} == {*known, "index.json"}


FOREIGN = {
    "shards without a lock": {"train-00000.bin": "12345\n"},
    "a lock beside a thesis": {"lock": "12345\n", "thesis.tex": "years"},
    "a lock that is a poem": {"lock": "canal lock\n"},
    "finished shards": {"lock": "", "index.json": "{}"},
}


@pytest.mark.parametrize("files", FOREIGN.values(), ids=FOREIGN)
def test_what_others_wrote_stays(files: dict[str, str], tiny_file: Path, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(CommandError):
        cut(tiny_file, tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == files


def test_two_cut_into_one_folder(tiny_file: Path, tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    with pytest.raises(RunFolderError, match="is writing to"):
        cut(tiny_file, tmp_path)
    lock.release()
    cut(tiny_file, tmp_path)


def shorten(shard: Path) -> None:
    os.truncate(shard, 6912)


def change_in_place(shard: Path) -> None:
    with shard.open("r+b") as file:
        file.write(b"\0" * 6912)
    os.utime(shard, (0, 0))  # another time than that of the same second


@pytest.mark.parametrize("change", [shorten, change_in_place])
def test_a_shard_changed_while_in_use_is_noticed(
    change: Callable[[Path], None], folder: Path
) -> None:
    with ShardReader(open_shards(folder), "train") as reader:
        reader.read(np.array([1]))
        change(folder / "train-00000.bin")
        with pytest.raises(DataError, match="changed meanwhile"):
            reader.read(np.array([1]))


SETTING = CompiledSpec(Architecture("mlp", 6912, 6, 5, 1, "tanh"), "sgd", 8)
HYPER = Hyperparameters(*(jnp.float32(value) for value in (0.1, 0.9, 0.01, 0.3)))


def streamed(folder: Path):
    shards, seed = open_shards(folder), jnp.uint32(3)
    state = start(SETTING, HYPER, seed)
    with ShardReader(shards, "train") as train, ShardReader(shards, "val") as val:
        for _ in range(2):
            state, metrics = stream_epoch(SETTING, HYPER, state, train, val, block_examples=20)
    return jax.device_get((state, metrics))


def difference(one, other) -> float:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return max(float(np.abs(np.float64(a) - np.float64(b)).max()) for a, b in pairs)


@pytest.mark.usefixtures("quick_to_compile")
def test_training_from_shards_is_training_in_memory(
    tiny_data: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train, val = (
        Split(jnp.asarray(split.pixels), jnp.asarray(split.labels.astype(np.int32)))
        for split in (tiny_data.train, tiny_data.val)
    )
    state = start(SETTING, HYPER, jnp.uint32(3))
    for _ in range(2):
        state, metrics = jax.jit(run_epoch, static_argnums=0)(SETTING, HYPER, state, train, val)
    in_memory = jax.device_get((state, metrics))
    assert difference(streamed(folder), in_memory) < 1e-6

    # Wrong: the file's own order instead of the epoch's.
    monkeypatch.setattr(q2_streaming, "_order", lambda _, n: np.arange(n))
    assert difference(streamed(folder), in_memory) > 1e-3
