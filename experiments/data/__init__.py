"""Data sets of landscapes: from a file, from the course, from the photographs, or drawn."""
