"""The player's end of the link: listens on the loopback interface, holds one proven session at a time.

Threads do the socket work; the frame loop only takes what has arrived and hands over what to send,
and never waits.  Every queue is bounded.  A full one closes the connection, so that the session's
lease lapses and the calm scene comes; nothing is ever dropped in silence.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

from environments.contract import MAX_LINE_BYTES, ContractError, Report, decode_command, encode_report
from environments.handshake import (
    HANDSHAKE_S,
    MAX_HANDSHAKE_BYTES,
    NONCE_BYTES,
    HandshakeError,
    challenge_line,
    check_answer,
    rejection_line,
)
from environments.link_connection import Connection, LineReader, LinkBroken
from environments.player_input import FromLink, Received, SessionCame, SessionWent

MOST_WAITING_COMMANDS = 1024
MOST_UNPROVEN_PEERS = 8
CHANGEOVER_S = 1.0
"""Wall seconds a new session waits for the one before it to be gone."""


class Link:
    """Listens until closed; `greeting` gives the first report for each session that attaches."""

    def __init__(self, token: bytes, greeting: Callable[[], Report]) -> None:
        self._token = token
        self._greeting = greeting
        self._arrived: deque[FromLink] = deque()
        self._waiting_commands = 0
        self._something = threading.Condition()
        self._session: Connection | None = None
        self._unproven = threading.BoundedSemaphore(MOST_UNPROVEN_PEERS)
        self._is_closed = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=MOST_UNPROVEN_PEERS)

    @property
    def port(self) -> int:
        """The port sessions connect to."""
        return int(self._listener.getsockname()[1])

    def open(self) -> None:
        """Begin to accept sessions."""
        threading.Thread(target=self._accept, name="link-accept", daemon=True).start()

    def take(self) -> tuple[FromLink, ...]:
        """Everything that has arrived since the last call, in order."""
        with self._something:
            arrived = tuple(self._arrived)
            self._arrived.clear()
            self._waiting_commands = 0
        return arrived

    def wait(self, at_most_s: float) -> None:
        """Return when something has arrived or the time is over."""
        with self._something:
            if not self._arrived:
                self._something.wait(at_most_s)

    def send(self, report: Report) -> None:
        """Hand a report to the attached session; without one there is nobody to tell."""
        session = self._session
        if session is not None and not session.offer(encode_report(report)):
            session.break_off("the session does not read its reports")

    def close(self) -> None:
        """Stop listening; what was handed over is still sent, within a moment."""
        self._is_closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._session is not None:
            self._session.finish()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            if not self._unproven.acquire(blocking=False):
                peer.close()
                continue
            threading.Thread(target=self._meet, args=(peer,), name="link-peer", daemon=True).start()

    def _meet(self, peer: socket.socket) -> None:
        """Let a peer prove itself; serve it if it does and no other session is there."""
        reader = LineReader(peer)
        try:
            session = self._attached(peer, reader)
        except (HandshakeError, LinkBroken, OSError) as error:
            with contextlib.suppress(OSError):
                peer.sendall(rejection_line(str(error)))
            peer.close()
            return
        finally:
            self._unproven.release()
        self._serve(session, reader)

    def _attached(self, peer: socket.socket, reader: LineReader) -> Connection:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        nonce = secrets.token_bytes(NONCE_BYTES)
        peer.settimeout(HANDSHAKE_S)
        peer.sendall(challenge_line(nonce))
        answer = reader.line(MAX_HANDSHAKE_BYTES, until_s=time.monotonic() + HANDSHAKE_S)
        welcome = check_answer(self._token, nonce, answer)
        session = Connection(peer)
        session.offer(welcome + encode_report(self._greeting()))
        with self._something:
            # A session that was just killed may not have been noticed yet.
            if not self._something.wait_for(lambda: self._session is None, CHANGEOVER_S):
                raise HandshakeError("another session is attached")
            self._session = session
        self._put(SessionCame())
        return session

    def _serve(self, session: Connection, reader: LineReader) -> None:
        session.start()
        reason = "the session closed the link"
        try:
            while True:
                command = decode_command(reader.line(MAX_LINE_BYTES))
                self._put(Received(time.monotonic(), command))
        except (ContractError, LinkBroken) as error:
            reason = session.broken_because or str(error)
            session.refuse(reason)
        except OSError as error:
            reason = session.broken_because or f"the link broke: {error}"
        with self._something:
            self._session = None
        self._put(SessionWent(reason))
        session.finish()

    def _put(self, what: FromLink) -> None:
        with self._something:
            if isinstance(what, Received):
                if self._waiting_commands >= MOST_WAITING_COMMANDS:
                    raise LinkBroken(f"more than {MOST_WAITING_COMMANDS} commands are waiting")
                self._waiting_commands += 1
            self._arrived.append(what)
            self._something.notify_all()
