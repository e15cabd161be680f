"""Question 1: training, checkpoints, the session of one command."""
