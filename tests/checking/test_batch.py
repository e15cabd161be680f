"""A lecturer's list: a verdict for every row, whatever a row holds."""

import csv
import io
from pathlib import Path

import pytest
from oracles.handed_in import SCRIPT
from oracles.handed_in_mistakes import written
from refusal import assert_refused

from experiments.check import main
from experiments.checking.batch import check_row
from experiments.cli.errors import ExitCode

ROWS = {
    "known digits": ({"question": "1.2a", "test": ".4597"}, "equal", ""),
    "a known mistake": ({"question": "1.2b", "test": ".4997"}, "mistake", "2 lambda"),
    "no question": ({"test": "0.45966666666666667"}, "equal", ""),
    "a log": ({"log": "results.txt"}, "equal", ""),
    "a script": ({"script": "wrong.py"}, "wrong", "2 lambda"),
    "no such question": ({"question": "9", "test": ".4597"}, "error", ""),
    "no number": ({"test": "many"}, "error", ""),
    "nothing": ({"question": "1.2a"}, "error", ""),
    "no such file": ({"log": "none.txt"}, "error", ""),
    "unknown digits": ({"question": "1.2a", "test": ".1111"}, "error", ""),
    "a null in a path": ({"log": "\0"}, "error", ""),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "results.txt").write_text("Final test acc: 0.45966666666666667")
    (tmp_path / "right.py").write_text(SCRIPT)
    (tmp_path / "wrong.py").write_text(written("2 lambda"))
    return tmp_path


@pytest.mark.parametrize("case", ROWS)
def test_every_row_is_answered(case: str, folder: Path) -> None:
    row, verdict, mistake = ROWS[case]
    found = check_row(row, "7", folder, None, 1.0)
    assert (found.id, found.verdict, found.mistake) == ("7", verdict, mistake)
    assert found.says
    assert "\n" not in found.says


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_bad_row_does_not_end_the_list(delimiter: str, folder: Path, capsys) -> None:
    lines = ["id,question,test", "a,1.2a,.4597", "b,9,", "", "c,1.2b"]
    (folder / "list.csv").write_text("\n".join(lines).replace(",", delimiter))
    assert main(["--batch", str(folder / "list.csv")]) == ExitCode.CHECK_FAILED
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["id"], row["verdict"]) for row in found] == [
        ("a", "equal"), ("b", "error"), ("c", "error"),
    ]  # fmt: skip
    (folder / "list.csv").write_text("\n".join(lines[:2]))
    assert main(["--batch", str(folder / "list.csv")]) == ExitCode.DONE


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "id,question\n"])
def test_refused_as_a_list(text: str, folder: Path, capsys) -> None:
    (folder / "list.csv").write_text(text)
    argv = ["--batch", folder / "list.csv"]
    assert_refused(main, argv, capsys, ExitCode.BAD_DATA)
