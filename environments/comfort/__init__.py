"""The comfort checker: flicker, motion of the camera, budgets, text and nearness, measured scene by scene."""
