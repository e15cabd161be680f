"""Code in Markdown pages that is included from the project's sources, and code that is run.

A fenced block after `<!-- source: jaxmodels.plain.train_step -->` holds that function, class or
method without its docstrings; several names are joined. A block after `<!-- run -->` is run, all
blocks of a page in order and in one namespace; its asserts are the page's claims.

    python -m tests.docbuild.include docs/numpy-beside-jax.md     # writes the included code anew
"""

import ast
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCE = re.compile(r"(<!-- source: ([\w. ]+) -->\n+```python\n)(.*?)(```\n)", re.DOTALL)
RUN = re.compile(r"<!-- run -->\n+```python\n(.*?)```\n", re.DOTALL)


def included(page: str) -> str:
    """Return the page with the code under every source marker as it is in the sources now."""

    def anew(found: re.Match[str]) -> str:
        return found[1] + "\n\n".join(map(source_of, found[2].split())) + found[4]

    return SOURCE.sub(anew, page)


def run_code(page: str, namespace: dict[str, Any]) -> int:
    """Run the page's blocks, and return how many there were."""
    blocks = RUN.findall(page)
    for block in blocks:
        exec(compile(block, "<page>", "exec"), namespace)  # noqa: S102  # the project's own page
    return len(blocks)


def source_of(name: str) -> str:
    """Return the source of a dotted name, such as `scratch.mlp.update`, without docstrings.

    Raises:
        LookupError: there is no such module, or nothing of that name in it.
    """
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        file = ROOT.joinpath(*parts[:cut]).with_suffix(".py")
        if file.is_file():
            return _definition(file.read_text(), parts[cut:])
    raise LookupError(f"{name}: no such module")


def _definition(source: str, path: list[str]) -> str:
    node: Any = ast.parse(source)
    for part in path:
        inside = [child for child in node.body if getattr(child, "name", None) == part]
        if not inside:
            raise LookupError(f"{'.'.join(path)}: no {part} there")
        node = inside[0]
    decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", [])]
    drop = _docstring_lines(node)
    numbered = enumerate(source.splitlines()[: node.end_lineno], 1)
    first = min([node.lineno, *decorators])
    kept = [line for number, line in numbered if number >= first and number not in drop]
    return textwrap.dedent("\n".join(kept)).rstrip() + "\n"


def _docstring_lines(definition: ast.AST) -> set[int]:
    """Return the numbers of the lines of all docstrings inside, each with a blank line after it."""
    lines: set[int] = set()
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            docstring, *rest = node.body
            end = rest[0].lineno if rest else docstring.end_lineno + 1  # type: ignore[operator]
            decorated = getattr(rest[0], "decorator_list", []) if rest else []
            end = min([end, *(decorator.lineno for decorator in decorated)])
            lines.update(range(docstring.lineno, end))
    return lines


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        page.write_text(included(page.read_text()))
