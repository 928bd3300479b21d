"""The heights scene: an open lift climbs a tower over a city square."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from environments.render.model import SceneFrame, SceneModel
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.bodies import characters
from environments.scenes.heights.buildings import add_buildings
from environments.scenes.heights.deck import add_deck
from environments.scenes.heights.figures import add_figures
from environments.scenes.heights.furniture import add_furniture
from environments.scenes.heights.happenings import add_happenings
from environments.scenes.heights.lively import prepare
from environments.scenes.heights.moment import scene_frame
from environments.scenes.heights.palette import materials
from environments.scenes.heights.people import LOOPS, add_sitting, crowd_of
from environments.scenes.heights.plan import buildings
from environments.scenes.heights.railings import add_railings
from environments.scenes.heights.skyline import add_skyline
from environments.scenes.heights.square import add_ground
from environments.scenes.heights.tower import add_tower
from environments.scenes.heights.traffic import ROUTE, add_traffic
from environments.scenes.manifest import ParameterValue


class Heights:
    """A tower over a city square (see `environments.render.model.Scene`)."""

    def build(self, seed: int) -> SceneModel:
        """The geometry of a seed, once."""
        rng = np.random.default_rng((seed, 10))
        batch = Batch(materials())
        add_ground(batch)
        add_buildings(batch, buildings(rng), rng)
        add_furniture(batch, rng)
        add_skyline(batch, rng)
        add_tower(batch)
        add_deck(batch)
        add_railings(batch)
        crowd = crowd_of(seed)
        add_sitting(batch, crowd)
        add_figures(batch, crowd)
        add_traffic(batch, seed, len(LOOPS.lengths_m))
        add_happenings(batch)
        prepare(seed)
        return SceneModel(batch.items(), characters=characters(), ways=LOOPS.and_more(ROUTE))

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`; parameters that are not given have the manifest's defaults."""
        return scene_frame(parameters, seed, time_s, events)


SCENE = Heights()
