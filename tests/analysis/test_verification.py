"""The claims hold, each can fail, and the command says so."""

import dataclasses
import math

import jaxtyping
import numpy as np
import pytest
from quadratic_cases import minus_lambda

from analysis import symbolic, verify
from analysis.claims import CLAIMS, Settings
from analysis.claims.base import Claim, Source, WorstCase
from analysis.claims.least_squares import network_reaches
from analysis.claims.polynomials import POLYNOMIALS
from analysis.claims.random_cases import cases
from analysis.claims.recovery import RECOVERY
from analysis.spectrum import ranks
from analysis.table import HEADER, legend, row, summary

SMALL = Settings(dims=(2,), trials=1)
FLAGS = ["--dims", "2", "--trials", "1"]


@pytest.fixture(scope="module")
def found():
    """Every claim, tried once."""
    return {claim.__name__: claim(SMALL) for claim in CLAIMS}


@pytest.mark.parametrize("name", [claim.__name__ for claim in CLAIMS])
def test_holds_and_prints_in_80_columns(name, found):
    claim = found[name]
    assert claim.holds, claim
    assert claim.cases > 0
    assert len(claim.statement) <= 42
    assert len(row(claim)) <= 80


def test_names_are_unique_and_every_part_is_there(found):
    claims = found.values()
    assert len({claim.name for claim in claims}) == len(CLAIMS)
    assert {claim.question for claim in claims} == {"3.1", "3.2", "3.3", "3.4"}
    assert all(len(line) <= 80 for line in [HEADER, *legend(), summary(claims)])


def test_other_seeds_hold_too(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    other = dataclasses.replace(SMALL, dims=(1, 3), seed=11)
    assert all(claim(other).holds for claim in CLAIMS if claim not in POLYNOMIALS)


def test_drawn_ranks_are_the_built_ones():
    for case in cases(6, np.random.default_rng(0)):
        D = 6
        linear, M = case.c[1 : 1 + D], np.zeros((D, D))
        j, k = np.triu_indices(D, 1)
        M[j, k] = case.c[1 + 2 * D :]
        M += M.T + np.diag(case.c[1 + D : 1 + 2 * D])
        found = ranks(linear, M)
        assert (found.r, found.r_l) == (case.r, case.r_l), case.label


def test_groebner_bases_tell_solvable_from_unsolvable():
    assert symbolic.has_no_solution([1], [[0]], 1)
    assert not symbolic.has_no_solution([1], [[0]], 2)


def test_symbols_notice_a_wrong_term(monkeypatch):
    assert symbolic.terms(symbolic.sp.Symbol("x") * 0) == 0
    features = symbolic.Network.features
    monkeypatch.setattr(symbolic.Network, "features", lambda self: [f / 2 for f in features(self)])
    assert symbolic.hidden_gap(2, 1) > 0
    assert symbolic.output_gap(2, 1) > 0


@pytest.mark.parametrize(
    ("added", "worst", "holds"),
    [
        ([(1e-16, 1e-15), (2e-15, 1e-12)], (1e-16, 1e-15), True),
        ([(1e-16, 1e-15), (2e-12, 1e-12)], (2e-12, 1e-12), False),
        ([(0.0, 0.0)], (0.0, 0.0), True),
        ([(1.0, 0.0), (1e-9, 1e-3)], (1.0, 0.0), False),
        ([(1e-16, 1e-15), (math.inf, 1.0)], (math.inf, 1.0), False),
    ],
    ids=["kept", "exceeded", "exact", "not exact", "infinite"],
)
def test_worst_is_the_one_nearest_its_tolerance(added, worst, holds):
    kept = WorstCase()
    for residual, tolerance in added:
        kept.add(residual, tolerance)
    claim = kept.claim("3.1", "name", "statement", Source.ROUNDING)
    assert (claim.worst, claim.tolerance, claim.cases, claim.holds) == (*worst, len(added), holds)


def test_nan_never_holds():
    for at_least in (False, True):
        kept = WorstCase(at_least=at_least)
        kept.add(2.0, 2.0)
        kept.add(math.nan, 1.0)
        assert not kept.claim("3.1", "name", "statement", Source.ROUNDING).holds


def _claim(worst: float, cases: int = 1) -> Claim:
    return Claim("3.1", "invented", "an invented claim", cases, worst, 1.0, Source.THEOREM)


def test_command_prints_the_same_table_again_and_returns_0(found, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    drawn = tuple(claim for claim in CLAIMS if claim not in POLYNOMIALS)
    monkeypatch.setattr(verify, "CLAIMS", drawn)
    assert verify.main(FLAGS) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[1 : len(drawn) + 1] == [row(found[claim.__name__]) for claim in drawn]
    assert max(map(len, lines)) <= 80
    assert lines[-1].endswith("all hold")
    assert printed.err == ""
    assert list(tmp_path.iterdir()) == []


def test_command_returns_1_when_a_claim_fails(capsys, monkeypatch):
    monkeypatch.setattr(verify, "CLAIMS", (lambda _: _claim(0.5), lambda _: _claim(1.5)))
    assert verify.main([]) == 1
    out = capsys.readouterr().out
    assert "FAILS" in out
    assert out.splitlines()[-1] == "2 claims, 2 cases: 1 FAIL: invented"


def test_command_returns_1_when_the_mathematics_is_broken(capsys, monkeypatch):
    monkeypatch.setattr("analysis.constructions.scaled_units", minus_lambda)
    monkeypatch.setattr(verify, "CLAIMS", (*RECOVERY, network_reaches))
    assert verify.main(["--dims", "2", "--trials", "1"]) == 1
    assert "FAIL" in capsys.readouterr().out.splitlines()[-1]


def test_a_claim_without_a_case_is_none(capsys, monkeypatch):
    monkeypatch.setattr(verify, "CLAIMS", (lambda _: _claim(0.0, cases=0),))
    assert verify.main([]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith("none")


def test_eps_is_what_recoveries_are_held_against():
    claim = next(claim for claim in CLAIMS if claim.__name__ == "enough_units")
    assert not claim(dataclasses.replace(SMALL, eps=1e-19)).holds
    assert claim(dataclasses.replace(SMALL, eps=1e-12)).tolerance == 1e-12


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--dims", "0"], "--dims: got '0'"),
        (["--dims", "two"], "--dims: got 'two'"),
        (["--dims"], "expected at least one argument"),
        (["--hidden", "-1"], "--hidden"),
        (["--trials", "0"], "--trials: got '0'"),
        (["--trials", "1.5"], "--trials: got '1.5'"),
        (["--seed", "-3"], "--seed"),
        (["--eps", "0"], "--eps: got '0'"),
        (["--eps", "nan"], "--eps: got 'nan'"),
        (["--dim", "1"], "unrecognized arguments"),
        (["stray"], "unrecognized arguments"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_flags_are_refused_in_one_line(argv, message, capsys):
    assert verify.main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert message in printed.err


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version(flag, capsys):
    assert verify.main([flag]) == 0
    assert "analysis.verify" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [{"dims": ()}, {"dims": (0,)}, {"hidden": (0,)}, {"trials": 0}, {"seed": -1}, {"eps": 0.0}],
    ids=str,
)
def test_settings_check_themselves(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)
