"""Spiders in a study: graded by number, size, distance, motion, hair and what holds them."""
