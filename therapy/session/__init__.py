"""The session as a pure state machine over a protocol file."""
