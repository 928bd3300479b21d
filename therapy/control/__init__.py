"""Policies propose, the guard disposes: pure decisions with reasons."""
