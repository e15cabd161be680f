"""Mutants: a module's text with one change, as Cosmic Ray makes it."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from mutation.rules import OPERATORS, Place, place


class Mutant(NamedTuple):
    """One change to one module.

    Attributes:
        module: the module's path in the repository, such as `scratch/block_sgd.py`.
        source: the first digits of the SHA-256 of its text, which the occurrence counts through.
        operator: Cosmic Ray's name of the change.
        occurrence: which of the places where it could be made.
        at: line from 1 and column from 0.
        place: what is around it.
    """

    module: str
    source: str
    operator: str
    occurrence: int
    at: tuple[int, int]
    place: Place

    @property
    def key(self) -> str:
        """The mutant's name as long as its module stays as it is."""
        return f"{self.module}@{self.source}:{self.operator}:{self.occurrence}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module that is to be tried, in the order of its lines."""
    text = path.read_text()
    tree, source = ast.parse(text), hashlib.sha256(text.encode()).hexdigest()[:12]
    nodes = list(ast_nodes(get_ast(text)))
    found = []
    for name in sorted(OPERATORS):
        operator = get_operator(name)()
        starts = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, at in enumerate(starts):
            around = place(tree, at)
            if not around.typing:
                found.append(Mutant(str(path), source, name, occurrence, at, around))
    yield from sorted(found, key=lambda mutant: (mutant.at, mutant.operator, mutant.occurrence))


def mutated(mutant: Mutant) -> str:
    """Return the module's text with the change."""
    operator = get_operator(mutant.operator)()
    text: str | None = mutate_code(Path(mutant.module).read_text(), operator, mutant.occurrence)
    return text or ""


def change(mutant: Mutant) -> tuple[str, str]:
    """Return the changed line before and after, or the first of them."""
    before, after = Path(mutant.module).read_text().splitlines(), mutated(mutant).splitlines()
    pairs = list(zip(before, after, strict=False))
    first = next((k for k, (a, b) in enumerate(pairs) if a != b), 0)
    if len(before) != len(after):  # a decorator gone
        return before[first].strip(), ""
    return before[first].strip(), after[first].strip()
