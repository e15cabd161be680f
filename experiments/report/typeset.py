"""The report's texts, its numbers and its figures as `report.pdf` and `report.html`.

`report.typ` and the folder `texts/` are copied beside `results.json`, so that a student can edit
them there and compile them unchanged. The compiler and its fonts come with the `typst` package; no
package is fetched, no date is written, and no font of the machine is used but for names in scripts
that the package's fonts lack, so that equal results give equal files.
"""

from importlib import resources
from pathlib import Path

import typst

from experiments.cli.errors import CommandError, as_run_folder_error
from experiments.cli.text import one_line
from experiments.files.atomic_write import atomic_write
from experiments.report.html_page import finished

MAIN, TEXTS = "report.typ", "texts"
_WITHOUT_FONT = "\u2e80"
"""From here on are Chinese, Japanese and Korean, and pictographs; before, what the fonts have."""
_PACKAGE = resources.files("experiments.report")


def typeset(out: Path, names: str = "") -> list[Path]:
    """Lay out the report of the `results.json` and the figures that lie in `out`.

    Args:
        out: gets `report.typ`, `texts/`, `report.pdf` and `report.html`.
        names: of people, which may need a font of the machine.

    Returns:
        The three files, the PDF and the page each whole or not at all.

    Raises:
        CommandError: Typst fails, or a file cannot be written; what exists is kept.
    """
    copy_sources(out)
    own_fonts = max(names, default="") < _WITHOUT_FONT
    pdf, page = out / "report.pdf", out / "report.html"
    printed, web = (compiled(out, kind, own_fonts) for kind in ("pdf", "html"))
    write_files({pdf: printed, page: finished(web.decode()).encode()})
    return [out / MAIN, pdf, page]


def copy_sources(out: Path) -> None:
    """Copy `report.typ` and its `texts/` into a folder.

    Raises:
        RunFolderError: a file cannot be written.
    """
    texts = [text for text in (_PACKAGE / TEXTS).iterdir() if text.name.endswith(".typ")]
    write_files(
        {out / MAIN: (_PACKAGE / MAIN).read_bytes()}
        | {out / TEXTS / text.name: text.read_bytes() for text in texts}
    )


def compiled(folder: Path, kind: str, own_fonts: bool = True, photographs: bool = True) -> bytes:
    """Return the report in `folder` as a PDF or as HTML.

    Args:
        folder: holds `report.typ`, its texts, figures and `results.json`.
        kind: "pdf" or "html".
        own_fonts: whether the compiler's own fonts are enough.
        photographs: whether figures with photographs are shown.

    Raises:
        CommandError: Typst cannot read a file, or does not understand it.
    """
    try:
        content, _ = typst.compile_with_warnings(  # type: ignore[call-overload]
            str(folder / MAIN),
            root=str(folder),
            format=kind,
            ignore_system_fonts=own_fonts,
            sys_inputs={"format": kind, "photographs": "yes" if photographs else "no"},
        )
    except typst.TypstError as error:
        told = "; ".join([error.message, *error.hints])
        raise CommandError(
            f"{folder / MAIN}: cannot be typeset as {kind} (Typst: {one_line(told)}), expected "
            "results of this version; make the report again"
        ) from None
    return bytes(content)


def write_files(contents: dict[Path, bytes]) -> None:
    """Write files, each whole or not at all; make the folder that they go to.

    Raises:
        RunFolderError: one of them cannot be written.
    """
    for path, content in contents.items():
        with as_run_folder_error(path):
            path.parent.mkdir(exist_ok=True)
            with atomic_write(path) as file:
                file.write(content)
