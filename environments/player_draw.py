"""Draws the player's state through the renderer, and something calm whatever fails."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from environments.display.base import VERTICAL_FOV_DEG, Display
from environments.gltf.problems import GltfError
from environments.interact.overlay import Overlay, Score
from environments.player_gradient import Gradient
from environments.player_model import CALM_SCENE, State
from environments.player_vignette import Vignette
from environments.render.model import EyePose
from environments.render.opening import NoRoom, multisampling
from environments.render.renderer import Renderer
from environments.render.view import View
from environments.scenes.manifest import ManifestError, ParameterValue, load_manifest
from environments.scenes.notes import PARAMETER


class Drawing:
    """Owns the renderer; once the calm scene has failed, a plain sky stands in for it.

    The scenes in `stands` can stand in the patient's own room.
    """

    def __init__(
        self,
        display: Display,
        overlay: Overlay,
        eye_height_m: float,
        samples: int,
        stands: frozenset[str] = frozenset(),
    ) -> None:
        self._display = display
        self._overlay = overlay
        self._eye_height_m = eye_height_m
        self._stands = stands
        self._size_px = display.size_px
        self._scale = 1.0
        chosen = multisampling(samples, renderer_name(display.context))
        self._renderer = Renderer(display.context, *self._size_px, samples=chosen)
        self._gradient = Gradient(display.context)
        self._loaded: set[tuple[str, int]] = set()
        self._is_calm_broken = False
        self._is_plain = False
        self._is_handless = False
        self._vignette = Vignette()

    def frame(self, state: State) -> str | None:
        """Draw and show one frame; the fault if the scene could not be drawn."""
        # What nobody will see is not drawn, but a scene is loaded all the same.
        fault = self._draw(state) if self._display.wants_picture or self.is_new(state) else None
        if self._is_plain:
            self._display.show(self._gradient.present)
        else:
            self._display.show(self._renderer.present, self._renderer.depth, is_clear=self._is_clear(state))
        return fault

    def _is_clear(self, state: State) -> bool:
        """Whether the patient's own room is seen around what this state shows."""
        return self._display.shows_room and state.shown.target.scene in self._stands

    def warm(self, state: State) -> str | None:
        """Load the scene of a state and draw it once unseen; the fault if it cannot be drawn."""
        fault = self._draw(state)
        self._is_plain = False
        return fault

    def is_new(self, state: State) -> bool:
        """Whether drawing this state will load a scene, which takes longer than a frame."""
        return (state.shown.target.scene, state.shown.target.seed) not in self._loaded

    def scale(self, part: float) -> None:
        """Draw the scene at a part of the full size from now on; panels keep the full size."""
        self._scale = part
        self._resized()

    def save(self, path: Path) -> None:
        """Save what the patient sees as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        Image.fromarray(self.picture()).save(unfinished, format="PNG")
        unfinished.replace(path)

    def picture(self) -> NDArray[np.uint8]:
        """What the patient sees now (height, width, 3)."""
        return self._gradient.picture(*self._size_px) if self._is_plain else self._renderer.read_rgb()

    def close(self) -> None:
        """Give everything back to the graphics card."""
        self._gradient.release()
        self._renderer.release()

    def _draw(self, state: State) -> str | None:
        target = state.shown.target
        self._is_plain = self._is_calm_broken and target.scene == CALM_SCENE
        if self._is_plain:
            return None
        if self._display.size_px != self._size_px:
            self._size_px = self._display.size_px
            self._resized()
        fault = self._hands_fault(state)
        if fault is not None:
            self._is_plain = True
            return fault
        try:
            self._renderer.draw(self._view(state))
            self._vignette.moved(self._renderer.seat_m, state.scene_time_s)
        except Exception as error:  # noqa: BLE001 - whatever a scene or a driver raises, the patient gets something calm
            self._is_plain = True
            self._is_calm_broken = self._is_calm_broken or target.scene == CALM_SCENE
            return f"{target.scene} cannot be drawn: {told(error)}"
        self._loaded.add((target.scene, target.seed))
        return None

    def _hands_fault(self, state: State) -> str | None:
        """Load what hands need when the first is seen; the fault if that fails, after which none are drawn."""
        if not state.hands or self._is_handless:
            return None
        try:
            self._renderer.load_hands()
        except Exception as error:  # noqa: BLE001 - places can be shown without hands, whatever is wrong with them
            self._is_handless = True
            return f"hands cannot be drawn: {told(error)}"
        return None

    def _view(self, state: State) -> View:
        shown, head = state.shown, state.head
        return View(
            scene=shown.target.scene,
            parameters=_with_notes(state),
            seed=shown.target.seed,
            time_s=state.scene_time_s,
            eye=EyePose(head.yaw_deg, head.pitch_deg, head.roll_deg, self._eye_height_m, head.offset_m),
            events=state.event_ages_s,
            fade_0to1=shown.fade_0to1,
            panels=self._overlay.panels(state.asked, head.gaze, self._score(state)),
            vertical_fov_deg=VERTICAL_FOV_DEG,
            eyes=self._display.eyes,
            is_see_through=self._is_clear(state),
            vignette_0to1=self._vignette.strength_0to1 if self._display.eyes else 0.0,
            hands=() if self._is_handless else state.hands,
            throws=state.play.throws,
        )

    @staticmethod
    def _score(state: State) -> Score | None:
        """What is shown of the play; nothing where nothing can be hit."""
        play = state.play
        if not play.aims:
            return None
        return Score(play.hits(state.scene_time_s) if play.shows_score else None, play.aimed, play.dwell.held_s)

    def _resized(self) -> None:
        self._renderer.resize(*self._size_px, self._scale)


def told(error: Exception) -> str:
    """One line on what was raised: its own sentence where it has one."""
    return str(error) if isinstance(error, GltfError | ManifestError | NoRoom) else f"{type(error).__name__}: {error}"


def renderer_name(context: moderngl.Context) -> str:
    """The graphics card or software that draws."""
    return str(context.info["GL_RENDERER"])


def _with_notes(state: State) -> Mapping[str, ParameterValue]:
    """What the scene is given: its parameters and, where it has a lectern, the patient's notes."""
    shown = state.shown
    if not state.notes or not load_manifest(shown.target.scene).shows_notes:
        return shown.values
    return {**shown.values, PARAMETER: state.notes}
