"""Variants trained on data, question 1's by the block engine and question 2's by JAX."""
