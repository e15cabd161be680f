"""Sections 3.1 to 3.4: statement, proof in short, and what the verification found."""

from experiments.report.blocks import figure, section
from experiments.report.parts import Parts
from experiments.report.results import Section
from experiments.report.theory import Theory


def hidden_layer(_parts: Parts, theory: Theory) -> Section:
    """3.1."""
    return section(
        "3.1",
        "The hidden layer is linear in a feature map",
        "With $g(z) = z(1 - z)$, find a map $phi$ that does not depend on the parameters, first "
        "feature 1, and a matrix $A_Theta$, such that $h = A_Theta phi(x)$.",
        [
            "Let $P = (D + 1)(D + 2) slash 2$ and let $phi(x)$ list the monomials up to degree "
            "two: $1$, then all $x_j$, then all $x_j^2$, then $2 x_j x_k$ for $j < k$, row by row.",
            "Proof. With $s = w_i^top x$, $h_i = (s + b_i)(1 - s - b_i) = (b_i - b_i^2) + "
            "(1 - 2 b_i) s - s^2$, and $s^2 = sum_j w_(i j)^2 x_j^2 + sum_(j < k) w_(i j) w_(i k) "
            "dot 2 x_j x_k$. Reading off the coefficients of the monomials gives row $i$ of "
            "$A_Theta$. Their number is $1 + D + D + D(D - 1) slash 2 = P$.",
        ],
        formula="a_i = (b_i - b_i^2, quad (1 - 2 b_i) w_i^top, quad -w_(i 1)^2, dots, "
        "-w_(i D)^2, quad -w_(i 1) w_(i 2), dots, -w_(i (D - 1)) w_(i D))",
        tables=[theory.table("3.1")],
        answer=[
            f"So $h = A_Theta phi(x)$ with the rows $a_i$. As polynomials, every parameter a "
            f"symbol, the two sides are equal in {theory.cases('hidden identity')} pairs of $D$ "
            f"and $K$; on {theory.cases('hidden layer')} drawn networks they differ by "
            f"{theory.worst('hidden layer')} at most, relative to their size."
        ],
    )


def output(parts: Parts, theory: Theory) -> Section:
    """3.2."""
    return section(
        "3.2",
        "So is the output, but not in the parameters",
        "Show that $y = c_Theta^top phi(x)$, give $c_Theta$, and say whether the model is linear "
        "in $Theta$.",
        [
            "$y = v^top A_Theta phi(x) + v_0 = (A_Theta^top v + v_0 e_1)^top phi(x)$, since the "
            "first feature is 1. Write $c$ as a number $c_1$, a vector $l$ and a symmetric matrix "
            "$M$ with $c^top phi(x) = c_1 + l^top x + x^top M x$; then summing the rows gives the "
            "three parts below.",
        ],
        formula="c_1 = (b dot.o (1 - b))^top v + v_0, quad l = W^top ((1 - 2 b) dot.o v), quad "
        'M = -W^top "diag"(v) W',
        figures=figure(
            parts,
            "figures/3.2-same-function.svg",
            "One input: a network, its $c^top phi(x)$, and the one unit recovered from $c$.",
            "Three curves that lie on one another.",
        ),
        tables=[theory.table("3.2")],
        answer=[
            "Linear in $phi(x)$, yes; in $Theta$, no: $M$ is of degree three in $(W, v)$. With "
            "$D = K = 1$ and $Theta = (W, b, v, v_0)$: $c_((1, 0, 1, 0)) = (0, 1, -1)$, but "
            "$c_((2, 0, 2, 0)) = (0, 4, -8)$ and not twice that. Nor does $c$ of a sum equal the "
            f"sum: the two counterexamples miss by {theory.worst('not linear')} and more.",
            f"Tried: polynomials in {theory.cases('output identity')} cases without a remainder, "
            f"{theory.cases('output')} drawn networks to {theory.worst('output')}.",
        ],
    )


