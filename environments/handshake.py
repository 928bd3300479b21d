"""How a session and a player meet: settings, run file, and proof that both hold the same token.  Pure.

The player listens on the loopback interface, so any program of the machine can connect.  Before
the first message each side proves that it holds the 32-byte token without sending it:

    player  → session   challenge   its contract version and a nonce
    session → player    answer      its contract version, its own nonce, its proof
    player  → session   welcome     the player's proof (or `rejected` with a reason)

A proof is HMAC-SHA256 over the role, both versions and both nonces.  The role keeps one side's
proof from passing as the other's, the nonces keep an old proof from passing again (RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from environments.contract import CONTRACT_VERSION

TOKEN_BYTES = 32
NONCE_BYTES = 32
HANDSHAKE_S = 2.0
"""Wall seconds a peer has to prove itself before it is dropped."""

MAX_HANDSHAKE_BYTES = 1024
_DOMAIN = b"acclimate link handshake 1"
_Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_FILE = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


EYE_HEIGHT_M = {"seated": 1.2, "standing": 1.62}
"""Eyes over the floor, by posture; scenes are built for these."""


class HandshakeError(ValueError):
    """The peer is not the other half of this link; the text says why."""


class VersionMismatch(HandshakeError):
    """The peer holds the token but speaks another contract version."""


class Role(StrEnum):
    """Which end of the link a proof speaks for."""

    SESSION = "session"
    PLAYER = "player"


class PlayerSettings(BaseModel):
    """How a player is started.

    `fps_cap` 0 means the display's own (30 offscreen, the screen's rate in a window); `speed` is
    scene seconds in a wall second; `recline_deg` is how far above the horizon the head of a lying patient
    rests: the scene and its panels are turned up by as much; `notice` says what is simulated; a `capture_dir` lets the
    scripted key `capture` save what the patient sees.  Scenes named in `preload` are made ready before
    the player listens; others are loaded in the dark of their first fade, which can take seconds.
    `blend` lets a headset show the patient's own room behind scenes that can stand in it.
    `samples` 0 means fourfold multisampling on a graphics card and none in software.  With `sound` auto there is
    sound in a window at life's pace and none offscreen.
    """

    model_config = _FILE
    display: Annotated[str, Field(pattern="^(offscreen|desktop|vr)$")] = "desktop"
    width_px: Annotated[int, Field(ge=16, le=8192)] = 1280
    height_px: Annotated[int, Field(ge=16, le=8192)] = 720
    fps_cap: Annotated[float, Field(ge=0.0, le=240.0)] = 0.0
    speed: Annotated[float, Field(gt=0.0, le=1000.0)] = 1.0
    seed: int = 0
    posture: Annotated[str, Field(pattern="^(seated|standing)$")] = "seated"
    recline_deg: Annotated[float, Field(ge=0.0, le=90.0)] = 0.0
    blend: Annotated[str, Field(pattern="^(opaque|passthrough|additive)$")] = "opaque"
    notice: Annotated[str, Field(max_length=300)] = ""
    preload: Annotated[tuple[str, ...], Field(max_length=16, strict=False)] = ()
    samples: Annotated[int, Field(ge=0, le=16)] = 0
    sound: Annotated[str, Field(pattern="^(auto|on|off)$")] = "off"
    run_file: str | None = None
    capture_dir: str | None = None


class StartLine(BaseModel):
    """The one line a player reads from its standard input."""

    model_config = _FILE
    token: _Hex32
    settings: PlayerSettings


class Listening(BaseModel):
    """The one line a player writes to its standard output."""

    model_config = _FILE
    port: Annotated[int, Field(ge=1, le=65535)]
    pid: Annotated[int, Field(ge=1)]


class RunFile(BaseModel):
    """What a restarted session needs to find and convince a player that is still there."""

    model_config = _FILE
    pid: Annotated[int, Field(ge=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    token: _Hex32
    notice: str = ""


class _Challenge(BaseModel):
    model_config = _FILE
    kind: Literal["challenge"] = "challenge"
    contract: int
    nonce: _Hex32


class _Answer(BaseModel):
    model_config = _FILE
    kind: Literal["answer"] = "answer"
    contract: int
    nonce: _Hex32
    proof: _Hex32


class _Welcome(BaseModel):
    model_config = _FILE
    kind: Literal["welcome", "rejected"]
    proof: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionProof:
    """The session's answer to a challenge, and the proof it expects back."""

    line: bytes
    expected_welcome: bytes


def challenge_line(player_nonce: bytes, version: int = CONTRACT_VERSION) -> bytes:
    """The player's first line."""
    return _line(_Challenge(contract=version, nonce=player_nonce.hex()))


def answer_challenge(token: bytes, line: bytes, session_nonce: bytes, version: int = CONTRACT_VERSION) -> SessionProof:
    """The session's answer to the challenge in `line`; `HandshakeError` if it is none."""
    challenge = _parsed(_Challenge, line)
    if challenge.contract != version:
        raise VersionMismatch(f"the player speaks contract {challenge.contract}, this session speaks {version}")
    material = _material(bytes.fromhex(challenge.nonce), session_nonce, challenge.contract, version)
    answer = _Answer(contract=version, nonce=session_nonce.hex(), proof=_proof(token, Role.SESSION, material).hex())
    return SessionProof(_line(answer), _proof(token, Role.PLAYER, material))


def check_answer(token: bytes, player_nonce: bytes, line: bytes, version: int = CONTRACT_VERSION) -> bytes:
    """The welcome for the answer in `line`; `HandshakeError` if the session did not prove itself."""
    answer = _parsed(_Answer, line)
    material = _material(player_nonce, bytes.fromhex(answer.nonce), version, answer.contract)
    if not hmac.compare_digest(bytes.fromhex(answer.proof), _proof(token, Role.SESSION, material)):
        raise HandshakeError("the session does not hold this player's token")
    if answer.contract != version:
        raise VersionMismatch(f"the session speaks contract {answer.contract}, this player speaks {version}")
    return _line(_Welcome(kind="welcome", proof=_proof(token, Role.PLAYER, material).hex()))


def rejection_line(reason: str) -> bytes:
    """What the player says before it closes a connection that it does not accept."""
    return _line(_Welcome(kind="rejected", reason=reason[:200]))


def check_welcome(expected: bytes, line: bytes) -> None:
    """Return if the player proved itself in `line`; `HandshakeError` otherwise."""
    welcome = _parsed(_Welcome, line)
    if welcome.kind == "rejected":
        raise HandshakeError(f"the player rejected the session: {welcome.reason}")
    if not hmac.compare_digest(bytes.fromhex(welcome.proof), expected):
        raise HandshakeError("the player does not hold this session's token")


def _material(player_nonce: bytes, session_nonce: bytes, player_version: int, session_version: int) -> bytes:
    versions = player_version.to_bytes(8, "big", signed=True) + session_version.to_bytes(8, "big", signed=True)
    return versions + player_nonce + session_nonce


def _proof(token: bytes, role: Role, material: bytes) -> bytes:
    return hmac.new(token, _DOMAIN + b"\0" + role.value.encode() + b"\0" + material, hashlib.sha256).digest()


def _line(message: BaseModel) -> bytes:
    return message.model_dump_json().encode() + b"\n"


_M = TypeVar("_M", bound=BaseModel)


def _parsed(model: type[_M], line: bytes) -> _M:
    if len(line) > MAX_HANDSHAKE_BYTES:
        raise HandshakeError("the peer's handshake is too long")
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        raise HandshakeError("the peer does not speak this link's handshake") from error
