"""Where a process stands among the others that run the same command."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One process among several.

    Attributes:
        host: where process 0 is.
        port: where it listens.
        index: this process's number.
        count: how many there are.
        local_devices: which accelerators of its machine are this process's; None for all.
    """

    host: str
    port: int
    index: int
    count: int
    local_devices: Sequence[int] | None = None
