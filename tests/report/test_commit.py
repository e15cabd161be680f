"""Which commit the report names, whatever `git` is and does."""

from pathlib import Path

import pytest

from experiments.report import front_page
from experiments.report.front_page import commit

GITS = {
    "hangs": "sleep 60",
    "fails": "exit 128",
    "answers in no UTF-8": r"printf '\377\033[2J'",
    "is of another project": "echo /elsewhere",
}


@pytest.mark.parametrize("name", GITS)
def test_a_git_that_does_not_help(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = tmp_path / "git"
    git.write_text(f"#!/bin/sh\n{GITS[name]}\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(front_page, "MAX_GIT_S", 0.5)
    assert commit() == "unknown"


def test_another_repository_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = commit()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert commit() == own
