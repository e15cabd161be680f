"""Where the annotations of analysis/ are not checked, because that takes most of the time."""

from collections.abc import Iterator

import jaxtyping
import pytest


@pytest.fixture(scope="module")
def unchecked() -> Iterator[None]:
    """Leave out the checks for a module: the claims call small functions 100,000 times.

    test_verification.py tries every claim with them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jaxtyping.config, "jaxtyping_disable", True)
        yield
