"""What the project says of itself in several places is the same."""

import re
import tomllib
from pathlib import Path

import pytest

from experiments.cli.errors import ExitCode

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def found(pattern: str, file: str) -> str:
    match = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert match, f"{file}: nothing like {pattern}"
    return match[1]


def test_the_version_and_its_date_are_one() -> None:
    version, date = found(r"^## (\S+)", "CHANGELOG.md"), found(r"^## \S+ \((.+)\)", "CHANGELOG.md")
    assert version == PROJECT["version"] == found(r"^version: (.+)", "CITATION.cff")
    assert date == found(r"^date-released: (.+)", "CITATION.cff")


def test_the_lock_holds_what_is_asked_for() -> None:
    locked = dict(re.findall(r"^(\S+)==([\d.]+)", (ROOT / "requirements.lock").read_text(), re.M))
    asked = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    for requirement in asked:
        name, least = re.match(r"([\w-]+)>=([\d.]+)", requirement).groups()  # type: ignore[union-attr]
        assert numbers(locked[name]) >= numbers(least), requirement


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize("package", ["scratch", "jaxmodels", "analysis", "experiments"])
def test_every_package_is_typed_and_inside_the_wheel(package: str) -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert (ROOT / package / "py.typed").exists()
    assert f"{package}*" in build["setuptools"]["packages"]["find"]["include"]


def test_the_workflows_try_what_the_classifiers_promise() -> None:
    promised = {line.split(" :: ")[-1] for line in PROJECT["classifiers"] if ":: 3." in line}
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert promised == set(re.findall(r'"(3\.\d+)"', workflow))


@pytest.mark.parametrize("page", ["README.md", "docs/console.md"])
def test_every_exit_code_is_explained(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").partition("code | meaning |")[2]
    table = re.findall(r"^\| ([\d, ]+) \|", text, re.M)
    assert [int(code) for row in table for code in row.split(", ")] == [*map(int, ExitCode)]
