"""Virtual patients."""
