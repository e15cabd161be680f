"""What question 3 says, as claims that can fail: one pure function of the settings each."""

from analysis.claims.activations import ACTIVATIONS
from analysis.claims.base import Claim, Settings
from analysis.claims.distance import DISTANCE
from analysis.claims.fibre import FIBRE
from analysis.claims.landscape import LANDSCAPE
from analysis.claims.least_squares import LEAST_SQUARES
from analysis.claims.linearisation import LINEARISATION
from analysis.claims.polynomials import POLYNOMIALS
from analysis.claims.printed_solution import PRINTED_SOLUTION
from analysis.claims.rank import RANK
from analysis.claims.recovery import RECOVERY

CLAIMS = (
    *LINEARISATION,
    *POLYNOMIALS,
    *PRINTED_SOLUTION,
    *RECOVERY,
    *RANK,
    *FIBRE,
    *DISTANCE,
    *LEAST_SQUARES,
    *ACTIVATIONS,
    *LANDSCAPE,
)

__all__ = ["CLAIMS", "Claim", "Settings"]
