"""The assignment's construction: which directions are moved, by how much, and what is left out."""

import numpy as np
import pytest

from analysis import attainable, join_c, recover_theta
from analysis.attainment import Attainable
from analysis.constructions import assignment_construction, directions
from analysis.spectrum import EPS

SINGULAR = np.diag([0.0, 1.0])


def test_best_move_is_half_the_root_of_eps_times_the_part_of_l():
    units = assignment_construction(
        np.array([0.75, 0.5]), SINGULAR, Attainable("in the limit", 1, 2, 1e-15, 0.0), None
    )
    assert units.v == pytest.approx([-0.75 * np.sqrt(EPS) / 2, -1.0], rel=1e-14, abs=0)
    assert np.abs(units.v * (1 - 2 * units.b)) == pytest.approx([0.75, 0.5], rel=1e-7)


def test_given_move_is_taken():
    units = assignment_construction(
        np.array([0.75, 0.5]), SINGULAR, Attainable("in the limit", 1, 2, 1e-15, 0.0), 0.125
    )
    assert units.v.tolist() == [-0.125, -1.0]


@pytest.mark.parametrize("quadratic", [2.0**-40, 1.0], ids=["small M", "M like l"])
def test_a_direction_without_a_part_of_l_is_neither_moved_nor_used(quadratic):
    """v = 0 there, and b = 1/2: nothing of l is left in it."""
    M = quadratic * np.diag([0.0, 1.0, 3.0])
    units = assignment_construction(
        np.array([0.0, 1.0, 1.0]), M, attainable(join_c(0.0, np.array([0.0, 1.0, 1.0]), M), 3), None
    )
    assert units.v.tolist() == [0.0, -quadratic, -3 * quadratic]
    assert units.b[0] == 0.5


def test_a_small_l_is_moved_for_all_the_same():
    """What counts is its direction, not its size."""
    c = join_c(0.0, np.array([2.0**-30, 2.0**-30]), SINGULAR)
    assert recover_theta(c, 2, method="assignment").achieved < 1e-15


@pytest.mark.parametrize(("part", "moved"), [(3.0, False), (3.0000001, True)], ids=["at", "above"])
def test_a_part_of_l_up_to_the_tolerance_is_none(part, moved):
    """|l| = 5, and a tolerance of 0.6 is 3."""
    units = assignment_construction(
        np.array([part, 4.0]), SINGULAR, Attainable("in the limit", 1, 2, 0.6, 0.0), 0.25
    )
    assert units.v.tolist() == [-0.25 if moved else 0.0, -1.0]


def test_nothing_is_moved_where_the_ranks_have_l_inside():
    """A part of l just above the tolerance, whose singular value beside M is below it."""
    l = np.array([1.2 * attainable(join_c(0.0, np.ones(2), np.eye(2)), 2).tolerance, 1.0])
    found = attainable(join_c(0.0, l, SINGULAR), 2)
    assert (found.rank_m, found.rank_ml) == (1, 1)
    assert assignment_construction(l, SINGULAR, found, None).v.tolist() == [0.0, -1.0]


def test_whether_l_is_outside_is_said_by_name():
    inside = attainable(join_c(0.0, np.ones(2), np.eye(2)), 2)
    assert directions(np.ones(2), np.eye(2), inside, 2, outside=False) is None
    with pytest.raises(TypeError, match="positional"):
        directions(np.ones(2), np.eye(2), inside, 2, False)  # type: ignore[misc]
