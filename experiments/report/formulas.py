"""Which formulas of a text Typst takes; whatever else stands between dollar signs prints as it is.

A name from outside may hold dollar signs by accident, or code by intent. What Typst cannot read
would otherwise stop the whole report, so each formula is tried beforehand, where it can do no harm.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import typst

INLINE = re.compile(r"`[^`]+`|\$([^$]+)\$")
# Code in a formula: nothing but the two words that an operator's limits need.
_CODE = re.compile(r"#(?!(true|false)\b)")
_TRIAL = b'#for source in json(bytes(sys.inputs.sources)) { eval(source, mode: "math") }'


def broken_formulas(results: dict[str, Any]) -> list[str]:
    """The formulas of these results that Typst does not take, each once, in order."""
    sources = dict.fromkeys(_formulas(results))
    harmless = [source for source in sources if not _CODE.search(source)]
    taken = set(harmless if _compiles(harmless) else filter(lambda s: _compiles([s]), harmless))
    return [source for source in sources if source not in taken]


def _formulas(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if key == "formula":
            yield value
        for match in INLINE.finditer(value):
            if match[1] is not None:
                yield match[1]
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _formulas(entry, name)
    elif isinstance(value, list):
        for entry in value:
            yield from _formulas(entry)


def _compiles(sources: Sequence[str]) -> bool:
    try:
        typst.compile_with_warnings(
            _TRIAL,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"sources": json.dumps(sources)},
        )
    except typst.TypstError:
        return False
    return True
