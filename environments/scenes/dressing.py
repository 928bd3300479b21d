"""The people of the assets in clothes of other colours."""

from __future__ import annotations

from dataclasses import replace

from environments.render.model import Character


def dressed(character: Character, name: str, tint: tuple[float, float, float]) -> Character:
    """The same body called `name`, its clothes' colours multiplied by `tint`; skin and hair stay as they are."""
    parts = []
    for part in character.parts:
        is_cloth = part.morphs_m is None and part.material.alpha_cutoff == 0.0
        color = tint if is_cloth else (1.0, 1.0, 1.0)
        parts.append(replace(part, material=replace(part.material, base_color_linear=color)))
    return replace(character, name=name, parts=tuple(parts))