def recovery(parts: Parts, theory: Theory) -> Section:
    """3.3."""
    return section(
        "3.3",
        "From c back to a network",
        "For $K >= D$, any $c$ and any $epsilon > 0$, find $Theta$ with "
        "$||c_Theta - c|| < epsilon$.",
        [
            'Let $M = Q "diag"(lambda) Q^top$ be regular and $t = Q^top l$. The first $D$ units '
            'get the parameters below, the others zeros. Then $-W^top "diag"(v) W = M$, the '
            "linear part is $Q t = l$, and $v_0$ makes $c_1$ right: $c_Theta = c$.",
            "If $M$ is singular, replace its zero eigenvalues by $delta$ first, with the same $l$ "
            "and $c_1$. Only $M$ has changed, by at most $sqrt(D) delta$ in norm, which is below "
            "$epsilon$ for a small $delta$.",
            'Sharper, with $r = "rank"(M)$: $K$ units come arbitrarily close to $c$ if and only if '
            '$"rank"([M quad l]) <= K$, because $[M_Theta quad l_Theta]$ is a product through '
            "$RR^K$ and matrices of rank at most $K$ form a closed set. They reach $c$ exactly if "
            "and only if $l$ is in the range of $M$ and $K >= r$, or $K >= r + 2$: two units with "
            "opposite $v$ along one direction cancel in $M$ and leave any multiple of it in $l$. "
            "So $K >= D$ always suffices, and $K < D$ fails only where that rank is larger.",
        ],
        formula="W = Q^top, quad v = -lambda, quad b = 1/2 (1 - t slash v), quad "
        "v_0 = c_1 - (b dot.o (1 - b))^top v",
        figures=[
            *figure(
                parts,
                "figures/3.3-error.svg",
                "Relative error against the move $delta$ of a singular $M$: rows of length one, "
                "and scaled rows.",
                "The error of rows of length one is a V with its lowest point at half the digits; "
                "that of scaled rows falls and stays at rounding.",
            ),
            *figure(
                parts,
                "figures/3.3-attainability.svg",
                "For every rank of $M$ and every $K$: reached exactly, in the limit, or not.",
                "A grid of cells: out of reach below the rank, exact above it.",
            ),
        ],
        tables=[theory.table("3.3")],
        answer=[
            "The procedure is: form $M$ from $c$, decompose it, read off $W$, $v$ and $b$, and "
            f"take $v_0$ last. On {theory.cases('sign fixed')} regular cases its relative error is "
            f"{theory.worst('sign fixed')} at most, taken exactly on the stored parameters.",
            "In float64 a singular $M$ needs care: with rows of length one the error in $c_1$ "
            "grows as $delta$ shrinks, and half the digits are the best one can have. The length "
            "of a row is free, though: $w$ times $a$ and $v$ divided by $a^2$ leave $M$ alone. "
            f"With $a = -lambda_i slash t_i$, $b_i$ is 0 and nothing cancels; "
            f"{theory.cases('scaled rows exact')} cases of any $delta$ then end within "
            f"{theory.worst('scaled rows exact')}, "
            f"and {theory.cases('enough units')} cases of $K >= D$, "
            f"singular or not, of any scale, within {theory.worst('enough units')}.",
            f"With fewer units than inputs, {theory.cases('few units')} cases with "
            f'$"rank"([M quad l]) <= K$ are met to {theory.worst("few units")}; the '
            f"{theory.cases('refused')} others tried are refused with a bound on the distance.",
        ],
    )


def closed_form(parts: Parts, theory: Theory) -> Section:
    """3.4."""
    descent = theory.curves["gradient_descent"]
    narrow = theory.gradient_descent("quadratic", int(descent["D"]))
    starts = len(narrow["excess"])
    arrived, signs = sum(narrow["arrived"]), sum(narrow["signs"])
    return section(
        "3.4",
        "The global minimum in closed form",
        "Given more than $P$ examples, can the squared loss be minimised in closed form, and why "
        "is that possible here and not for networks in general?",
        [
            "Let $Phi$ have the rows $phi(x_n)^top$. In $c$ the loss is a convex quadratic, whose "
            "gradient $Phi^top (Phi c - y)$ vanishes at the solution below, the only one if "
            "$Phi$ has full column rank, that is, if the inputs lie on no quadric. (The question's "
            "own condition cannot hold; see the errata.) It is computed by singular values; the "
            "normal equations would square the condition number.",
            "Every network has some $c_Theta$, so none has a smaller loss; and by 3.3, with "
            "$K >= D$, there is a network with these coefficients, or one as close as one likes.",
        ],
        formula="hat(c) = Phi^+ y = (Phi^top Phi)^(-1) Phi^top y",
        figures=[
            *figure(
                parts,
                "figures/3.4-descent.svg",
                "Gradient descent from many starts: how far each run's loss is above the closed "
                "form's.",
                f"Of {starts} runs with as many units as inputs, {arrived} reach the closed "
                "form's loss.",
            ),
            *figure(
                parts,
                "figures/3.4-activations.svg",
                "The same for $z(1 - z)$, ReLU, tanh and sigmoid.",
                "The other activations end at many different losses.",
            ),
        ],
        tables=[theory.table("3.4")],
        answer=[
            "Yes. The loss is not convex in $Theta$, but it depends on $Theta$ through $c_Theta$ "
            "only, in which it is. What is special is the quadratic activation: all networks, of "
            "any width, lie in one space of functions of dimension $P$, and with $K >= D$ they "
            "fill it. ReLU, tanh and sigmoid have no such map of any finite size; a rank test "
            f"shows it for this size ({theory.cases('relu')} sizes each).",
            f"Tried: on {theory.cases('unbeaten')} networks none has a smaller loss, beyond "
            f"{theory.worst('unbeaten')} of rounding, and the recovered network meets the minimum "
            f"to {theory.worst('network reaches')}. Gradient descent on $Theta$ ({starts} starts, "
            f"$D = K = {descent['D']}$, $N = {descent['N']}$) never ends below "
            f"it: {theory.cases('descent')} losses, largest gain {theory.worst('descent')}. Only "
            f"{arrived} of {starts} starts arrive; in {signs} has $v$ ended with the signs that "
            "the minimum needs.",
        ],
    )
