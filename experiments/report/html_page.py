"""What Typst's HTML lacks: a style sheet, and a font for mathematics inside the page."""

import base64
import io
import re
from importlib import resources
from pathlib import Path

import matplotlib as mpl
from fontTools import subset
from fontTools.ttLib import TTFont

_FONT = "STIXGeneral.ttf"
"""The font of Matplotlib's that has all mathematical letters; its licence allows embedding."""
_MARK_AFTER = re.compile(r"(<math>(?:(?!</math>).)*</math>[,.;:)]+)", re.DOTALL)


def finished(page: str) -> str:
    """Return the page with its style and its mathematics font in the head.

    A hat that combines with the letter before it is put beside it by browsers without a font for
    mathematics; the hat that stands alone goes above it everywhere. A line may break after a
    formula, even before the comma that follows it: both are kept together.
    """
    page = page.replace("<mo>\u0302</mo>", '<mo stretchy="false">^</mo>')
    page = _MARK_AFTER.sub(r'<span class="kept">\1</span>', page)
    font = base64.b64encode(mathematics_font(page)).decode()
    face = (
        '@font-face { font-family: "Report Mathematics"; '
        f'src: url("data:font/woff;base64,{font}") format("woff"); }}'
    )
    style = resources.files("experiments.report").joinpath("report.css").read_text("utf-8")
    return page.replace("</head>", f"<style>\n{face}\n{style}</style>\n</head>", 1)


def mathematics_font(page: str) -> bytes:
    """Return the part of the font that the page's characters need, as WOFF."""
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / _FONT
    font = TTFont(path, recalcTimestamp=False)  # the same bytes each time
    options = subset.Options(flavor="woff", hinting=False)
    options.drop_tables += ["FFTM"]  # when the font was made; the subsetter warns of it
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=page + "\N{SQUARE ROOT}")  # which the browser draws itself
    subsetter.subset(font)
    font.flavor = "woff"
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()
