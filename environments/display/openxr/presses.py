"""What pressing and holding buttons means: a pure state machine on injected time.

A short press acts when it ends, so that holding a button never answers a question on the way to the stop.
Any button held for `STOP_HOLD_S` is a stop; the menu button first recentres, and stops when it is held on.
A button whose controller goes away (battery, focus) was not pressed: it acts on nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORT_S = 0.5
"""A press that ends before this long acts, and so does one of a single frame, however slow frames are."""

STOP_HOLD_S = 0.8
"""Holding any button for this long is a stop: longer than any answer takes, and within one breath (our default)."""

RECENTRE_HOLD_S = 1.0
MENU_STOP_HOLD_S = 2.5
"""The menu button recentres first; held on, it is a stop like any other button."""

FLICK_0TO1, BACK_0TO1 = 0.7, 0.4
"""How far a stick goes to the side to move the mark, and how far back before it moves it again."""

Down = bool | None
"""Whether a button is down; None where there is no such button now."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button: when it went down, in how many frames it was, and whether what holding it means has happened."""

    since_s: float | None = None
    frames: int = 0
    is_spent: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """All buttons of the patient's, in the order in which they are read, and the menu button apart."""

    buttons: tuple[Button, ...] = ()
    menu: Button = Button()
    any_since_s: float | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What the patient did in this frame: short presses as indices of buttons, and what holding meant."""

    pressed: tuple[int, ...] = ()
    menu: bool = False
    stop: bool = False
    """True as long as the button that stopped is held."""
    recentre: bool = False
    """True in one frame."""


def step(held: Held, down: tuple[Down, ...], menu: Down, t_s: float) -> tuple[Held, Meant]:
    """The state at `t_s` with these buttons down, and what that means."""
    before = held.buttons if len(held.buttons) == len(down) else (Button(),) * len(down)
    any_since_s = _since(held.any_since_s, t_s) if any(down) else None
    menu_s = _held_s(held.menu, menu, t_s)
    stop = (any_since_s is not None and t_s - any_since_s >= STOP_HOLD_S) or menu_s >= MENU_STOP_HOLD_S
    recentre = menu_s >= RECENTRE_HOLD_S and not held.menu.is_spent
    meant = Meant(
        pressed=tuple(i for i, (one, now) in enumerate(zip(before, down, strict=True)) if _was_short(one, now, t_s)),
        menu=_was_short(held.menu, menu, t_s),
        stop=stop,
        recentre=recentre,
    )
    buttons = tuple(_next(one, now, t_s, spends=stop) for one, now in zip(before, down, strict=True))
    return Held(buttons, _next(held.menu, menu, t_s, spends=stop or recentre), any_since_s), meant


def flicked(is_out: bool, x: float) -> tuple[bool, int]:
    """Whether a stick at `x` (-1 left to 1 right) is out to a side, and -1 or 1 when it has just got there."""
    if is_out:
        return abs(x) > BACK_0TO1, 0
    if abs(x) < FLICK_0TO1:
        return False, 0
    return True, 1 if x > 0.0 else -1


def _since(since_s: float | None, t_s: float) -> float:
    """A clock that went back starts the holding anew."""
    return t_s if since_s is None else min(since_s, t_s)


def _held_s(button: Button, down: Down, t_s: float) -> float:
    return t_s - _since(button.since_s, t_s) if down else 0.0


def _was_short(button: Button, down: Down, t_s: float) -> bool:
    ends = down is False and button.since_s is not None and not button.is_spent
    return ends and (button.frames == 1 or t_s - _since(button.since_s, t_s) < SHORT_S)


def _next(button: Button, down: Down, t_s: float, *, spends: bool) -> Button:
    if not down:
        return Button()
    return Button(_since(button.since_s, t_s), button.frames + 1, button.is_spent or spends)
