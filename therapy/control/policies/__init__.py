"""Policies: each proposes, none disposes.  See `base` for their one interface."""
