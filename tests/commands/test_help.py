"""`--help` of every command fits a terminal of 80 columns, and has what the pages tell to type."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from bad_flags import COMMANDS, SUBCOMMANDS

from experiments import hw1
from experiments.cli.errors import ExitCode

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FLAG = r"(?<!\S)--?[a-zA-Z][\w-]*"

LINES = [(module, []) for module in (*COMMANDS, *SUBCOMMANDS, "experiments.hw1")]
LINES += [(module, [name]) for module, names in SUBCOMMANDS.items() for name in names]


@pytest.mark.parametrize(("module", "line"), LINES)
def test_it_fits(
    module: str,
    line: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert import_module(module).main([*line, "--help"]) == ExitCode.DONE
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("usage: ")
    assert max(map(len, printed)) <= 80
    assert not any("130" in text for text in printed)  # exit codes are in the README and in docs/


@pytest.mark.parametrize("module", dict(LINES))
def test_it_runs_as_a_module_too(module: str) -> None:
    ending = 'if __name__ == "__main__":\n    raise SystemExit(main())\n'
    assert Path(import_module(module).__file__ or "").read_text("utf-8").endswith(ending)


@pytest.mark.parametrize(("module", "line"), [row for row in LINES if "publish" not in row[0]])
def test_the_version(module: str, line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert import_module(module).main([*line, "--version"]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert re.fullmatch(r"hw1[\w -]* \d+\.\d+\.\d+\n", out)
    assert err == ""


def typed(page: str) -> list[str]:
    """The lines beginning with a command, in code spans and in indented blocks, without remarks."""
    joined = page.replace("\\\n", " ")
    blocks = re.findall(r"^ {4}(?:\$ )?(hw1(?:-\w+)? .+?)(?:\s{2,}#.*)?$", joined, re.MULTILINE)
    spans = re.findall(r"`(hw1(?:-\w+)?\s[^`]+)`", joined)
    return [" ".join(line.split()) for line in blocks + spans]


def unknown(line: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The flags on this line that its command's `--help` does not name."""
    program, *words = line.split()
    name = program.removeprefix("hw1-") if program != "hw1" else words.pop(0)
    if name not in hw1.COMMANDS:
        return set() if name == "--help" else {name}
    module = f"experiments.{hw1.COMMANDS[name][0]}"
    sub = words[:1] if words and words[0] in SUBCOMMANDS.get(module, ()) else []
    assert import_module(module).main([*sub, "--help"]) == ExitCode.DONE
    return set(re.findall(FLAG, " ".join(words))) - set(re.findall(FLAG, capsys.readouterr().out))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_pages_tell_to_type_exists(page: Path, capsys) -> None:
    wrong = {line: unknown(line, capsys) for line in typed(page.read_text(encoding="utf-8"))}
    assert not any(wrong.values()), wrong


def test_a_flag_or_command_that_is_not_there_is_noticed(capsys) -> None:
    page = "`hw1-q1 mlp\n-hidden 3`\n\n    $ hw1-data prepare --size 3   # so\n    hw1 learn\n"
    found = [unknown(line, capsys) for line in typed(page)]
    assert found == [{"--size"}, {"learn"}, {"-hidden"}]
