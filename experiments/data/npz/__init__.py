"""The npz format of the course, read without trusting it."""
