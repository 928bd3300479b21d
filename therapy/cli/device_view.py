"""A strap's live reading, for fitting it: as one JSON line or one line of text per packet, or live on a terminal."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from therapy.clock import Clock
from therapy.sensing.heart_rate import HeartRatePacket, decode
from therapy.sensing.identity import SensorEvent, SensorIdentity
from therapy.session.events import BatteryRead, LinkState, PacketArrived, SensorLink
from therapy.signals import heart as heart_signal

GOOD_0TO1, FAIR_0TO1 = 0.8, 0.5
STALE_S = 3.0
MS_PER_TICK = 1000.0 / 1024.0

ERROR_WORDS = {
    "empty": "the packet is empty",
    "truncated": "the packet is shorter than its flags say",
    "no-contact": "the strap feels no skin: moisten the electrodes and tighten it",
    "zero-rate": "the strap sends 0: wait until it has found the beat",
    "out-of-range": "the rate is outside 30 to 220 per minute",
    "malformed-rr": "an RR interval is cut off; the rate and the whole intervals count",
    "not-hex": "this is not hexadecimal",
}
LINK_WORDS = {
    LinkState.SEARCHING: "looking for the strap",
    LinkState.CONNECTING: "connecting",
    LinkState.CONNECTED: "connected",
    LinkState.LOST: "lost",
    LinkState.CLOSED: "closed",
}
REASON_WORDS = {
    "silent": "nothing arrived for 3 s; reconnecting after 5 s",
    "disconnected": "the strap ended the connection; reconnecting",
    "overrun": "packets arrived faster than they could be read; reconnecting",
    "not-found": "not in reach yet; trying again",
    "no-answer": "no answer yet; trying again",
    "resumed": "again, by itself",
}


def contact_words(contact: bool | None) -> str:
    """Skin contact in words."""
    return {True: "skin contact", False: "no skin contact", None: "contact not reported"}[contact]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a packet adds up to with those before it."""

    t_s: float
    packet: HeartRatePacket
    hr10_bpm: float | None
    quality: str

    def as_json(self) -> dict[str, Any]:
        """As a line of `devices watch --json`."""
        return {
            "t_s": round(self.t_s, 3),
            "hex": self.packet.hex,
            "bpm": self.packet.bpm,
            "contact": self.packet.contact,
            "rr_ms": [round(ticks * MS_PER_TICK, 2) for ticks in self.packet.rr_ticks],
            "hr10_bpm": None if self.hr10_bpm is None else round(self.hr10_bpm, 1),
            "quality": self.quality,
            "error": self.packet.error,
        }

    def as_text(self) -> str:
        """As a line for people."""
        bpm = "–" if self.packet.bpm is None else str(self.packet.bpm)
        rr = " ".join(f"{ticks * MS_PER_TICK:.0f}" for ticks in self.packet.rr_ticks) or "none"
        words = [f"{bpm:>3} bpm", f"quality {self.quality}", contact_words(self.packet.contact), f"RR {rr} ms"]
        if self.packet.error:
            words.append(ERROR_WORDS.get(self.packet.error, self.packet.error))
        return ", ".join(words)


class Watcher:
    """Follows a sensor's events; writes readings to stdout and everything else to stderr."""

    def __init__(self, clock: Clock, identity: SensorIdentity, *, as_json: bool) -> None:
        self._clock = clock
        self._identity = identity
        self._as_json = as_json
        self._signal = heart_signal.HeartState()
        self._newest: Reading | None = None
        self._connected_s = clock.now_s()
        self._battery_percent: int | None = None
        self._link = SensorLink(LinkState.CONNECTED)
        console = Console(highlight=False)
        self._live = None if as_json or not console.is_terminal else Live(console=console, get_renderable=self._draw)
        self.count = 0

    def __enter__(self) -> Watcher:
        simulated = " (simulated)" if self._identity.simulated else ""
        typer.echo(f"{self._identity.name or self._identity.address}{simulated}. Ctrl-C ends.", err=True)
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        if self._live is not None:
            self._live.stop()

    def hear(self, event: SensorEvent) -> None:
        """Take an event in and show it."""
        match event:
            case PacketArrived():
                self._take(decode(bytes.fromhex(event.data_hex)))
            case BatteryRead():
                self._battery_percent = event.percent
                self._tell(f"battery {event.percent} %")
            case SensorLink():
                self._link = event
                if event.state is LinkState.CONNECTED:
                    self._connected_s = self._clock.now_s()
                    self._signal = heart_signal.add_connection(self._signal, self._connected_s)
                self._tell(self._link_words())

    def _take(self, packet: HeartRatePacket) -> None:
        t_s = self._clock.now_s()
        self.count += 1
        signal, _ = heart_signal.add_packet(self._signal, packet, t_s)
        self._signal = heart_signal.settle(signal, t_s)
        view = heart_signal.view(self._signal, t_s, None)
        self._newest = Reading(t_s, packet, view.hr10_bpm, self._quality(t_s))
        if self._as_json:
            self._print(json.dumps(self._newest.as_json()))
        elif self._live is None:
            self._print(self._newest.as_text())

    def _quality(self, t_s: float) -> str:
        view = heart_signal.view(self._signal, t_s, None)
        if view.age_s is None or view.age_s > STALE_S or view.contact is False:
            return "none"
        if view.quality_0to1 >= FAIR_0TO1:
            return "good" if view.quality_0to1 >= GOOD_0TO1 else "fair"
        return "settling" if t_s - self._connected_s < heart_signal.WINDOW_S else "poor"

    def _link_words(self) -> str:
        words = LINK_WORDS[self._link.state]
        detail = self._link.detail
        return words if detail in {"", self._identity.name} else f"{words}: {REASON_WORDS.get(detail, detail)}"

    def _tell(self, words: str) -> None:
        if self._live is None:
            typer.echo(words, err=True)

    def _draw(self) -> Group:
        """The live picture: a value older than 3 s is blanked."""
        age_s = None if self._newest is None else self._clock.now_s() - self._newest.t_s
        lines = [f"link     {self._link_words()}"]
        if self._newest is not None and age_s is not None:
            fresh = age_s <= STALE_S
            bpm = self._newest.packet.bpm if fresh else None
            lines.insert(0, f"{'–' if bpm is None else bpm:>3} bpm  quality {self._quality(self._clock.now_s())}")
            lines += [f"contact  {contact_words(self._newest.packet.contact)}", f"age      {age_s:.1f} s"]
            if fresh and self._newest.packet.error:
                lines.append(ERROR_WORDS[self._newest.packet.error])
        if self._battery_percent is not None:
            lines.append(f"battery  {self._battery_percent} %")
        return Group(*(Text(line) for line in lines))

    @staticmethod
    def _print(line: str) -> None:
        typer.echo(line)
        sys.stdout.flush()
