"""The sound process's loop: takes messages in, moves the stage on, gives finished blocks to the outlet."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from environments.contract import SoundState, VoiceMode
from environments.scenes.manifest import ManifestError, load_manifest
from environments.sound.description import Description, SoundFileError, load_description
from environments.sound.following import Now
from environments.sound.master import Controls, Master
from environments.sound.messages import Make, Message, Moment, Set, Speak
from environments.sound.mixer import BLOCK, Ears, Mixer, Samples
from environments.sound.output import QUEUED_BLOCKS, Outlets
from environments.sound.speech import Voice
from environments.sound.stage import Stage
from environments.sound.workshop import Workshop

BLOCK_S = 0.01
STALE_S = 2.0
"""Seconds without a moment after which the place falls silent: its picture stands still."""

AHEAD_S = 0.3
"""How far a scene goes on by itself between two moments."""

TOO_LATE_S = 3.0
"""A line that could not begin this long after its cue is only shown: the session has moved on."""

FASTEST = 2.0
"""Scene seconds in a second above which a place makes no sense to the ear."""

TOLD_EVERY_S = 10.0
_STEPS_EVERY = 2
_GOODBYE_BLOCKS = 50


@dataclass(slots=True)
class Engine:
    """Everything that sounds; `step` gives one block, `run` does so until it is told to end."""

    mixer: Mixer
    voice: Voice
    outlets: Outlets
    tell: Callable[[SoundState], None]
    workshop: Workshop = field(default_factory=Workshop)
    inbox: queue.SimpleQueue[Message | None] = field(default_factory=queue.SimpleQueue)
    _master: Master = field(default_factory=Master)
    _mode: VoiceMode = VoiceMode.ALL
    _moment: Moment | None = None
    _rates_per_s: dict[str, float] = field(default_factory=dict)
    _stage: Stage | None = None
    _described: dict[str, Description] = field(default_factory=dict)
    _problems: dict[str, str] = field(default_factory=dict)
    _question: Speak | None = None
    _is_asking: bool = False
    _cue_s: float | None = None
    _voice_delay_s: float | None = None
    _blocks: int = 0
    _told: tuple[object, ...] = ()
    _told_s: float = float("-inf")

    def run(self) -> None:
        """Block after block at the pace of the outlet, until the inbox says that it is over; then a soft end."""
        self.workshop.start()
        self.voice.start()
        while self.take():
            self.outlets.write(self.step(time.monotonic()))
            self._report(time.monotonic())
        self.speak(Speak("", 0.0))
        self._question = self._moment = None
        for _ in range(_GOODBYE_BLOCKS):
            self.outlets.write(self.step(time.monotonic()))
        self.close()

    def close(self) -> None:
        """Give everything back."""
        self.outlets.close()
        self.workshop.close()
        self.voice.close()
        self.mixer.close()

    def take(self) -> bool:
        """Take in what has arrived; False when it is over."""
        while not self.inbox.empty():
            message = self.inbox.get()
            if message is None:
                return False
            self.hear(message)
        return True

    def hear(self, message: Message) -> None:
        """Take one message in."""
        match message:
            case Moment():
                self._rates_per_s = self._rates(message)
                self._moment = message
            case Set():
                self._master.controls = Controls(message.volume_0to1, message.is_muted, message.is_mono)
                self._mode = message.voice
                if message.voice is VoiceMode.OFF:
                    self.speak(Speak("", 0.0))
            case Make():
                for scene in message.scenes:
                    self.workshop.want(self._description(scene).sounds)
                for line in message.lines:
                    self.voice.prepare(line)
            case Speak():
                self.speak(message)

    def speak(self, cue: Speak) -> None:
        """Say a line at once, or a question when nothing else is being said; see `Speak`."""
        if cue.is_question:
            if not cue.text and self._is_asking:
                self._say("", cue.sent_s)
            self._question = cue if cue.text and self._mode is VoiceMode.ALL else None
        else:
            self._say(cue.text if self._mode is not VoiceMode.OFF else "", cue.sent_s)

    def _say(self, text: str, cue_s: float, *, asks: bool = False) -> None:
        is_fast = self._moment is not None and self._moment.speed > FASTEST
        self._is_asking, self._cue_s = asks, (cue_s if text else None)
        self.voice.say("" if is_fast else text)

    def _ask(self) -> None:
        """Read the question that waits, once nobody speaks."""
        if self._question is not None and not self.voice.is_speaking:
            question, self._question = self._question, None
            self._say(question.text, question.sent_s, asks=True)

    def step(self, now_s: float) -> Samples:
        """The next block (480, 2)."""
        for name, samples in self.workshop.finished():
            self.mixer.load(name, samples)
        self._choose_stage()
        self._ask()
        self._blocks += 1
        if self._stage is not None and self._moment is not None and self._blocks % _STEPS_EVERY == 0:
            with self.mixer.changes():
                self._move(self._stage, self._moment, now_s)
        voice, begins = self.voice.block(BLOCK)
        if begins and self._cue_s is not None:
            queue_s = QUEUED_BLOCKS * BLOCK_S if self.outlets.name else 0.0
            self._voice_delay_s, self._cue_s = now_s - self._cue_s + queue_s, None
        if self._cue_s is not None and now_s - self._cue_s > TOO_LATE_S:
            self._cue_s = None
            self.voice.hush()
        goal = self._scene_goal(now_s)
        return self._master.block(self.mixer.render(), voice, goal, is_speaking=self.voice.is_speaking)

    def _choose_stage(self) -> None:
        """Another scene takes over when the one before has faded out."""
        wanted = None if self._moment is None else self._moment.scene
        has = None if self._stage is None else self._stage.description.scene
        if wanted is None or wanted == has or not self._master.is_silent:
            return
        if self._stage is not None:
            self._stage.close()
        description = self._description(wanted)
        self.workshop.want(description.sounds)
        self._stage = Stage(self.mixer, description)

    def _scene_goal(self, now_s: float) -> float:
        moment, stage = self._moment, self._stage
        if moment is None or stage is None or moment.scene != stage.description.scene:
            return 0.0
        if moment.speed > FASTEST or now_s - moment.sent_s > STALE_S:
            return 0.0
        return 1.0 - moment.fade_0to1

    def _move(self, stage: Stage, moment: Moment, now_s: float) -> None:
        passed_s = min(max(now_s - moment.sent_s, 0.0), AHEAD_S) * moment.speed
        ages_s = {name: age_s + passed_s for name, age_s in moment.event_ages_s.items()}
        now = Now(
            moment.values, moment.time_s + passed_s, ages_s, self._rates_per_s, moment.seed, moment.event_places_m
        )
        up = stage.description.up
        base_m = (0.0, 0.0 if up is None else float(moment.values[up]), 0.0)
        x_m, y_m, z_m = moment.place_m
        place_m = (x_m + base_m[0], y_m + base_m[1], z_m + base_m[2])
        self.mixer.listen(Ears(place_m, moment.yaw_deg, moment.pitch_deg, moment.roll_deg))
        if moment.scene == stage.description.scene:
            stage.step(now, base_m)

    def _rates(self, after: Moment) -> dict[str, float]:
        before = self._moment
        if before is None or before.scene != after.scene:
            return {}
        passed_s = after.time_s - before.time_s
        if not 0.0 < passed_s <= 1.0:
            return self._rates_per_s if passed_s == 0.0 else {}
        found = {}
        for name, value in after.values.items():
            earlier = before.values.get(name)
            if isinstance(value, float) and isinstance(earlier, float):
                rate = (value - earlier) / passed_s
                found[name] = 0.5 * rate + 0.5 * self._rates_per_s.get(name, 0.0)
        return found

    def _description(self, scene: str) -> Description:
        if scene not in self._described:
            try:
                self._described[scene] = load_description(load_manifest(scene))
            except (SoundFileError, ManifestError) as error:
                self._described[scene] = Description(scene)
                self._problems[scene] = str(error)
        return self._described[scene]

    def _report(self, now_s: float) -> None:
        scene_problem = "" if self._moment is None else self._problems.get(self._moment.scene, "")
        problem = self.outlets.problem or self.voice.problem or scene_problem
        controls = self._master.controls
        news = (self.outlets.name, problem, self.voice.is_ready, controls, self._mode, self._voice_delay_s)
        if news == self._told and now_s - self._told_s < TOLD_EVERY_S:
            return
        self._told, self._told_s = news, now_s
        peak_db, level_db = self._master.meter.read()
        self.tell(
            SoundState(
                device=self.outlets.name,
                has_hrtf=self.mixer.has_hrtf,
                is_voice_ready=self.voice.is_ready,
                volume_0to1=controls.volume_0to1,
                is_muted=controls.is_muted,
                is_mono=controls.is_mono,
                voice=self._mode,
                peak_db=peak_db,
                level_db=level_db,
                voice_delay_s=self._voice_delay_s,
                problem=problem,
            )
        )
