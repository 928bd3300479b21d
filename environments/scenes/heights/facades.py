"""Which way a house's front looks."""

from __future__ import annotations

from environments.render.model import Float32
from environments.render.shapes import rotation, translation
from environments.scenes.heights.plan import Building


def front_matrix(house: Building) -> tuple[Float32, float]:
    """Takes the wall's own axes (x along it, z outwards) to the world; and the wall's width."""
    if house.faces == "front":
        return translation(house.left_m, 0.0, house.near_m), house.right_m - house.left_m
    if house.faces == "back":
        return translation(house.right_m, 0.0, house.far_m) @ rotation("y", 180.0), house.right_m - house.left_m
    if house.faces == "right":
        return translation(house.right_m, 0.0, house.near_m) @ rotation("y", 90.0), house.near_m - house.far_m
    return translation(house.left_m, 0.0, house.far_m) @ rotation("y", -90.0), house.near_m - house.far_m
