"""The configuration of a run, one dataclass per question."""
