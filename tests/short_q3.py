"""`experiments.q3` with little gradient descent, for tests that start it as a process."""

from experiments import q3
from experiments.question3 import session
from tests.short_descent import DESCENT

session.DESCENT = DESCENT
main = q3.main
