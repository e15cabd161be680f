"""Several processes of one command: the pool, and how they end."""
