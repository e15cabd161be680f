"""What is measured side by side in one run: `make bench`."""

import os
from pathlib import Path


def child_environment() -> dict[str, str]:
    """Return an environment in which child processes find this package, which is not installed."""
    before = os.environ.get("PYTHONPATH")
    here = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([here, before] if before else [here])}
