"""The group's file and the L1 path's folder, as the report reads them."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import INFO
from report_sample import said
from silent import Silent

from experiments.cli.errors import UsageError
from experiments.data.dataset import Dataset
from experiments.report.collect import collect
from experiments.report.students import TEMPLATE, read_students
from experiments.reproduce import main
from experiments.runs.reader import Run
from experiments.training.lasso_path import run_lasso_path

GOOD = '[[member]]\nname = "Ana"\nnumber = "ist1"\ncontribution = "all"\n'


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "group.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_template_is_such_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--group-template"]) == 0
    printed = capsys.readouterr().out
    assert printed == TEMPLATE
    found = read_students(file(tmp_path, printed))
    assert [member.name for member in found.members] == ["Ana Silva", "Rui Costa"]
    assert found.says_who_did_what


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no member"),
        ("member = 3", "expected a [[member]] table"),
        ("member = [3]", "as member 1"),
        ('[[member]]\nnumber = "1"', "no name for member 1"),
        ('[[member]]\nname = ""', "no name for member 1"),
        ('[[member]]\nname = "\u200b"', "no name for member 1"),
        ("[[member]]\nname = 7", "expected text in quotes"),
        (GOOD + 'mail = "x"', "'mail' in member 1"),
        ('who = "x"\n' + GOOD, "'who' in the file"),
        ("contributions = [1]\n" + GOOD, "as contributions"),
        ("[[member", "no TOML"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = file(tmp_path, text)
    with pytest.raises(UsageError, match="expected") as caught:
        read_students(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_as_windows_writes_it(encoding: str, tmp_path: Path) -> None:
    text = TEMPLATE.replace("Ana", "Zoë").replace("\n", "\r\n")
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "group.toml").write_bytes(f"{mark}{text}".encode(encoding))
    assert read_students(tmp_path / "group.toml").members[0].name == "Zoë Silva"
    (tmp_path / "group.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="in another encoding, expected UTF-8"):
        read_students(tmp_path / "group.toml")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_students(tmp_path / "none.toml")


@pytest.mark.parametrize("escaped", [r"\u0000", r"\u001b", r"\u009f", r"\uE000", r"\uFFFF"])
@pytest.mark.parametrize("key", ["name", "number", "contribution"])
def test_characters_that_cannot_be_printed(escaped: str, key: str, tmp_path: Path) -> None:
    path = file(tmp_path, f'[[member]]\nname = "Ana"\n\n[[member]]\n{key} = "A{escaped}"')
    with pytest.raises(UsageError, match=rf"U\+{escaped[2:].upper()} in {key} of member 2"):
        read_students(path)


def test_names_of_any_script_stay(tmp_path: Path) -> None:
    path = file(tmp_path, '[[member]]\nname = "Zoë\\t陳 \U0001f600 علي"')
    assert read_students(path).members[0].name == "Zoë 陳 \U0001f600 علي"


@pytest.mark.parametrize(
    ("text", "warned"),
    [(GOOD, ""), ('[[member]]\nname = "Ana"', "10 points"), (None, "No group named")],
    ids=["whole", "without contributions", "no file"],
)
def test_the_front_page_warns(tmp_path: Path, text: str | None, warned: str) -> None:
    group = file(tmp_path, text) if text is not None else None
    info = replace(INFO, group=group)
    results = collect({}, tmp_path, info)
    assert any(warned in line for line in results.warnings)
    assert any("10 points" in line or "No group" in line for line in results.warnings) == bool(
        warned
    )
    assert [member.name for member in results.group] == (["Ana"] if text else [])


def test_the_path_is_a_run_that_the_report_tells(tmp_path: Path, tiny_data: Dataset) -> None:
    folder = run_lasso_path(tiny_data, tmp_path, Silent(), "quick")
    run = Run(folder)
    zeros = [point["zeros"] for point in run.summary["path"]]
    assert zeros[0] == 1.0
    assert zeros[-1] < zeros[1] < 1.0
    assert len(run.epochs) == run.setting("epochs") == len(zeros)
    path = collect({"1.2d": [folder]}, tmp_path, INFO).path
    assert path is not None
    assert [point.zeros for point in path.points] == zeros
    assert "100.00 %" in said({"1.2d": [folder]}, "1.2d", tmp_path / "report")
    assert (folder / "path.png").exists()
