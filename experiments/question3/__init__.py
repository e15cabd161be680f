"""Question 3: gradient descent beside the closed form, the data of its figures."""
