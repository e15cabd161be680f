"""A report of made-up runs, laid out once."""

from pathlib import Path

import pytest
import report_sample

from experiments.report.results import Results
from experiments.report.students import Member

GROUP = [Member("Ana Silva", "ist1100001", ""), Member("Rui Costa", "ist1100002", "")]


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("content")
    return report_sample.results(folder, group=GROUP, contributions="Ana did it, Rui too.")


@pytest.fixture(scope="session")
def files(content: Results, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return report_sample.laid_out(content, tmp_path_factory.mktemp("report"))
