"""A virtual patient for rehearsal, tests and training.  A model, not a person: see `docs/virtual-patient.md`."""

from __future__ import annotations

from math import exp, floor, isfinite

from numpy.random import Generator, SeedSequence, default_rng

from therapy.patient.beats import BeatingHeart
from therapy.patient.fear import Fear, drive_0to1
from therapy.patient.model import PatientAnswer
from therapy.patient.pain import Pain
from therapy.patient.traits import Stratum, Traits, draw_traits
from therapy.sensing.heart import HeartBeatBatch

STEPS_PER_S = 8
SUDS_NOISE = 7.0
EXPECTANCY_NOISE = 4.0
HARMLESS_SHARE = 0.2
"""How much of the belief is left where nothing drives fear."""

PAIN_NOISE = 0.4
FMS_NOISE = 0.5
YES_BELOW_FEAR = 70.0
FASTEST_ANSWER_S = 1.0


class VirtualPatient:
    """One patient of a stratum, the same for the same seed whatever the times of the calls."""

    def __init__(self, seed: int, stratum: Stratum = Stratum.LOW_THRESHOLD) -> None:
        traits_seed, body_seed, answers_seed = SeedSequence(seed).spawn(3)
        self.traits: Traits = draw_traits(default_rng(traits_seed), stratum)
        self._heart = BeatingHeart(self.traits, default_rng(body_seed), 1.0 / STEPS_PER_S)
        self._answers: Generator = default_rng(answers_seed)
        self._fear = Fear(self.traits, 1.0 / STEPS_PER_S)
        self._pain = Pain(self.traits)
        self._pace_per_min: float | None = None
        self._exposed = False
        self._drive_0to1 = 0.0
        self._was_exposed = False
        self._step_number: int | None = None

    @property
    def fear_0to100(self) -> float:
        """Fear as the model has it; nobody in a session can see this."""
        return self._fear.fear

    @property
    def pain_0to10(self) -> float:
        """Pain as it is felt now; nobody in a session can see this."""
        return self._pain.now_0to10

    @property
    def belief_percent(self) -> float:
        """How far the patient believes that the feared outcome would happen."""
        return self._fear.belief_percent

    @property
    def mean_bpm(self) -> float:
        """Heart rate without the beat-to-beat rhythm."""
        return self._heart.mean_bpm

    def set_scene(self, t_s: float, intensity_0to1: float | None, pace_per_min: float | None = None) -> None:
        """From `t_s` on the patient sees a graded scene at an intensity, or the calm scene (None).

        `pace_per_min` is the breathing pace the calm scene shows; it is not followed anywhere else.
        """
        if intensity_0to1 is not None and not isfinite(intensity_0to1):
            raise ValueError(f"an intensity is a finite number, not {intensity_0to1}")
        self._live_until(t_s)
        entered = intensity_0to1 is not None and not self._exposed
        if entered and self._was_exposed:
            self._fear.enter_again()
        self._exposed = intensity_0to1 is not None
        self._was_exposed = self._was_exposed or self._exposed
        self._drive_0to1 = drive_0to1(self.traits, intensity_0to1)
        self._fear.set_drive(self._drive_0to1)
        self._pace_per_min = None if self._exposed else pace_per_min

    def play(self, t_s: float, hits: int | None) -> None:
        """The play that is shown has counted so many hits by `t_s`; None while none is shown."""
        if hits is None:
            self._pain.rest()
        else:
            self._pain.play(t_s, hits)

    def move(self, t_s: float, speed_m_s: float) -> None:
        """From `t_s` on the head moves at this mean speed, and heart rate with it."""
        if not (isfinite(speed_m_s) and speed_m_s >= 0.0):
            raise ValueError(f"a speed is a finite number from 0 on, not {speed_m_s}")
        self._live_until(t_s)
        self._heart.move(speed_m_s)

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The beats between the last call and `t_s`, and the rate a strap would show."""
        self._live_until(t_s)
        return HeartBeatBatch(self._heart.shown_bpm, self._heart.take_rr_ticks(), contact=True)

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        """The answer to a panel (`suds`, `nrs`, `fms`, `expectancy`, `yes-no`, `message`); None if it is missed."""
        self._live_until(t_s)
        missed = self._answers.uniform() < self.traits.miss_0to1
        wait_s = self.traits.answer_median_s * exp(self.traits.answer_spread * self._answers.standard_normal())
        noise = self._answers.standard_normal()
        answer = self._answer_to(panel, noise)
        return None if missed else PatientAnswer(answer, max(FASTEST_ANSWER_S, wait_s))

    @property
    def _expected_percent(self) -> float:
        """How likely the feared thing seems: outside the feared scene at all, inside it on the present level."""
        belief = self._fear.belief_percent
        return belief * (HARMLESS_SHARE + (1.0 - HARMLESS_SHARE) * self._drive_0to1) if self._exposed else belief

    def _answer_to(self, panel: str, noise: float) -> int:
        fear = self._fear.fear
        felt = self.traits.suds_share * fear + self.traits.suds_bias + SUDS_NOISE * noise
        match panel:
            case "suds":
                return _to_tens(felt)
            case "expectancy":
                return _to_tens(self._expected_percent + EXPECTANCY_NOISE * noise)
            case "nrs":
                return round(min(max(self._pain.told_0to10 + PAIN_NOISE * noise, 0.0), 10.0))
            case "fms":
                return round(min(max(self.traits.sickness + FMS_NOISE * noise, 0.0), 20.0))
            case "yes-no":
                return int(fear < YES_BELOW_FEAR)
            case "message":
                return 1
        raise ValueError(f"there is no panel {panel!r}")

    def _live_until(self, t_s: float) -> None:
        """Live through every whole step up to `t_s`; a time that lies back is already lived."""
        if not isfinite(t_s):
            raise ValueError(f"a time is a finite number, not {t_s}")
        wanted = floor(t_s * STEPS_PER_S)
        if self._step_number is None:
            self._step_number = wanted
        steps = wanted - self._step_number
        if steps > 0:
            self._heart.live(self._step_number, self._fear.live(steps), self._pace_per_min)
            self._step_number = wanted


def _to_tens(felt: float) -> int:
    """The nearest of the dial's tens, within 0-100.

    People rate to 5; of the two tens around such a 5 the one nearer to what is felt is chosen, which is the same.
    """
    return 10 * round(min(max(felt, 0.0), 100.0) / 10)
