"""`experiments.q3` with little gradient descent, for tests that start it as a process."""

from experiments import q3
from experiments.question3 import session
from experiments.question3.descent import Descent

session.DESCENT = Descent(n_inputs=2, groups=(("quadratic", 2),), starts=3, steps=20, looks=4)
main = q3.main
