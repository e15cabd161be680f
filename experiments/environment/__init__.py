"""The machine as a run finds it: threads, JAX, provenance."""
