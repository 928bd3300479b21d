"""The calm shore: the default safe place."""
