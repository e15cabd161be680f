"""Outputs of a run that print nothing."""


class Silent:
    """Says nothing and remembers it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def advance(self, label: str) -> None:
        assert label


class StoppedError(Exception):
    """The run is over."""


class StopAt(Silent):
    """Ends a run at so manyth line with this beginning."""

    def __init__(self, beginning: str, number: int) -> None:
        super().__init__()
        self.beginning, self.left = beginning, number

    def line(self, text: str) -> None:
        super().line(text)
        self.left -= text.startswith(self.beginning)
        if self.left == 0:
            raise StoppedError
