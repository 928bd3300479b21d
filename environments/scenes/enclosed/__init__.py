"""Tight places: a lift, then a scanner."""
