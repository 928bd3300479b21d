"""The messages of the link between the session and the player.

Commands travel from the session to the player, reports travel back.  The player knows scenes and
numbers and no patient: nothing here may carry a name, a code, a diagnosis or a record.

Every message is a frozen dataclass.  `encode` gives one line of JSON, `decode` gives the message
back or raises `ContractError`; both refuse NaN and infinities, unknown kinds and unknown fields.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, Discriminator, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as _checked

CONTRACT_VERSION = 1
LEASE_S = 1.0
"""Wall seconds without a renewed `SceneCommand` after which the player fades to calm and latches."""

MAX_LINE_BYTES = 1 << 20

_T = TypeVar("_T")
_CONFIG = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class ContractError(ValueError):
    """A line of the link that is no message of this contract version."""


class LatchReason(StrEnum):
    """Why the player holds the calm scene until a therapist releases it."""

    PATIENT_STOP = "patient-stop"
    LEASE_LOST = "lease-lost"
    COMMANDED = "commanded"
    DISPLAY_LOST = "display-lost"
    SCENE_FAULT = "scene-fault"
    FOCUS_LOST = "focus-lost"


class StopSource(StrEnum):
    """What the patient used to stop."""

    KEY = "key"
    CALM_DISC = "calm-disc"
    HEADSET_OFF = "headset-off"
    WINDOW_CLOSED = "window-closed"


class PanelKind(StrEnum):
    """What a panel asks."""

    SUDS = "suds"
    NRS = "nrs"
    FMS = "fms"
    EXPECTANCY = "expectancy"
    YES_NO = "yes-no"
    MESSAGE = "message"


class VoiceMode(StrEnum):
    """What the guiding voice says aloud; everything is shown as words all the same."""

    OFF = "off"
    LINES = "lines"
    ALL = "all"


# --- session to player ------------------------------------------------------------------------


@_checked(config=_CONFIG, frozen=True, slots=True)
class SceneCommand:
    """What the patient should see now; each one renews the lease and replaces the one before.

    `ramp_s` is in scene time.  `overrides` sets single parameters outside the graded levels
    (a breathing pace, a time of day).  A new pace is eased in sight and the breath goes on from where
    it is; `breath_phase_cycles` cannot be set.  With `latch` the player goes to the calm scene and stays.
    `speed` is scene seconds in a wall second, for sessions that run faster than life; None leaves it.
    """

    sequence: int
    scene: str
    intensity_0to1: float
    ramp_s: float
    seed: int = 0
    overrides: dict[str, float] | None = None
    latch: bool = False
    speed: float | None = None
    kind: Literal["scene"] = "scene"


@_checked(config=_CONFIG, frozen=True, slots=True)
class ShowPanel:
    """Ask the patient something; it stays until answered, hidden or replaced."""

    panel_id: int
    panel: PanelKind
    text: str
    kind: Literal["show-panel"] = "show-panel"


@_checked(config=_CONFIG, frozen=True, slots=True)
class HidePanel:
    """Take a panel away."""

    panel_id: int
    kind: Literal["hide-panel"] = "hide-panel"


@_checked(config=_CONFIG, frozen=True, slots=True)
class Say:
    """A guidance line, shown as a subtitle for `duration_s` of scene time."""

    text: str
    duration_s: float = 6.0
    kind: Literal["say"] = "say"


@_checked(config=_CONFIG, frozen=True, slots=True)
class BreathingGuide:
    """Show the breathing guide at a pace, or take it away (None); in a paced scene it breathes with the scene."""

    pace_per_min: float | None
    kind: Literal["breathing-guide"] = "breathing-guide"


@_checked(config=_CONFIG, frozen=True, slots=True)
class Recentre:
    """Where the patient looks now becomes straight ahead."""

    kind: Literal["recentre"] = "recentre"


@_checked(config=_CONFIG, frozen=True, slots=True)
class FireEvent:
    """Fire an event named in the scene's manifest."""

    name: str
    kind: Literal["fire-event"] = "fire-event"


