"""The player's end of the link, over real sockets."""

import contextlib
import secrets
import socket
import time

import pytest

from environments import link as link_module
from environments.contract import FireEvent, PlayerReady, Refused, Shutdown, encode_command
from environments.handshake import HandshakeError
from environments.link import MOST_WAITING_COMMANDS, Link
from environments.link_connection import MOST_WAITING_REPORTS
from environments.player_input import Received, SessionCame, SessionWent
from tests.player.probe import PATIENCE_S, Gone, Probe

READY = PlayerReady(1, 1, "offscreen", "none", 16, 16, ("shore",), True)


@pytest.fixture(name="token")
def _token():
    return secrets.token_bytes(32)


@pytest.fixture(name="link")
def _link(token):
    link = Link(token, lambda: READY)
    link.open()
    yield link
    link.close()


def arrivals(link, until):
    """Everything taken from the link until something fits."""
    taken = []
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        link.wait(1.0)
        taken += link.take()
        if any(until(what) for what in taken):
            return taken
    raise AssertionError(f"not seen among {taken[-3:]}")


def went(what):
    return isinstance(what, SessionWent)


def came(what):
    return isinstance(what, SessionCame)


def test_commands_arrive_in_order_with_their_time(link, token):
    with Probe(link.port, token) as session:
        assert session.ready == READY
        for name in ("a", "b", "c"):
            session.send(FireEvent(name))
        taken = arrivals(link, lambda what: isinstance(what, Received) and what.command == FireEvent("c"))
    commands = [what for what in taken if isinstance(what, Received)]
    assert [what.command.name for what in commands] == ["a", "b", "c"]
    assert [what.received_s for what in commands] == sorted(what.received_s for what in commands)


def test_reports_reach_the_session(link, token):
    with Probe(link.port, token) as session:
        arrivals(link, came)
        link.send(Refused("scene", "why not"))
        assert session.wait_for(Refused) == Refused("scene", "why not")


def test_wrong_token_is_dropped(link):
    with pytest.raises(HandshakeError):
        Probe(link.port, b"x" * 32)


def test_silent_peer_is_dropped_in_time(link, monkeypatch):
    monkeypatch.setattr(link_module, "HANDSHAKE_S", 0.05)
    with socket.create_connection(("127.0.0.1", link.port), timeout=PATIENCE_S) as peer:
        received = b""
        while more := peer.recv(4096):
            received += more
    assert b"did not prove itself in time" in received


def test_second_session_is_turned_away_while_one_is_attached(link, token):
    with Probe(link.port, token) as session:
        arrivals(link, came)
        with pytest.raises(HandshakeError, match="another session is attached"):
            Probe(link.port, token)
        link.send(Refused("a", "b"))
        session.wait_for(Refused)


def test_new_session_attaches_when_the_old_one_is_gone(link, token):
    with Probe(link.port, token):
        arrivals(link, came)
    arrivals(link, went)
    with Probe(link.port, token) as session:
        arrivals(link, came)
        assert session.ready == READY


@pytest.mark.parametrize(
    ("noise", "reason"),
    [
        (b"not a message\n", "not a message of contract"),
        (b'{"kind":"scene","sequence":1,"scene":"x","intensity_0to1":NaN,"ramp_s":1}\n', "not a message"),
        (b"x" * (2 << 20), "longer than"),
    ],
)
def test_malformed_and_oversized_lines_close_the_link_with_a_reason(link, token, noise, reason):
    with Probe(link.port, token) as session:
        arrivals(link, came)
        try:
            session.send_bytes(noise)
        except ConnectionError:
            pass
        else:
            if len(noise) < 1000:
                assert reason in session.wait_for(Refused).reason
        (end,) = [what for what in arrivals(link, went) if went(what)]
        assert reason in end.reason


def test_flood_of_commands_closes_the_link_and_loses_none_before(link, token):
    with Probe(link.port, token) as session:
        arrivals(link, came)
        with contextlib.suppress(ConnectionError):
            session.send_bytes(encode_command(FireEvent("x")) * (MOST_WAITING_COMMANDS + 5))
        with pytest.raises((Gone, ConnectionError)):
            session.wait_for(PlayerReady)
    taken = arrivals(link, went)
    assert len([what for what in taken if isinstance(what, Received)]) == MOST_WAITING_COMMANDS
    assert "commands are waiting" in taken[-1].reason


def test_session_that_does_not_read_is_cut_off_and_never_blocks_the_frame(link, token):
    with Probe(link.port, token):
        arrivals(link, came)
        long = Refused("x", "y" * 60000)
        slowest_s = 0.0
        for _ in range(MOST_WAITING_REPORTS * 4):
            began_s = time.monotonic()
            link.send(long)
            slowest_s = max(slowest_s, time.monotonic() - began_s)
        taken = arrivals(link, went)
    assert "does not read its reports" in taken[-1].reason
    assert slowest_s < 1.0


def test_what_was_handed_over_is_sent_before_the_link_closes(link, token):
    with Probe(link.port, token) as session:
        arrivals(link, came)
        session.send(Shutdown())
        link.send(Refused("last", "words"))
        link.close()
        assert session.wait_for(Refused).reason == "words"
