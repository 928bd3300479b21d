"""Which button of which controller does what, as suggestions to the OpenXR runtime, which lets users change them.

Each profile's inputs are those that the OpenXR specification lists for it.  `docs/headset.md` shows this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from environments.interact.hands import Side

HAND_TRACKING, HAND_INTERACTION = "XR_EXT_hand_tracking", "XR_EXT_hand_interaction"
EYE_GAZE, PICO = "XR_EXT_eye_gaze_interaction", "XR_BD_controller_interaction"
WISHED: tuple[str, ...] = (HAND_TRACKING, HAND_INTERACTION, EYE_GAZE, PICO)
"""The extensions that input uses where the runtime has them."""

HANDS = {Side.LEFT: "/user/hand/left", Side.RIGHT: "/user/hand/right"}
EYES = "/user/eyes_ext"
EYES_POSE = f"{EYES}/input/gaze_ext/pose"
HAND_PROFILE = "/interaction_profiles/ext/hand_interaction_ext"


class Act(StrEnum):
    """What the patient can do with a button, and the name of the action at the runtime."""

    CHOOSE = "choose"
    RATE = "rate"
    HOLD = "hold"
    MENU = "menu"
    MARK = "mark"
    GRIP = "grip"
    TICK = "tick"
    GAZE = "gaze"


WORDS = {
    Act.CHOOSE: "Choose what you look at; throw",
    Act.RATE: "Say how tense you are",
    Act.HOLD: "Hold to stop",
    Act.MENU: "Say how tense you are; hold to look straight ahead again",
    Act.MARK: "Move the mark",
    Act.GRIP: "Where the hand is",
    Act.TICK: "A tick in the hand",
    Act.GAZE: "Where the eyes look",
}
"""How the runtime names them to the user; each is another."""

PRESSES = (Act.CHOOSE, Act.RATE, Act.HOLD)
"""The buttons that stop when they are held."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of controller: the inputs of both hands by act, and what one hand alone has; `needs` is an extension."""

    name: str
    path: str
    both: tuple[tuple[Act, str], ...]
    left: tuple[tuple[Act, str], ...] = ()
    right: tuple[tuple[Act, str], ...] = ()
    needs: str | None = None

    def bindings(self) -> tuple[tuple[Act, str], ...]:
        """Every act with the whole path of its input."""
        sides = ((Side.LEFT, self.both + self.left), (Side.RIGHT, self.both + self.right))
        return tuple(
            (act, f"{HANDS[side]}/{'' if act is Act.TICK else 'input/'}{of}")
            for side, all_ in sides
            for act, of in all_
        )


_HELD = ((Act.GRIP, "grip/pose"), (Act.TICK, "output/haptic"))
_STICK = ((Act.MARK, "thumbstick"), (Act.HOLD, "thumbstick/click"))
_LETTERS_LEFT = ((Act.CHOOSE, "x/click"), (Act.RATE, "y/click"))
_LETTERS_RIGHT = ((Act.CHOOSE, "a/click"), (Act.RATE, "b/click"))
_TRIGGER = (Act.CHOOSE, "trigger/value")
_SQUEEZE = (Act.HOLD, "squeeze/value")

PROFILES = (
    Profile(
        "Any controller",
        "/interaction_profiles/khr/simple_controller",
        (*_HELD, (Act.CHOOSE, "select/click"), (Act.MENU, "menu/click")),
    ),
    Profile(
        "Meta Touch",
        "/interaction_profiles/oculus/touch_controller",
        (*_HELD, *_STICK, _TRIGGER, _SQUEEZE),
        (*_LETTERS_LEFT, (Act.MENU, "menu/click")),
        _LETTERS_RIGHT,
    ),
    Profile(
        "Valve Index",
        "/interaction_profiles/valve/index_controller",
        # It has no menu button.  Its squeeze/value is the closed hand that holds it anyway; squeezing hard is meant.
        (
            *_HELD,
            *_STICK,
            _TRIGGER,
            (Act.CHOOSE, "a/click"),
            (Act.MENU, "b/click"),
            (Act.HOLD, "squeeze/force"),
            (Act.HOLD, "trackpad/force"),
        ),
    ),
    Profile(
        "HTC Vive",
        "/interaction_profiles/htc/vive_controller",
        (
            *_HELD,
            (Act.CHOOSE, "trigger/value"),
            (Act.CHOOSE, "trackpad/click"),
            (Act.HOLD, "squeeze/click"),
            (Act.MENU, "menu/click"),
        ),
    ),
    Profile(
        "Windows Mixed Reality",
        "/interaction_profiles/microsoft/motion_controller",
        (
            *_HELD,
            *_STICK,
            _TRIGGER,
            (Act.CHOOSE, "trackpad/click"),
            (Act.HOLD, "squeeze/click"),
            (Act.MENU, "menu/click"),
        ),
    ),
    Profile(
        "Pico Neo 3",
        "/interaction_profiles/bytedance/pico_neo3_controller",
        (*_HELD, *_STICK, _TRIGGER, _SQUEEZE, (Act.MENU, "menu/click")),
        _LETTERS_LEFT,
        _LETTERS_RIGHT,
        needs=PICO,
    ),
    Profile(
        "Pico 4",
        "/interaction_profiles/bytedance/pico4_controller",
        (*_HELD, *_STICK, _TRIGGER, _SQUEEZE),
        (*_LETTERS_LEFT, (Act.MENU, "menu/click")),
        _LETTERS_RIGHT,
        needs=PICO,
    ),
    Profile(
        "Bare hands",
        HAND_PROFILE,
        # A fist is no button: hands that rest or cramp close by themselves.
        ((Act.GRIP, "grip/pose"), (Act.CHOOSE, "pinch_ext/value")),
        needs=HAND_INTERACTION,
    ),
)


def table() -> str:
    """All buttons as a Markdown table for the documentation."""
    acts = (Act.CHOOSE, Act.MARK, Act.RATE, Act.MENU, Act.HOLD)
    lines = ["| Controller | Choose | Mark | Rate | Menu | Only to hold |", "|---|---|---|---|---|---|"]
    lines += [f"| {one.name} | {' | '.join(_cell(one, act) for act in acts)} |" for one in PROFILES]
    return "\n".join(lines)


def _cell(profile: Profile, act: Act) -> str:
    groups = ((profile.both, ""), (profile.left, " (left)"), (profile.right, " (right)"))
    found = [f"{_named(of)}{where}" for all_, where in groups for one, of in all_ if one is act]
    return ", ".join(found) or "–"


def _named(of: str) -> str:
    """An input as people call it: `trackpad/force` is the trackpad."""
    named = of.partition("/")[0].removesuffix("_ext")
    pressed = {
        "thumbstick/click": "stick pressed",
        "trackpad/click": "trackpad pressed",
        "trackpad/force": "trackpad pressed",
    }
    letters = named.upper() if len(named) == 1 else named
    return pressed.get(of, {"thumbstick": "stick", "squeeze": "grip"}.get(named, letters))
