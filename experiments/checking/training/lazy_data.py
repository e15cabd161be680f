"""A data set that is read when a training needs it: its hash is known from the last time."""

import hashlib
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

from experiments.checking.training.cache import read_cached, write_cached
from experiments.cli.data_source import BuiltIn, parse_source
from experiments.data.dataset import Dataset
from experiments.data.load import load


class Description(NamedTuple):
    """What is said of a data set before it is read.

    Attributes:
        banner: what a command says of it first.
        sha256: of the file, or of the drawn arrays.
        sizes: examples in train, val and test.
        class_names: the name of each label.
        class_0: shares of class 0 in train and val: the linear models' accuracy before training.
    """

    banner: str
    sha256: str
    sizes: tuple[int, int, int]
    class_names: tuple[str, ...]
    class_0: tuple[float, float]


class LazyData:
    """A data source's text, and what is known of it.

    Attributes:
        source: as `--data` has it.
    """

    def __init__(self, source: str | None, sha256: str | None = None) -> None:
        self.source = source
        self._sha256 = sha256

    @cached_property
    def data(self) -> Dataset:
        """The data set itself.

        Raises:
            DataError: the file is not what it should be, or no longer what it was.
        """
        return load(self.source, self._sha256)

    @cached_property
    def description(self) -> Description:
        """Banner, hash and sizes; of a file that has not changed without reading it.

        Raises:
            DataError: the file is not what it should be.
        """
        name = None if "data" in self.__dict__ else self._remembered()
        with suppress(TypeError):
            if known := name and read_cached(name):
                entries: list[Any] = [tuple(v) if isinstance(v, list) else v for v in known]
                found = Description(*entries)
                self._sha256 = found.sha256
                return found
        data = self.data
        found = Description(
            data.banner,
            data.sha256,
            (len(data.train), len(data.val), len(data.test)),
            data.class_names,
            (float((data.train.labels == 0).mean()), float((data.val.labels == 0).mean())),
        )
        if name:
            write_cached(name, found)
        return found

    def _remembered(self) -> str | None:
        """Return what the cache calls this path, of this size and times of the last changes."""
        parsed = parse_source(self.source)
        if isinstance(parsed, BuiltIn):
            return None
        try:
            found = parsed.resolve().stat()
        except (OSError, ValueError):
            return None
        times = f"{found.st_mtime_ns}\0{found.st_ctime_ns}"
        known = f"{parsed}\0{parsed.resolve()}\0{found.st_size}\0{times}"
        return f"file-{hashlib.sha256(known.encode()).hexdigest()[:24]}"
