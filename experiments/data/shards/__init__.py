"""Data sets cut into shards, which are read as training goes."""
