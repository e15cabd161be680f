"""So little gradient descent for question 3 that a test can wait for it."""

from experiments.question3.descent import Descent

DESCENT = Descent(n_inputs=2, groups=(("quadratic", 2),), starts=3, steps=20, looks=4)
