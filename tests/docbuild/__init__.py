"""Builds and runs what docs/ shows: code included in pages, notebooks with their outputs."""
