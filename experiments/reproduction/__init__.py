"""The homework with one command: what has to be trained, what is there, what came out."""
