"""The cache of compiled programs: what is damaged is compiled anew, without a word."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jax
import pytest
from launched import HW1_Q2

from experiments.environment import compiled_programs
from experiments.environment.compiled_programs import use_compiled_programs
from experiments.runs.reader import Run

CONTENT = {"a-cache": b"a program", "b-cache": b"another one"}


def seal_of(entry: Path) -> Path:
    return entry.with_name(f"{entry.name}.sha256")


def cut(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:5])


def flip(entry: Path) -> None:
    content = bytearray(entry.read_bytes())
    content[len(content) // 2] ^= 1
    entry.write_bytes(content)


def swap(entry: Path) -> None:
    """Exchange two whole entries, each with its seal."""
    other = max(path for path in entry.parent.glob("*-cache") if path != entry)
    for one, two in ((entry, other), (seal_of(entry), seal_of(other))):
        first, second = one.read_bytes(), two.read_bytes()
        one.write_bytes(second)
        two.write_bytes(first)


def link_to_itself(entry: Path) -> None:
    entry.unlink()
    entry.symlink_to(entry)


def pipe(entry: Path) -> None:
    entry.unlink()
    os.mkfifo(entry)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda entry: entry.write_bytes(b""),
    "cut": cut,
    "flipped": flip,
    "swapped": swap,
    "a link to itself": link_to_itself,
    "a pipe": pipe,
    "never sealed": lambda entry: seal_of(entry).unlink(),
    "a seal that is cut": lambda entry: cut(seal_of(entry)),
    "a seal that is no text": lambda entry: seal_of(entry).write_bytes(b"\xff"),
}


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What JAX is told, without telling it."""
    told: dict[str, object] = {}
    monkeypatch.setattr(jax.config, "update", told.__setitem__)
    monkeypatch.setattr(compiled_programs.atexit, "register", lambda *_: None)
    use_compiled_programs.cache_clear()
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in CONTENT.items():
        (tmp_path / name).write_bytes(content)
    compiled_programs._seal(tmp_path, frozenset())
    return tmp_path


def test_whole_entries_stay(folder: Path, options: dict[str, object]) -> None:
    use_compiled_programs(folder)
    assert {path.name: path.read_bytes() for path in folder.glob("*-cache")} == CONTENT
    assert options["jax_compilation_cache_dir"] == str(folder)
    assert options["jax_enable_compilation_cache"] is True


@pytest.mark.parametrize("name", DAMAGE)
def test_jax_never_sees_a_damaged_entry(
    name: str, folder: Path, options: dict[str, object]
) -> None:
    DAMAGE[name](folder / "a-cache")
    use_compiled_programs(folder)
    left = [path.name for path in folder.glob("*-cache")]
    assert left == ([] if name == "swapped" else ["b-cache"])
    (folder / "a-cache").write_bytes(b"compiled anew")
    compiled_programs._seal(folder, frozenset({folder / "b-cache"}))
    use_compiled_programs.cache_clear()
    use_compiled_programs(folder)
    assert (folder / "a-cache").read_bytes() == b"compiled anew"


def a_file(path: Path) -> None:
    path.write_text("")


def a_loop(path: Path) -> None:
    path.symlink_to(path)


def another_users(path: Path) -> None:
    path.mkdir()
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(path, 12345, 12345)


@pytest.mark.parametrize("make", [a_file, a_loop, another_users])
def test_without_a_cache(
    make: Callable[[Path], None], tmp_path: Path, options: dict[str, object]
) -> None:
    make(tmp_path / "cache")
    use_compiled_programs(tmp_path / "cache")
    assert options["jax_enable_compilation_cache"] is False
    assert options["jax_compilation_cache_dir"] is None


def test_as_a_process(tiny_file: Path, tmp_path: Path) -> None:
    """The second time nothing new is compiled, the third time every entry is damaged.

    Nothing is said on stderr, and the weights are the same.
    """
    cache = tmp_path / "cache"
    command = [sys.executable, "-c", HW1_Q2, "logistic_regression", "-epochs", "1"]
    command += ["--data", str(tiny_file), "--out", str(tmp_path / "runs")]
    # Imported in this process, JAX has left a log level in the environment.
    clean = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    cached, weights = [], []
    for attempt in range(3):
        if attempt == 2:
            entries = sorted(cache.rglob("*-cache"))
            for entry, damage in zip(entries, [cut, flip, swap, pipe] * len(entries), strict=False):
                damage(entry)
            entries[-1].unlink()
            entries[-1].mkdir()
        done = subprocess.run(
            command,
            env=clean | {"HW1_CACHE": str(cache)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        weights.append(Run(Path(done.stdout.splitlines()[-1])).weights())
        cached.append(sorted(f.name for f in cache.rglob("*-cache*")))
    assert len(cached[0]) > 6
    assert cached[0] == cached[1] == cached[2]
    for other in weights[1:]:
        assert all(array.tobytes() == other[name].tobytes() for name, array in weights[0].items())
