"""The spiders scene: a study at a wooden desk."""

from __future__ import annotations

from collections.abc import Mapping

from environments.render.model import SceneFrame, SceneModel
from environments.scenes.manifest import ParameterValue
from environments.scenes.spiders.bodies import characters
from environments.scenes.spiders.moment import scene_frame
from environments.scenes.spiders.room import room_items


class Spiders:
    """A study with spiders (see `environments.render.model.Scene`)."""

    def build(self, seed: int) -> SceneModel:
        """The room and the kinds of spiders; the same for every seed."""
        del seed
        return SceneModel(room_items(), characters=characters())

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`; parameters that are not given have the manifest's defaults."""
        return scene_frame(parameters, seed, time_s, events)


SCENE = Spiders()
