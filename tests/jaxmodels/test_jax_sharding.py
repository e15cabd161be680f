"""A sweep over eight virtual devices is the sweep on one, for both axes of the mesh."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sharding_child

from jaxmodels.sharding import (
    MIN_EXAMPLES_PER_DEVICE,
    Layout,
    choose_layout,
    device_mesh,
    mesh_of,
    replicate,
)

TOLERANCE = 2e-5  # a few roundings of numbers up to 10; the largest seen is 4e-7
CHILD = Path(__file__).with_name("sharding_child.py")
CASES = {
    "runs": 8,
    "runs that do not divide": 3,
    "data": 8,
    "data that do not divide": 8,
    "both, neither divides, side by side": 8,
}


@pytest.fixture(scope="module")
def report() -> dict:
    if jax.device_count() == 8:  # as where mutants are tried, which another process would not see
        return sharding_child.compare()
    flags = {
        **os.environ,
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
        "JAX_PLATFORMS": "cpu",
    }
    done = subprocess.run(
        [sys.executable, CHILD], env=flags, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", CASES)
def test_a_mesh_gives_what_one_device_gives(report: dict, name: str) -> None:
    assert report[name]["devices"] == CASES[name]
    placed, expected = report[name]["placed"]
    assert placed == expected
    assert report[name]["difference"] < TOLERANCE


def test_wrong_variants_are_told_apart(report: dict) -> None:
    assert report["dropping the rest"]["difference"] > 10 * TOLERANCE
    swapped = [case["runs swapped"] for case in report.values() if case.get("runs swapped")]
    assert len(swapped) == 3
    assert min(swapped) > 10 * TOLERANCE


@pytest.mark.parametrize(
    ("devices", "runs", "batch_size", "expected"),
    [
        (8, 8, 64, Layout(8, 1)),
        (8, 12, 64, Layout(6, 1)),  # two rounds of six beat a round of eight and one of four
        (8, 3, 64, Layout(3, 1)),
        (8, 3, 2 * MIN_EXAMPLES_PER_DEVICE, Layout(3, 2)),
        (8, 3, 100 * MIN_EXAMPLES_PER_DEVICE, Layout(3, 2)),  # two devices are left idle
        (8, 1, 8 * MIN_EXAMPLES_PER_DEVICE, Layout(1, 8)),
        (8, 1, 8 * MIN_EXAMPLES_PER_DEVICE - 1, Layout(1, 7)),
        (1, 5, 10**6, Layout(1, 1)),
    ],
)
def test_layouts(devices: int, runs: int, batch_size: int, expected: Layout) -> None:
    assert choose_layout(devices, runs, batch_size) == expected


def test_a_layout_for_several_processes_leaves_no_device_out() -> None:
    for devices in range(1, 20):
        for runs in range(1, 20):
            layout = choose_layout(devices, runs, 1, use_all=True)
            assert layout.runs * layout.data == devices
            assert layout.runs <= runs


def test_which_choice_it_is_has_to_be_named() -> None:
    with pytest.raises(TypeError, match="positional"):
        choose_layout(8, 1, 64, True)  # type: ignore[misc]


def test_where_arrays_lie() -> None:
    mesh = device_mesh(Layout(1, 1))
    assert mesh_of(replicate(jnp.ones(3), mesh)) == mesh
    assert mesh_of(jnp.ones(3)) is None
    assert mesh_of(np.ones(3)) is None


def test_too_few_devices_are_refused() -> None:
    with pytest.raises(ValueError, match=r"got .* devices, expected 10000"):
        device_mesh(Layout(100, 100))
