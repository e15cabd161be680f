"""What is measured side by side in one run: `make bench`."""

import os
from pathlib import Path


def child_environment() -> dict[str, str]:
    """Return an environment in which child processes find this package, which is not installed."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
