"""A player that obeys at once, as far as a session can see it."""

from __future__ import annotations

from therapy.session.events import PlayerSaid, SetScene, Stopped

CALM_DISC = "calm-disc"


class ObedientPlayer:
    """Keeps what was commanded, and holds the calm scene once it was told to or the patient stopped."""

    def __init__(self, exposure_scene: str, calm_scene: str) -> None:
        self._exposure_scene = exposure_scene
        self._calm_scene = calm_scene
        self._commanded: SetScene | None = None
        self._latch: str | None = None
        self.latch_id = 0

    @property
    def intensity_0to1(self) -> float | None:
        """What the patient is shown: an intensity, or None for the calm scene."""
        scene = self._commanded
        graded = scene is not None and scene.scene == self._exposure_scene and self._latch is None
        return scene.intensity_0to1 if graded and scene is not None else None

    @property
    def pace_per_min(self) -> float | None:
        """The breathing pace that the calm scene shows."""
        return None if self._commanded is None else dict(self._commanded.overrides).get("pace_per_min")

    def show(self, scene: SetScene) -> None:
        """Carry a command out."""
        self._commanded = scene
        if scene.latch and self._latch is None:
            self._hold("commanded")

    def stop(self) -> Stopped:
        """The patient stops; the picture is calm from now on."""
        self._hold("patient-stop")
        return Stopped(CALM_DISC, self.latch_id)

    def release(self, latch_id: int) -> None:
        """Follow commands again, unless the latch is another one."""
        if latch_id == self.latch_id:
            self._latch = None

    def said(self, t_s: float) -> PlayerSaid:
        """What the player reports."""
        shown_0to1 = self.intensity_0to1
        return PlayerSaid(
            scene=self._calm_scene if shown_0to1 is None else self._exposure_scene,
            intensity_0to1=shown_0to1 or 0.0,
            scene_time_s=t_s,
            latch=self._latch,
            latch_id=self.latch_id,
            head_worn=True,
            head_tracked=True,
            frames_in_budget=True,
        )

    def _hold(self, reason: str) -> None:
        self._latch, self.latch_id = reason, self.latch_id + 1
