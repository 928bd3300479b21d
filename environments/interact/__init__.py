"""Gaze, dwell, panels, the stop."""
