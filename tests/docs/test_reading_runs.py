"""The programs in docs/reading-runs.md read a run, where their libraries are installed."""

import re
from pathlib import Path

import pytest
from made_runs import make_run

PAGE = Path(__file__).parents[2] / "docs" / "reading-runs.md"
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_it_reads_a_run(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = PROGRAMS[number]
    for library in re.findall(r"(?:import|from) (pandas|tensorboardX)", program):
        pytest.importorskip(library)
    make_run(tmp_path / "runs", "2.2b", 0.25, 42, 0.6)
    (tmp_path / "runs" / "2.2b-0.25-42").rename(tmp_path / "runs" / "RUN")
    monkeypatch.chdir(tmp_path)
    found: dict = {}
    exec(program, found)  # noqa: S102
    if "epochs" in found:
        assert len(found["epochs"]) == 10
        assert found["epochs"]["val.accuracy"].iloc[-1] == pytest.approx(0.6, abs=1e-3)
    elif "runs" in found:
        assert found["runs"]["config.dropout"].tolist() == [0.25]
    else:
        assert list((tmp_path / "curves" / "RUN").iterdir())


def test_five_lines_or_so_each() -> None:
    assert len(PROGRAMS) == 3
    assert all(len(program.splitlines()) <= 7 for program in PROGRAMS)
