"""`results.json` and its figures as `report.pdf` and `report.html`: one Typst template for both.

The compiler and its fonts come with the `typst` package; no package is fetched, no date is written,
and no font of the machine is used but for names in scripts that the package's fonts lack, so that
equal results give equal files.
"""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from experiments.cli.commands import CommandError
from experiments.cli.text import one_line
from experiments.files.atomic_write import atomic_write
from experiments.report.formulas import broken_formulas

_WITHOUT_FONT = "\u2e80"
"""From here on are Chinese, Japanese and Korean, and pictographs; before, what the fonts have."""
_PACKAGE = resources.files("experiments.report")


def typeset(results_json: Path, out: Path) -> list[Path]:
    """Lay out the report.

    Args:
        results_json: the results; its figures' names are relative to its folder.
        out: the folder that gets `report.pdf` and `report.html`, each whole or not at all.

    Returns:
        The two files.

    Raises:
        CommandError: the results cannot be read, a figure is missing, or Typst fails; what exists
            is kept.
    """
    results = _read(results_json)
    for figure in _figures(results):
        if not (results_json.parent / figure).is_file():
            raise CommandError(
                f"{results_json.parent / figure}: got no such figure, expected one, as "
                f"{results_json} names it; draw it again"
            )
    inputs = {
        "results": results_json.name,
        "broken": json.dumps(broken_formulas(results)),
    }
    front = json.dumps(results["front"], ensure_ascii=False)
    own_fonts = max(front) < _WITHOUT_FONT
    pdf = _compile(results_json, inputs | {"format": "pdf"}, out / "report.pdf", own_fonts)
    page = _compile(results_json, inputs | {"format": "html"}, out / "report.html", own_fonts)
    written = {out / "report.pdf": pdf, out / "report.html": with_style(page.decode()).encode()}
    for path, content in written.items():
        try:
            with atomic_write(path) as file:
                file.write(content)
        except OSError as error:
            raise CommandError(
                f"{path}: cannot be written ({error.strerror or error}), expected a folder with "
                "room; free some, or name another with --out"
            ) from None
    return list(written)


def with_style(page: str) -> str:
    """The page with the style sheet in its head.

    A hat that combines with the letter before it is put beside it by browsers without a font for
    mathematics; the hat that stands alone goes above it everywhere.
    """
    page = page.replace("<mo>\u0302</mo>", '<mo stretchy="false">^</mo>')
    style = (_PACKAGE / "report.css").read_text()
    return page.replace("</head>", f"<style>\n{style}</style>\n</head>", 1)


def _compile(results_json: Path, inputs: dict[str, str], path: Path, own_fonts: bool) -> bytes:
    try:
        content, _ = typst.compile_with_warnings(  # type: ignore[call-overload]
            (_PACKAGE / "template.typ").read_bytes(),
            root=str(results_json.parent.resolve()),
            format=path.suffix[1:],
            ignore_system_fonts=own_fonts,
            sys_inputs=inputs,
        )
    except typst.TypstError as error:
        told = "; ".join([error.message, *error.hints])
        raise CommandError(
            f"{path}: cannot be typeset from {results_json} (Typst: {one_line(told)}), expected "
            "results of this version; make the report again"
        ) from None
    return bytes(content)


def _read(path: Path) -> dict[str, Any]:
    try:
        results = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(
            f"{path}: got no results ({one_line(error)}), expected JSON; make the report again"
        ) from None
    if not isinstance(results, dict):
        raise CommandError(f"{path}: got no JSON object, expected one; make the report again")
    return results


def _figures(results: dict[str, Any]) -> Iterator[str]:
    for section in [*results.get("sections", []), *results.get("beyond", [])]:
        for figure in section["figures"]:
            yield figure["file"]
