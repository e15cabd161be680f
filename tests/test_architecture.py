"""Rules of the house that import-linter cannot say: what a room may import at all."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "scratch": {"numpy", "jaxtyping"},
    "analysis": {"numpy", "jaxtyping", "sympy", "mpmath"},
    "jaxmodels": {"numpy", "jaxtyping", "jax", "flax", "optax", "chex"},
}


def imported(source: str) -> set[str]:
    """Top-level names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = ALLOWED[room] | {room} | set(sys.stdlib_module_names)
    for file in (ROOT / room).rglob("*.py"):
        assert imported(file.read_text()) <= allowed, file


def test_the_rule_can_fail() -> None:
    assert imported("def f():\n    from scipy.linalg import svd\n    import torch.nn") == {
        "scipy",
        "torch",
    }


@pytest.mark.parametrize("room", ["jaxmodels", "experiments"])
def test_jax_is_used_by_its_public_names(room: str) -> None:
    for file in (ROOT / room).rglob("*.py"):
        assert not re.search(r"\bjax(lib)?\._[a-z]", file.read_text()), file
