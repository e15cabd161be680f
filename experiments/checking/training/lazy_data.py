"""A data set that is read when a training needs it: its hash is known from the last time."""

import hashlib
import json
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from experiments.checking.training.cache import checking_cache, write_cached
from experiments.cli.data_source import BuiltIn, parse_source
from experiments.data.dataset import Dataset
from experiments.data.load import load


class Description(NamedTuple):
    """What is said of a data set before it is read.

    Attributes:
        name: what a printout calls it.
        source: where it came from.
        sha256: of the file, or of the drawn arrays.
        synthetic: whether it was drawn.
        sizes: examples in train, val and test.
        class_names: the name of each label.
        class_0: shares of class 0 in train and val: the linear models' accuracy before training.
    """

    name: str
    source: str
    sha256: str
    synthetic: bool
    sizes: tuple[int, int, int]
    class_names: tuple[str, ...]
    class_0: tuple[float, float]


class LazyData:
    """A data source's text, and what is known of it.

    Attributes:
        source: as `--data` has it.
    """

    def __init__(self, source: str | None) -> None:
        self.source = source

    @cached_property
    def data(self) -> Dataset:
        """The data set itself."""
        return load(self.source)

    @cached_property
    def description(self) -> Description:
        """Name, hash and sizes; of a file that has not changed without reading it.

        Raises:
            DataError: the file is not what it should be.
        """
        path = None if "data" in self.__dict__ else self._remembered()
        with suppress(OSError, ValueError, TypeError, KeyError):
            if path:
                known = json.loads(path.read_bytes())
                lists = {key: tuple(v) for key, v in known.items() if isinstance(v, list)}
                return Description(**known | lists)
        data = self.data
        found = Description(
            data.name,
            data.source,
            data.sha256,
            data.synthetic,
            (len(data.train), len(data.val), len(data.test)),
            data.class_names,
            (float((data.train.labels == 0).mean()), float((data.val.labels == 0).mean())),
        )
        if path:
            write_cached(path, found._asdict())
        return found

    def _remembered(self) -> Path | None:
        """Return the cache's file of this path, size and time of the last change."""
        parsed = parse_source(self.source)
        if isinstance(parsed, BuiltIn):
            return None
        try:
            found = parsed.resolve().stat()
        except (OSError, ValueError):
            return None
        known = f"{parsed}\0{parsed.resolve()}\0{found.st_size}\0{found.st_mtime_ns}"
        return checking_cache(f"file-{hashlib.sha256(known.encode()).hexdigest()[:24]}")
