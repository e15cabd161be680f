"""A trained model: predictions on photographs, evaluation on data."""
