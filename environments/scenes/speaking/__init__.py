"""A lecture hall: the patient speaks, an audience listens or does not."""
