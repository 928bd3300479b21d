"""One connection of the link: lines in with a size limit, lines out through a bounded queue."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time

from environments.contract import Refused, encode_report

MOST_WAITING_REPORTS = 512
_FINISH_S = 1.0
_CHUNK_BYTES = 65536


class LinkBroken(ConnectionError):
    """The peer closed the link or sent something that ends it."""


class LineReader:
    """Reads lines from a socket and refuses those that are too long."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._held = bytearray()

    def line(self, at_most_bytes: int, until_s: float | None = None) -> bytes:
        """The next line without its end; waits for it, until `until_s` (monotonic) if that is given."""
        searched = 0
        while True:
            end = self._held.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._held[:end])
                del self._held[: end + 1]
                return line
            searched = len(self._held)
            if searched > at_most_bytes:
                raise LinkBroken(f"a line is longer than {at_most_bytes} bytes")
            self._held += self._more(until_s)

    def _more(self, until_s: float | None) -> bytes:
        left_s = None if until_s is None else until_s - time.monotonic()
        if left_s is not None and left_s <= 0.0:
            raise LinkBroken("the peer did not prove itself in time")
        self._peer.settimeout(left_s)
        try:
            more = self._peer.recv(_CHUNK_BYTES)
        except TimeoutError as error:
            raise LinkBroken("the peer did not prove itself in time") from error
        if not more:
            raise LinkBroken("the session closed the link")
        return more


class Connection:
    """Sends lines from a thread of its own, so that whoever offers them never waits."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._waiting: queue.Queue[bytes | None] = queue.Queue(MOST_WAITING_REPORTS)
        self._sender = threading.Thread(target=self._send, name="link-send", daemon=True)
        self.broken_because = ""

    def start(self) -> None:
        """Begin to send."""
        self._sender.start()

    def offer(self, line: bytes) -> bool:
        """Queue a line; False when the queue is full."""
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            return False
        return True

    def refuse(self, reason: str) -> None:
        """Queue the reason for which the link is about to be closed."""
        self.offer(encode_report(Refused("link", reason)))

    def break_off(self, reason: str) -> None:
        """Close at once; the reader's thread notices and cleans up."""
        self.broken_because = self.broken_because or reason
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        """Send what is queued, within a moment, and close."""
        if not self._offer_end():
            self.break_off("the session does not read its reports")
        if self._sender.is_alive():
            self._sender.join(_FINISH_S)
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)
        self._peer.close()

    def _offer_end(self) -> bool:
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return False
        return True

    def _send(self) -> None:
        while (line := self._waiting.get()) is not None:
            try:
                self._peer.sendall(line)
            except OSError:
                self.break_off("the session cannot be reached")
                return
