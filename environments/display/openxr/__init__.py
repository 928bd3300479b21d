"""The headset: an OpenXR session of our own over the raw calls of pyopenxr; only `display/opening.py` may import it."""
