"""Which of Cosmic Ray's changes are tried, and where none is.

Cosmic Ray replaces every operator by every other one. Most of that is noise: `x << y` fails on
floats at once and makes a kill rate look better than it is. Here an operator has one or two
replacements, those that people really confuse it with.
"""

import ast
from typing import NamedTuple

BINARY = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_FloorDiv", "Pow_Mul",
          "LShift_RShift", "RShift_LShift", "BitAnd_BitOr", "BitOr_BitAnd")  # fmt: skip
COMPARISON = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE",
              "GtE_Gt", "GtE_Lt", "Is_IsNot", "IsNot_Is")  # fmt: skip
UNARY = ("USub_UAdd", "Delete_Not", "Delete_Invert")
OPERATORS = frozenset(
    [f"core/ReplaceBinaryOperator_{pair}" for pair in BINARY]
    + [f"core/ReplaceComparisonOperator_{pair}" for pair in COMPARISON]
    + [f"core/ReplaceUnaryOperator_{pair}" for pair in UNARY]
    + [
        "core/NumberReplacer",
        "core/AddNot",
        "core/ReplaceAndWithOr",
        "core/ReplaceOrWithAnd",
        "core/ReplaceTrueWithFalse",
        "core/ReplaceFalseWithTrue",
        "core/ReplaceBreakWithContinue",
        "core/ReplaceContinueWithBreak",
        "core/ZeroIterationForLoop",
        "core/ExceptionReplacer",
        "core/RemoveDecorator",
    ]
)

Position = tuple[int, int]


class Place(NamedTuple):
    """Where a change lies.

    Attributes:
        lines: the lines of the innermost statement around it, without the blocks inside that.
        at_import: whether the statement runs when the module is imported, and not in a test.
        typing: whether it lies in a type, which decides nothing that a program computes.
    """

    lines: range
    at_import: bool
    typing: bool


def _holds(node: ast.AST, at: Position) -> bool:
    if not isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.excepthandler, ast.keyword)):
        return False
    return (node.lineno, node.col_offset) <= at < (node.end_lineno or 0, node.end_col_offset or 0)


def _header(statement: ast.stmt) -> range:
    """Return a statement's lines up to the first block inside it."""
    first = [getattr(statement, name) for name in ("body", "handlers") if hasattr(statement, name)]
    inside = [block[0].lineno for block in first if block]
    end = min(inside) - 1 if inside else (statement.end_lineno or statement.lineno)
    return range(statement.lineno, max(end, statement.lineno) + 1)


def _is_type(node: ast.AST) -> bool:
    """`X | None`, `Callable[...] | str` and the like, outside annotations."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)):
        return False
    return any(
        isinstance(side, ast.Subscript) or (isinstance(side, ast.Constant) and side.value is None)
        for side in (node.left, node.right)
    )


def place(tree: ast.Module, at: Position) -> Place:
    """Find out about the place `at` (line from 1, column from 0) in a module's syntax tree."""
    lines, functions, typing = range(at[0], at[0] + 1), 0, False

    def visit(node: ast.AST) -> None:
        nonlocal lines, functions, typing
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.arguments):
                    visit(child)
                    continue
                if isinstance(child, ast.AST) and (
                    _holds(child, at) or not hasattr(child, "lineno")
                ):
                    if field in ("annotation", "returns") or _is_type(child):
                        typing = True
                    if isinstance(child, ast.stmt):
                        lines = _header(child)
                        functions += isinstance(node, (ast.FunctionDef, ast.Lambda))
                    visit(child)

    visit(tree)
    return Place(lines, functions == 0, typing)
