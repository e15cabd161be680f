"""An output of a run that prints nothing."""


class Silent:
    """Says nothing and remembers it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def advance(self, label: str) -> None:
        assert label
