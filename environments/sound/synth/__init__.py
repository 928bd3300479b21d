"""Every sound that the places use, computed from a seed: no recordings."""
