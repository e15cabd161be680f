"""Question 2: training, checkpoints, the session of one command."""
