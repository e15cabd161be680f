"""`hw1-check`: whose numbers are these? The assignment's loop and its usual mistakes, compared."""
