"""Question 3: the network with activation z(1 - z) is a linear model in disguise."""
