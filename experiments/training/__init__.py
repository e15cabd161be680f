"""Training: from a data set and configurations to run folders."""