@_checked(config=_CONFIG, frozen=True, slots=True)
class ReleaseLatch:
    """Let the player follow commands again; refused unless `latch_id` is the newest latch."""

    latch_id: int
    kind: Literal["release-latch"] = "release-latch"


@_checked(config=_CONFIG, frozen=True, slots=True)
class GazeInput:
    """A scripted head direction, for displays without a head: 0, 0 is straight ahead; right and up are positive."""

    yaw_deg: float
    pitch_deg: float
    kind: Literal["gaze-input"] = "gaze-input"


@_checked(config=_CONFIG, frozen=True, slots=True)
class KeyInput:
    """A scripted key: `name` as in the desktop key table (`stop`, `rate`, `confirm`, `0` … `9`)."""

    name: str
    kind: Literal["key-input"] = "key-input"


@_checked(config=_CONFIG, frozen=True, slots=True)
class SetSound:
    """How loud and in which way the patient hears; `voice` says whether lines alone or questions too are spoken."""

    volume_0to1: float = 1.0
    is_muted: bool = False
    is_mono: bool = False
    voice: VoiceMode = VoiceMode.ALL
    kind: Literal["set-sound"] = "set-sound"


@_checked(config=_CONFIG, frozen=True, slots=True)
class PrepareLines:
    """Lines that will be said: they are turned into speech ahead of time, so that the voice begins at its cue."""

    lines: tuple[str, ...]
    kind: Literal["prepare-lines"] = "prepare-lines"


@_checked(config=_CONFIG, frozen=True, slots=True)
class SetNotes:
    """The patient's own words on the lectern of a scene that has one; refused if they are too long, empty for none."""

    text: str
    kind: Literal["set-notes"] = "set-notes"


@_checked(config=_CONFIG, frozen=True, slots=True)
class Shutdown:
    """End the player: fade out, close, exit."""

    kind: Literal["shutdown"] = "shutdown"


# --- player to session ------------------------------------------------------------------------


@_checked(config=_CONFIG, frozen=True, slots=True)
class PlayerReady:
    """The first report: what this player is."""

    contract_version: int
    pid: int
    display: str
    renderer: str
    width_px: int
    height_px: int
    scenes: tuple[str, ...]
    head_is_simulated: bool
    kind: Literal["player-ready"] = "player-ready"


@_checked(config=_CONFIG, frozen=True, slots=True)
class PanelChoice:
    """Where one answer of a panel, or something that can be hit, lies, seen from the patient's head."""

    answer: int
    yaw_deg: float
    pitch_deg: float


@_checked(config=_CONFIG, frozen=True, slots=True)
class PlayerState:
    """State read back: about ten a second, and at once after a change of command, latch or scene.

    `sequence` is the newest command that the frame just finished shows; `applied_monotonic_s` is
    when that frame was finished (`time.monotonic`).  `parameters` are the values drawn: with the seed,
    `scene_time_s` and the ages of events they give the picture again, a paced scene's breath included.  In a scene that
    is played `hits` and `throws` count since the player began, and `aims` are the nearest things to hit.
    """

    sequence: int
    applied_monotonic_s: float
    scene: str
    intensity_0to1: float
    parameters: dict[str, float | str]
    scene_time_s: float
    fade_0to1: float
    latch: LatchReason | None
    latch_id: int
    panel_id: int | None
    head_worn: bool
    head_tracked: bool
    frames_in_budget: bool
    hits: int | None = None
    throws: int | None = None
    aims: tuple[PanelChoice, ...] = ()
    kind: Literal["player-state"] = "player-state"


@_checked(config=_CONFIG, frozen=True, slots=True)
class FrameStatistics:
    """How the frames of the last second went, in wall milliseconds."""

    frames: int
    late_frames: int
    median_ms: float
    p99_ms: float
    kind: Literal["frame-statistics"] = "frame-statistics"


