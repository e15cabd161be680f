"""Scripts, data, runs and plots: the only package that touches files, flags and figures."""
