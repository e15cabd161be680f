"""The page on question 3, whose numbers are computed by tests."""

from pathlib import Path

FILE = Path(__file__).parents[1] / "docs" / "question3.md"
TEXT = FILE.read_text()
PAGE = " ".join(TEXT.split())
"""The text with every run of blanks and line ends made one blank."""