@_checked(config=_CONFIG, frozen=True, slots=True)
class HeadPoses:
    """Head poses of the last second: rows of (scene time s, yaw °, pitch °, roll °, x m, y m, z m)."""

    poses: tuple[tuple[float, float, float, float, float, float, float], ...]
    kind: Literal["head-poses"] = "head-poses"


@_checked(config=_CONFIG, frozen=True, slots=True)
class PanelShown:
    """The panel is visible and can be answered; `choices` tells where each answer is."""

    panel_id: int
    panel: PanelKind
    choices: tuple[PanelChoice, ...]
    calm_disc: PanelChoice
    kind: Literal["panel-shown"] = "panel-shown"


@_checked(config=_CONFIG, frozen=True, slots=True)
class PanelAnswered:
    """The patient answered; `panel_id` 0 is a SUDS rating volunteered without a prompt."""

    panel_id: int
    panel: PanelKind
    answer: int
    kind: Literal["panel-answered"] = "panel-answered"


@_checked(config=_CONFIG, frozen=True, slots=True)
class PatientStopped:
    """The patient stopped; the player was already fading when this was sent."""

    source: StopSource
    latch_id: int
    kind: Literal["patient-stopped"] = "patient-stopped"


@_checked(config=_CONFIG, frozen=True, slots=True)
class EventShown:
    """An event began to show."""

    name: str
    kind: Literal["event-shown"] = "event-shown"


@_checked(config=_CONFIG, frozen=True, slots=True)
class SoundState:
    """What the patient can hear: told when it changes, and every ten seconds.

    `device` is empty while nothing can be heard, `problem` is the sentence that says why, or what else is wrong.
    Levels are those since the report before, in dBFS; `voice_delay_s` is how long after its cue the last line began.
    """

    device: str
    has_hrtf: bool
    is_voice_ready: bool
    volume_0to1: float
    is_muted: bool
    is_mono: bool
    voice: VoiceMode
    peak_db: float
    level_db: float
    voice_delay_s: float | None = None
    problem: str = ""
    kind: Literal["sound-state"] = "sound-state"


@_checked(config=_CONFIG, frozen=True, slots=True)
class Refused:
    """A command could not be carried out; the player goes on as it was, or in the calm scene."""

    command: str
    reason: str
    kind: Literal["refused"] = "refused"


Command = Annotated[
    SceneCommand
    | ShowPanel
    | HidePanel
    | Say
    | BreathingGuide
    | Recentre
    | FireEvent
    | ReleaseLatch
    | GazeInput
    | KeyInput
    | SetSound
    | PrepareLines
    | SetNotes
    | Shutdown,
    Discriminator("kind"),
]
Report = Annotated[
    PlayerReady
    | PlayerState
    | FrameStatistics
    | HeadPoses
    | PanelShown
    | PanelAnswered
    | PatientStopped
    | EventShown
    | SoundState
    | Refused,
    Discriminator("kind"),
]

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)
_REPORTS: TypeAdapter[Report] = TypeAdapter(Report)


def encode_command(command: Command) -> bytes:
    """One command as one line of JSON, newline included."""
    return _COMMANDS.dump_json(command) + b"\n"


def encode_report(report: Report) -> bytes:
    """One report as one line of JSON, newline included."""
    return _REPORTS.dump_json(report) + b"\n"


def decode_command(line: bytes) -> Command:
    """The command in `line`; `ContractError` if it is none."""
    return _decode(_COMMANDS, line)


def decode_report(line: bytes) -> Report:
    """The report in `line`; `ContractError` if it is none."""
    return _decode(_REPORTS, line)


def _decode(adapter: TypeAdapter[_T], line: bytes) -> _T:
    if len(line) > MAX_LINE_BYTES:
        raise ContractError(f"a message of {len(line)} bytes; at most {MAX_LINE_BYTES} are read")
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"not a message of contract {CONTRACT_VERSION}: {place} {first['msg']}") from error
