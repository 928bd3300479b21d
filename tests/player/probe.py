"""A session's end for tests: a plain socket, one thread, waits on reports and never sleeps."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable
from typing import TypeVar

from environments.contract import Command, PlayerReady, PlayerState, Report, SceneCommand, decode_report, encode_command
from environments.handshake import answer_challenge, check_welcome

RENEW_S = 0.2
PATIENCE_S = 60.0

R = TypeVar("R")


class Gone(AssertionError):
    """The player closed the link."""


class Probe:
    """Attached to a player; renews the lease while it waits, if `scene` is set."""

    def __init__(self, port: int, token: bytes) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._held = bytearray()
        self.scene: SceneCommand | None = None
        self.reports: list[Report] = []
        self._sequence = 0
        self._renewed_s = 0.0
        try:
            proof = answer_challenge(token, self._line(PATIENCE_S), secrets.token_bytes(32))
            self._socket.sendall(proof.line)
            check_welcome(proof.expected_welcome, self._line(PATIENCE_S))
            self.ready = self.wait_for(PlayerReady)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, command: Command) -> None:
        """Send one command."""
        self._socket.sendall(encode_command(command))

    def send_bytes(self, noise: bytes) -> None:
        """Send what may be no command."""
        self._socket.sendall(noise)

    def show(self, name: str, intensity_0to1: float = 0.0, **rest: object) -> None:
        """Command a scene and go on renewing it."""
        self.scene = SceneCommand(0, name, intensity_0to1, 2.0, **rest)  # type: ignore[arg-type]
        self._renewed_s = 0.0

    def wait_for(self, kind: type[R], that: Callable[[R], bool] = lambda _: True) -> R:
        """The next report of a kind that fits."""
        end_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            self._renew()
            try:
                report = decode_report(self._line(RENEW_S))
            except TimeoutError:
                continue
            self.reports.append(report)
            if isinstance(report, kind) and that(report):
                return report
        raise AssertionError(f"no {kind.__name__} in {PATIENCE_S:.0f} s; last were {self.reports[-3:]}")

    def wait_state(self, that: Callable[[PlayerState], bool]) -> PlayerState:
        """The next state that fits."""
        return self.wait_for(PlayerState, that)

    def _renew(self) -> None:
        if self.scene is not None and time.monotonic() - self._renewed_s >= RENEW_S:
            self._renewed_s = time.monotonic()
            self._sequence += 1
            command = self.scene
            self.send(
                SceneCommand(
                    self._sequence,
                    command.scene,
                    command.intensity_0to1,
                    command.ramp_s,
                    command.seed,
                    command.overrides,
                    command.latch,
                )
            )

    def _line(self, at_most_s: float) -> bytes:
        self._socket.settimeout(at_most_s)
        while (end := self._held.find(b"\n")) < 0:
            more = self._socket.recv(65536)
            if not more:
                raise Gone("the player closed the link")
            self._held += more
        line = bytes(self._held[: end + 1])
        del self._held[: end + 1]
        return line
