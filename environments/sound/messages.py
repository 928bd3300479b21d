"""What the player and its sound process say to each other: one line of JSON for each message.

Messages are checked where they are read and not where they are made: that happens in the thread that draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, TypeAdapter

from environments.contract import SoundState, VoiceMode
from environments.scenes.manifest import ParameterValue

PLAYED = ("play:throw", "play:hit", "play:miss")
"""Events of a scene that is played: they sound where they are seen."""

_CONFIG = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """What the patient sees now; `sent_s` is `time.monotonic`, places are metres over the scene's ground.

    `event_places_m` says where from the patient's seat an event of the play happens.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG
    scene: str
    values: Mapping[str, ParameterValue]
    seed: int
    time_s: float
    speed: float
    event_ages_s: Mapping[str, float]
    fade_0to1: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    place_m: tuple[float, float, float]
    sent_s: float
    event_places_m: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    kind: Literal["moment"] = "moment"


@dataclass(frozen=True, slots=True)
class Set:
    """How loud and in which way everything sounds from now on."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG
    volume_0to1: float
    is_muted: bool
    is_mono: bool
    voice: VoiceMode
    kind: Literal["set"] = "set"


@dataclass(frozen=True, slots=True)
class Make:
    """Make the sounds of scenes and the voice's lines ready."""

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG
    scenes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    kind: Literal["make"] = "make"


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a line now, in place of any other; an empty one only ends what is being said.

    A question waits for a line to end, and an empty question takes back no more than a question.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG
    text: str
    sent_s: float
    is_question: bool = False
    kind: Literal["speak"] = "speak"


Message = Annotated[Moment | Set | Make | Speak, Discriminator("kind")]
_MESSAGES: TypeAdapter[Message] = TypeAdapter(Message)
_STATES: TypeAdapter[SoundState] = TypeAdapter(SoundState)


def encode(message: Message) -> bytes:
    """One message as one line."""
    return _MESSAGES.dump_json(message) + b"\n"


def decode(line: bytes) -> Message:
    """The message in a line; pydantic's `ValidationError` if it is none."""
    return _MESSAGES.validate_json(line)


def encode_state(state: SoundState) -> bytes:
    """What the sound process tells, as one line."""
    return _STATES.dump_json(state) + b"\n"


def decode_state(line: bytes) -> SoundState:
    """What the sound process told."""
    return _STATES.validate_json(line)
