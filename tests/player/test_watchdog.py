"""A player whose frames have stopped."""

import threading

from environments.player_watchdog import Watchdog


def test_player_without_frames_is_given_up():
    given_up = threading.Event()
    watchdog = Watchdog(0.04, given_up.set)
    watchdog.start()
    assert given_up.wait(30.0)


def test_player_with_frames_is_left_alone():
    given_up = threading.Event()
    watchdog = Watchdog(60.0, given_up.set)
    watchdog.start()
    watchdog.frame()
    watchdog.stop()
    assert not given_up.is_set()
