"""Where the assignment's own text is wrong, with what the verification of question 3 found."""

from experiments.report.results import Erratum
from experiments.report.theory import Theory


def errata(theory: Theory | None) -> list[Erratum]:
    """All errata; evidence from a run of `hw1-q3`, or the argument alone where there is none."""
    return [_lost_sign(theory), _stacking(theory), _independence(theory), _loss_gap()]


def _lost_sign(theory: Theory | None) -> Erratum:
    evidence = "With $D = K = 1$, $W = 1$, $b = 0$, $v = 1$: $h = x - x^2$, so $M = -1$."
    if theory:
        evidence += (
            f" As printed, {theory.cases('printed error')} drawn cases miss $c$ by "
            f"{theory.worst('printed error')} of its size or more, and the error is "
            "$2 ||c_3||$, $c_3$ the quadratic coefficients, to "
            f"{theory.worst('printed')}. With the sign mended the same cases are met to "
            f"{theory.worst('sign fixed')}."
        )
    return Erratum(
        where="3.3, equations (4) and (5)",
        printed='$c_3 = "vech"(W^top "Diag"(v) W)$, hence $v = lambda$.',
        right='$M = -W^top "Diag"(v) W$, as equation (2) has it, hence $v = -lambda$.',
        evidence=evidence,
    )


def _stacking(theory: Theory | None) -> Erratum:
    evidence = "For $D >= 2$ the two orders differ: the squares are scattered over the half-vector."
    if theory:
        evidence += (
            f" With (2)'s order, $c = A_Theta^top v + v_0 e_1$ and its three parts agree to "
            f"{theory.worst('coefficients')} on {theory.cases('coefficients')} networks."
        )
    return Erratum(
        where="3.3, equation (4) beside (2)",
        printed="(4) stacks the quadratic coefficients as the half-vectorisation of a matrix.",
        right="(2) lists all squares first and then the pairs; $c$ has to follow it.",
        evidence=evidence,
    )


def _independence(theory: Theory | None) -> Erratum:
    evidence = "More than $D$ vectors in $RR^D$ are never linearly independent."
    if theory:
        evidence += (
            " Nor do distinct inputs suffice: on a sphere "
            f"({theory.cases('sphere')} cases) $Phi$ has rank $P - 1$ for any $N$."
        )
    return Erratum(
        where="3.4",
        printed="More examples than features, and all inputs linearly independent.",
        right="The matrix with the rows $phi(x_n)$ has rank $P$: the inputs lie on no quadric. "
        "The course has corrected it so.",
        evidence=evidence,
    )


def _loss_gap() -> Erratum:
    return Erratum(
        where="2.2b, the solution",
        printed="Overfitting is read off the gap between validation and test losses.",
        right="It shows in the gap between train and validation losses, which the plots have.",
        evidence="Neither validation nor test images are trained on, so that their losses differ "
        "by chance alone.",
    )
