"""A student's script stepped through beside the definitions, in a process of its own."""
