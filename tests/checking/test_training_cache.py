"""What hw1-check keeps of its trainings is used again where the same numbers would come out."""

import os
import subprocess
import sys

import pytest

from experiments.checking.training.cache import key_of
from experiments.environment import provenance


def test_a_key_does_not_depend_on_what_else_was_imported() -> None:
    program = (
        "{}from experiments.checking.training.cache import key_of; print(key_of(['numpy'], 'mlp'))"
    )
    keys = {
        subprocess.run(
            [sys.executable, "-c", program.format(first)],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ,
        ).stdout.strip()
        for first in ("", "import jax; ")
    }
    assert keys == {key_of(["numpy"], "mlp")}


@pytest.mark.parametrize("changed", ["numpy", "jax"])
def test_a_key_changes_with_the_libraries_that_decide(
    changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_of(["numpy"], "mlp"), key_of(provenance.LIBRARIES, "mlp")
    known = provenance.metadata.version
    monkeypatch.setattr(
        provenance.metadata, "version", lambda name: known(name) + "x" * (name == changed)
    )
    after = key_of(["numpy"], "mlp"), key_of(provenance.LIBRARIES, "mlp")
    assert (before[0] != after[0]) == (changed == "numpy")
    assert before[1] != after[1]
