"""The snow scene: a slow drift through an ice canyon, with things to throw snowballs at."""

from __future__ import annotations

from collections.abc import Mapping

from environments.play import Throw
from environments.render.model import SceneFrame, SceneModel
from environments.scenes.manifest import ParameterValue
from environments.scenes.snow.models import animals, things
from environments.scenes.snow.moment import scene_frame
from environments.scenes.snow.terrain import far_items, segment_items


class Snow:
    """An ice canyon under northern lights (see `Scene` of the renderer's model, and `PlayedScene`)."""

    def build(self, seed: int) -> SceneModel:
        """The geometry of a seed, once."""
        return SceneModel((*segment_items(seed), *far_items(), *things()), characters=animals())

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s` when nothing was thrown."""
        return scene_frame(parameters, seed, time_s, events, ())

    def played(
        self,
        parameters: Mapping[str, ParameterValue],
        seed: int,
        time_s: float,
        events: Mapping[str, float],
        throws: tuple[Throw, ...],
    ) -> SceneFrame:
        """The moment at `time_s` with what was thrown so far."""
        return scene_frame(parameters, seed, time_s, events, throws)


SCENE = Snow()
