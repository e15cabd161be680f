"""What a report says about its own making and no run folder knows: preset, seeds, time, cores."""

from dataclasses import dataclass
from pathlib import Path

from experiments.assignment import Preset


@dataclass(frozen=True)
class ReportInfo:
    """The circumstances of one report.

    Attributes:
        preset: "quick" or "full".
        seeds: of questions 1 and 2, in order.
        seconds: the whole command took, up to the report.
        reused_seconds: that the runs taken over from earlier commands once took.
        reused: how many runs were taken over.
        trained: how many were trained now.
        cores: how many this process may use.
        group: the TOML file that names the group's members, None if there is none.
        questions: that were asked for; of others nothing is said.
        missing: pairs of a part, such as "2.2a", and a line on a run of it that failed.
    """

    preset: Preset
    seeds: tuple[int, ...]
    seconds: float
    reused_seconds: float
    reused: int
    trained: int
    cores: int
    group: Path | None = None
    questions: tuple[str, ...] = ("1", "2", "3")
    missing: tuple[tuple[str, str], ...] = ()
