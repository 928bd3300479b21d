"""Everything a report says about a session, read from the record once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from environments.scenes.manifest import ManifestError, SceneManifest, load_manifest
from protocols.loader import ProtocolFileError, parse_protocol
from protocols.schema import Protocol
from therapy.control.decision import Decision
from therapy.session.events import (
    BaselineSettled,
    BeatSeen,
    Event,
    Output,
    Phase,
    PhaseChanged,
    Rated,
    SampleTaken,
    SensorLink,
    Stopped,
    Therapist,
)
from therapy.store.archive import Archive
from therapy.store.checkpoints import Checkpoint, parse_checkpoint
from therapy.store.records import FrameSecond, Recorded, SessionRecord

LEVELS = 10
ALMOST = 0.05
"""So near to a level (in levels) it counts as reached: a ramp never ends quite on it."""

USABLE_AGE_S = 3.0
_TOLD = (Therapist, Stopped, SensorLink)
LONGEST_SAMPLE_S = 2.5
"""Two samples further apart than this leave a gap in the record."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one session time to another, in seconds."""

    from_s: float
    to_s: float

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return self.to_s - self.from_s


@dataclass(frozen=True)
class SessionFacts:
    """A session's record in memory, and what follows from it.

    Of the journal only what people did and what became of the strap's link.
    """

    record: SessionRecord
    journal: tuple[Recorded[Event], ...]
    decisions: tuple[Recorded[Decision], ...]
    samples: tuple[Recorded[SampleTaken], ...]
    beats: tuple[Recorded[BeatSeen], ...]
    ratings: tuple[Recorded[Rated], ...]
    events: tuple[Recorded[Output], ...]
    frames: tuple[Recorded[FrameSecond], ...]
    checkpoint: Checkpoint | None = None

    @cached_property
    def end_s(self) -> float:
        """The last moment of the session, in session seconds."""
        rows = (self.samples, self.ratings, self.decisions)
        return max([self.record.last_t_s, *(row[-1].t_s for row in rows if row)])

    @cached_property
    def protocol(self) -> Protocol | None:
        """The protocol as it was run; None if this version cannot read its text."""
        try:
            return parse_protocol(self.record.protocol_text, self.record.protocol_name, check_scenes=False).protocol
        except ProtocolFileError:
            return None

    @cached_property
    def manifest(self) -> SceneManifest | None:
        """The exposure scene's manifest, if the protocol names a scene that is installed here."""
        try:
            return load_manifest(self.protocol.scene) if self.protocol else None
        except ManifestError:
            return None

    @cached_property
    def phases(self) -> tuple[tuple[Phase, Span], ...]:
        """The phases with their times, without the end."""
        starts: list[tuple[float, Phase]] = []
        for row in self.events:
            if isinstance(row.what, PhaseChanged):
                starts = starts or [(0.0, row.what.before)]
                starts.append((row.t_s, row.what.after))
        starts = starts or [(0.0, Phase.FITTING)]
        ends = [from_s for from_s, _ in starts[1:]] + [self.end_s]
        return tuple(
            (phase, Span(from_s, to_s))
            for (from_s, phase), to_s in zip(starts, ends, strict=True)
            if phase is not Phase.ENDED and to_s > from_s
        )

    @cached_property
    def exposure(self) -> tuple[Span, ...]:
        """When the exposure was on."""
        return tuple(span for phase, span in self.phases if phase is Phase.EXPOSURE)

    @cached_property
    def baseline(self) -> Recorded[BaselineSettled] | None:
        """The personal baseline, if one was taken."""
        for row in reversed(self.events):
            if isinstance(row.what, BaselineSettled):
                return Recorded(row.seq, row.part, row.t_s, row.what)
        return None

    @cached_property
    def gaps(self) -> tuple[Span, ...]:
        """When there was no usable heart rate: none, or older than 3 s, or no sample at all."""
        gaps: list[Span] = []
        last_s = 0.0
        missing_since_s: float | None = 0.0 if self.samples else None
        for row in self.samples:
            if missing_since_s is None and row.t_s - last_s > LONGEST_SAMPLE_S:
                gaps.append(Span(last_s, row.t_s))
            if is_usable(row.what):
                if missing_since_s is not None:
                    gaps.append(Span(missing_since_s, row.t_s))
                missing_since_s = None
            elif missing_since_s is None:
                missing_since_s = row.t_s
            last_s = row.t_s
        if missing_since_s is not None:
            gaps.append(Span(missing_since_s, self.end_s))
        return tuple(gap for gap in gaps if gap.duration_s > 0.0)

    def in_exposure(self, t_s: float) -> bool:
        """Whether a moment lies in the exposure."""
        return any(span.from_s <= t_s < span.to_s or t_s == span.to_s == self.end_s for span in self.exposure)

    def level_words(self, level: int) -> str:
        """A level in a therapist's words; empty when the scene is not installed here."""
        levels = self.manifest.levels if self.manifest else ()
        return levels[level].words if 0 <= level < len(levels) else ""


def is_usable(sample: SampleTaken) -> bool:
    """Whether a sample's heart rate may be shown as the heart rate of that second."""
    return sample.hr10_bpm is not None and (sample.age_s is None or sample.age_s <= USABLE_AGE_S)


def level_of(intensity_0to1: float) -> int:
    """The level that an intensity has reached; half a level more is not the next one."""
    return math.floor(intensity_0to1 * LEVELS + ALMOST)


def read_facts(archive: Archive, id_or_prefix: str) -> SessionFacts:
    """Read a session from the record."""
    record = archive.session(id_or_prefix)
    session_id = record.session_id
    signed = archive.checkpoint(session_id)
    return SessionFacts(
        record=record,
        journal=archive.journal(session_id, _TOLD),
        decisions=archive.decisions(session_id),
        samples=archive.samples(session_id),
        beats=archive.beats(session_id),
        ratings=archive.ratings(session_id),
        events=archive.events(session_id),
        frames=archive.frames(session_id),
        checkpoint=None if signed is None else parse_checkpoint(signed),
    )
