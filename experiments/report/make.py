"""The report from finished runs: `results.json`, figures, PDF and HTML; no training."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.commands import RunFolderError
from experiments.data.dataset import Dataset
from experiments.report.collect import collect
from experiments.report.facts import Facts
from experiments.report.figures import draw_all
from experiments.report.typeset import typeset
from experiments.runs.folder import write_json

RESULTS = "results.json"


def make_report(
    parts: Mapping[str, Sequence[Path]], out: Path, facts: Facts, data: Dataset | None = None
) -> list[Path]:
    """Write `results.json`, the figures, and the report itself; earlier ones are replaced.

    Args:
        parts: the folders of the finished runs of each part, such as "2.2a".
        out: where everything is written.
        facts: what no run's folder knows.
        data: what the runs were trained on; None to load it where pictures of it are shown.

    Returns:
        The files, the report's last.

    Raises:
        CommandError: a piece cannot be made; what was written before it is kept.
        RunFolderError: a run's folder is damaged, or `out` cannot be written to.
    """
    results = out / RESULTS
    try:
        write_json(results, dict(collect(parts, out, facts)))
        draw_all(parts, out, data)
        return [results, *typeset(results, out)]
    except OSError as error:
        raise RunFolderError(
            f"{out}: cannot be written ({error.strerror or error}); make room or name another --out"
        ) from None
