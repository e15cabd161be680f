"""From the file that a student kept to the numbers of each run in it."""
