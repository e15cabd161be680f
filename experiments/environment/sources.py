"""The hash of the sources that decide a run's numbers, found from what they import.

From the functions that train a run, names are followed to where they are defined: through the
module, and through its imports within `scratch`, `jaxmodels`, `analysis` and the functions' own
package. A module counts if a name in it is reached, and then as a whole file.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("scratch", "jaxmodels", "analysis")


@lru_cache(maxsize=64)
def sources_hash(*roots: str, root: Path = ROOT) -> str:
    """Return the SHA-256 over all sources that decide: equal hashes, equal results.

    Args:
        roots: functions or classes, such as `scratch.training:next_epoch`, or whole modules.
        root: the folder of the packages.
    """
    digest = hashlib.sha256()
    for file in deciding_files(*roots, root=root):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def deciding_files(*roots: str, root: Path = ROOT) -> list[Path]:
    """Return the files that `sources_hash` is taken over, in the order of their names."""
    modules: dict[str, _Module] = {}
    reached: set[_Name] = set()
    waiting = [_Name(*name.partition(":")[::2]) for name in roots]
    followed = (*PACKAGES, *(name.module.rpartition(".")[0] for name in waiting))
    while waiting:
        name = waiting.pop()
        if name in reached or not f"{name.module}.".startswith(tuple(f"{p}." for p in followed)):
            continue
        reached.add(name)
        if name.module not in modules:
            modules[name.module] = _Module(name.module, root)
        waiting += modules[name.module].used_by(name.name)
    return sorted({module.file for module in modules.values()})


class _Name(NamedTuple):
    """A name in a module; "" for all that the module has."""

    module: str
    name: str


class _Module:
    """A module's top level: what each statement binds, and what it uses."""

    def __init__(self, name: str, root: Path) -> None:
        self._name, self._root = name, root
        folder = root.joinpath(*name.split("."))
        self.file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        self._top = ast.parse(self.file.read_bytes()).body

    def used_by(self, name: str) -> Iterator[_Name]:
        """Yield what a name's definition uses; what binds no name is used by every one."""
        if name in self._imported:
            yield self._imported[name]
        for bound, used in self._statements:
            if not name or not bound or name in bound:
                yield from used

    @cached_property
    def _statements(self) -> list[tuple[set[str], set[_Name]]]:
        """The names that each statement binds, and those that it uses."""
        return [
            (_bound(statement), set(self._used(statement)))
            for statement in self._top
            if not isinstance(statement, ast.Import | ast.ImportFrom)
        ]

    def _used(self, statement: ast.stmt) -> Iterator[_Name]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                if node.id in self._imported:
                    yield self._imported[node.id]
                elif isinstance(node.ctx, ast.Load):
                    yield _Name(self._name, node.id)

    @cached_property
    def _imported(self) -> dict[str, _Name]:
        """What stands behind every imported name, wherever in the module the import is."""
        found = {}
        for node in (node for top in self._top for node in ast.walk(top)):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                for alias in node.names:
                    inner = self._root.joinpath(*module.split("."), alias.name)
                    is_module = inner.is_dir() or inner.with_suffix(".py").exists()
                    target = (f"{module}.{alias.name}", "") if is_module else (module, alias.name)
                    found[alias.asname or alias.name] = _Name(*target)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    # `import a.b` binds `a`; all of `a.b` may be meant by it.
                    bound = alias.asname or alias.name.partition(".")[0]
                    found[bound] = _Name(alias.name, "")
        return found


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of the top level binds."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
        return {node.id for node in stored if isinstance(node.ctx, ast.Store)}
    return set()
