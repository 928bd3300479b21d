"""The messages of the link."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from environments import contract
from environments.contract import (
    ContractError,
    Say,
    SceneCommand,
    decode_command,
    decode_report,
    encode_command,
    encode_report,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(max_size=20)
COMMANDS = st.one_of(
    st.builds(
        SceneCommand,
        sequence=st.integers(-(2**53), 2**53),
        scene=TEXT,
        intensity_0to1=FINITE,
        ramp_s=FINITE,
        overrides=st.none() | st.dictionaries(TEXT, FINITE, max_size=3),
        latch=st.booleans(),
    ),
    st.builds(contract.ShowPanel, st.integers(0, 99), st.sampled_from(contract.PanelKind), TEXT),
    st.builds(contract.HidePanel, st.integers()),
    st.builds(Say, TEXT, FINITE),
    st.builds(contract.FireEvent, TEXT),
    st.builds(contract.ReleaseLatch, st.integers()),
    st.builds(contract.GazeInput, FINITE, FINITE),
    st.builds(contract.KeyInput, TEXT),
    st.just(contract.Shutdown()),
)
REPORTS = st.one_of(
    st.builds(
        contract.PlayerState,
        sequence=st.integers(),
        applied_monotonic_s=FINITE,
        scene=TEXT,
        intensity_0to1=FINITE,
        parameters=st.dictionaries(TEXT, FINITE | TEXT, max_size=3),
        scene_time_s=FINITE,
        fade_0to1=FINITE,
        latch=st.none() | st.sampled_from(contract.LatchReason),
        latch_id=st.integers(),
        panel_id=st.none() | st.integers(),
        head_worn=st.booleans(),
        head_tracked=st.booleans(),
        frames_in_budget=st.booleans(),
    ),
    st.builds(contract.HeadPoses, st.lists(st.tuples(*[FINITE] * 7), max_size=3).map(tuple)),
    st.builds(contract.PatientStopped, st.sampled_from(contract.StopSource), st.integers()),
    st.builds(contract.PanelAnswered, st.integers(), st.sampled_from(contract.PanelKind), st.integers()),
    st.builds(contract.Refused, TEXT, TEXT),
)


@settings(deadline=None)
@given(COMMANDS)
def test_commands_arrive_as_they_were_sent(command):
    line = encode_command(command)
    assert line.count(b"\n") == 1
    assert decode_command(line) == command


@settings(deadline=None)
@given(REPORTS)
def test_reports_arrive_as_they_were_sent(report):
    assert decode_report(encode_report(report)) == report


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"scene","sequence":1,"scene":"shore","intensity_0to1":NaN,"ramp_s":1}',
        b'{"kind":"scene","sequence":1,"scene":"shore","intensity_0to1":Infinity,"ramp_s":1}',
        b'{"kind":"scene","sequence":"1","scene":"shore","intensity_0to1":0,"ramp_s":1}',
        b'{"kind":"scene","sequence":1,"scene":"shore","intensity_0to1":0,"ramp_s":1,"patient":"HX-014"}',
        b'{"kind":"explode"}',
        b'{"kind":"player-ready"}',
        b"{}",
        b"[]",
        b"",
        b"\xff\xfe",
        b'{"kind":"say","text":"' + b"a" * contract.MAX_LINE_BYTES + b'"}',
    ],
)
def test_what_is_no_command_is_refused(line):
    with pytest.raises(ContractError):
        decode_command(line)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_noise_is_refused_and_nothing_else_happens(line):
    for decode in (decode_command, decode_report):
        with pytest.raises(ContractError):
            decode(line)
