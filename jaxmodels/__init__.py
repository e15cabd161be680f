"""Question 2: the same landscapes in JAX, Flax and Optax."""
