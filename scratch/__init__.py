"""Question 1 from scratch: perceptron, logistic regression and MLP in NumPy alone."""
