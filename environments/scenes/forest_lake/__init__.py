"""A lake in a forest: calm, paced by light on the water."""
