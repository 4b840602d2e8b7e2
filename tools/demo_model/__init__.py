"""The recipe of the demo checkpoint."""
