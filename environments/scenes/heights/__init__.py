"""A tower over a city square: graded exposure to heights."""
