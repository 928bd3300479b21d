"""Contact sheets: each scene at every level, in three directions, or at both ends of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from environments.render.model import EyePose
from environments.render.opening import NoRoom
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import ParameterValue, SceneManifest, load_manifest, scene_names

DIRECTIONS = ((-70.0, 0.0), (0.0, -12.0), (70.0, 0.0))
TILE_PX = (480, 270)
TIME_S = 3.0
_HOURS = (6.3, 12.5, 19.3)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A contact sheet; `error` is one sentence on why it was not written."""

    path: Path
    error: str | None = None


def write_gallery(renderer: Renderer, folder: Path) -> Iterator[Sheet]:
    """Write one sheet for each scene; a scene that cannot be drawn takes no other with it."""
    folder.mkdir(parents=True, exist_ok=True)
    renderer.resize(*TILE_PX)
    for name in scene_names():
        path = folder / f"{name}.png"
        try:
            contact_sheet(renderer, load_manifest(name)).save(path)
        except (NoRoom, OSError, ValueError) as error:
            yield Sheet(path, f"{name} cannot be drawn: {error}")
        else:
            yield Sheet(path)


def contact_sheet(renderer: Renderer, manifest: SceneManifest) -> Image.Image:
    """One row for each level or time of day, one column for each direction; the renderer's size is the tile's."""
    rows = list(_rows(manifest))
    width, height = TILE_PX
    sheet = Image.new("RGB", (width * len(DIRECTIONS), height * len(rows)))
    for row, (title, values) in enumerate(rows):
        for column, (yaw_deg, pitch_deg) in enumerate(DIRECTIONS):
            eye = EyePose(
                yaw_deg, pitch_deg, eye_height_m=1.62 if manifest.is_graded and manifest.place is None else 1.2
            )
            renderer.draw(View(manifest.name, values, 0, TIME_S, eye))
            sheet.paste(Image.fromarray(renderer.read_rgb()), (column * width, row * height))
        ImageDraw.Draw(sheet).text((8, row * height + 6), title, fill="white", stroke_width=1, stroke_fill="black")
    return sheet


def _rows(manifest: SceneManifest) -> Iterator[tuple[str, dict[str, ParameterValue]]]:
    if manifest.is_graded:
        for level in manifest.levels:
            yield f"{manifest.name} {level.number}: {level.words}", manifest.values_at(level.number / 10.0)
    elif any(parameter.name == "time_of_day_h" for parameter in manifest.parameters):
        for hour in _HOURS:
            yield f"{manifest.name} {hour:.1f} h", manifest.values_at(0.0, {"time_of_day_h": hour})
    else:
        yield manifest.name, manifest.values_at(0.0)
