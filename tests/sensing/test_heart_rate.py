"""0x2A37 decoding: vectors, properties, and a second opinion."""

from __future__ import annotations

import struct

import pytest
from bluetooth_sig.gatt.characteristics.heart_rate_measurement import (
    HeartRateMeasurementCharacteristic,
    SensorContactState,
)
from hypothesis import given
from hypothesis import strategies as st

from therapy.sensing.heart_rate import decode, encode

UINT16 = st.integers(0, 0xFFFF)
READINGS = st.integers(30, 220)
CONTACTS = {SensorContactState.NOT_SUPPORTED: None, SensorContactState.NOT_DETECTED: False}


def packet(text: str) -> bytes:
    return bytes.fromhex(text)


def test_narrow_rate_without_contact_is_read() -> None:
    seen = decode(packet("00 48"))
    assert (seen.bpm, seen.contact, seen.energy_kj, seen.rr_ticks, seen.flags, seen.error) == (
        72,
        None,
        None,
        (),
        0,
        None,
    )
    assert seen.hex == "0048"


def test_contact_and_one_interval_are_read() -> None:
    seen = decode(packet("16 48 55 03"))
    assert (seen.bpm, seen.contact, seen.rr_ticks, seen.error) == (72, True, (853,), None)
    assert seen.rr_ticks[0] / 1024 * 1000 == pytest.approx(833.0078, abs=1e-4)


def test_two_intervals_come_oldest_first() -> None:
    seen = decode(packet("10 3c 00 04 e8 03"))
    assert (seen.bpm, seen.contact, seen.rr_ticks) == (60, None, (1024, 1000))


def test_zero_without_contact_is_no_reading() -> None:
    seen = decode(packet("04 00"))
    assert (seen.bpm, seen.contact, seen.error) == (None, False, "no-contact")


def test_plausible_rate_without_contact_is_no_reading() -> None:
    assert (decode(packet("04 48")).bpm, decode(packet("04 48")).error) == (None, "no-contact")


def test_zero_with_contact_is_no_reading() -> None:
    assert (decode(packet("06 00")).bpm, decode(packet("06 00")).error) == (None, "zero-rate")


@pytest.mark.parametrize(("bits", "contact"), [(0, None), (1, None), (2, False), (3, True)])
def test_contact_has_three_states(bits: int, contact: bool | None) -> None:
    assert decode(bytes([bits << 1, 72])).contact is contact


@pytest.mark.parametrize(
    ("text", "bpm", "error"),
    [
        ("00 1d", None, "out-of-range"),
        ("00 1e", 30, None),
        ("00 dc", 220, None),
        ("00 dd", None, "out-of-range"),
        ("01 48 00", 72, None),
        ("01 2c 01", None, "out-of-range"),
        ("", None, "empty"),
        ("00", None, "truncated"),
        ("16", None, "truncated"),
        ("01 48", None, "truncated"),
        ("08 48", None, "truncated"),
        ("08 48 05", None, "truncated"),
        ("09 48 00 05", None, "truncated"),
    ],
)
def test_limits_and_truncation(text: str, bpm: int | None, error: str | None) -> None:
    seen = decode(packet(text))
    assert (seen.bpm, seen.error) == (bpm, error)


def test_energy_stands_before_the_intervals() -> None:
    seen = decode(packet("1f 48 00 10 27 55 03"))
    assert (seen.bpm, seen.contact, seen.energy_kj, seen.rr_ticks) == (72, True, 10_000, (853,))


def test_odd_tail_keeps_rate_and_whole_intervals() -> None:
    seen = decode(packet("16 48 55 03 e8"))
    assert (seen.bpm, seen.rr_ticks, seen.error) == (72, (853,), "malformed-rr")
    assert decode(packet("10 48 55")).rr_ticks == ()


def test_interval_flag_without_intervals_is_normal() -> None:
    assert (decode(packet("10 48")).bpm, decode(packet("10 48")).error) == (72, None)


def test_nine_intervals_fit() -> None:
    ticks = tuple(range(800, 809))
    assert decode(encode(75, ticks, contact=True)).rr_ticks == ticks
    assert len(encode(75, ticks, contact=True)) == 20


def test_reserved_bits_are_tolerated_and_kept() -> None:
    seen = decode(packet("f6 48 55 03"))
    assert (seen.bpm, seen.contact, seen.rr_ticks, seen.flags, seen.error) == (72, True, (853,), 0xF6, None)


def test_missing_flags_byte_has_no_flags() -> None:
    assert decode(b"").flags is None
    assert decode(b"\x16").flags == 0x16


@given(st.binary(max_size=40))
def test_decode_never_raises_and_gives_only_plausible_readings(data: bytes) -> None:
    seen = decode(data)
    assert seen.bpm is None or 30 <= seen.bpm <= 220
    assert (seen.bpm is None) == (seen.error not in {None, "malformed-rr"})
    assert seen.contact is not False or seen.bpm is None
    assert bytes.fromhex(seen.hex) == data


@given(READINGS, st.lists(UINT16, max_size=9), st.sampled_from([None, True]), st.none() | UINT16, st.booleans())
def test_encoded_packets_decode_to_the_same(
    bpm: int, rr_ticks: list[int], contact: bool | None, energy_kj: int | None, wide: bool
) -> None:
    seen = decode(encode(bpm, rr_ticks, contact=contact, energy_kj=energy_kj, wide=wide))
    assert (seen.bpm, seen.rr_ticks, seen.contact, seen.energy_kj) == (bpm, tuple(rr_ticks), contact, energy_kj)
    assert seen.error is None


@given(st.integers(0, 255), st.integers(0, 0xFFFF), UINT16, st.lists(UINT16, max_size=8))
def test_bluetooth_sig_reads_whole_packets_the_same(flags: int, rate: int, energy_kj: int, rr_ticks: list[int]) -> None:
    data = struct.pack("<BH" if flags & 1 else "<BB", flags, rate if flags & 1 else rate & 0xFF)
    data += struct.pack("<H", energy_kj) if flags & 8 else b""
    data += struct.pack(f"<{len(rr_ticks)}H", *rr_ticks) if flags & 16 else b""
    theirs = HeartRateMeasurementCharacteristic().parse_value(data)
    ours = decode(data)
    assert ours.energy_kj == theirs.energy_expended
    assert [ticks / 1024 for ticks in ours.rr_ticks] == list(theirs.rr_intervals)
    assert ours.bpm in {None, theirs.heart_rate}


@given(st.integers(0, 255), READINGS)
def test_contact_agrees_with_bluetooth_sig_where_it_is_right(flags: int, rate: int) -> None:
    data = struct.pack("<BB", flags & 0x16, rate)
    theirs = HeartRateMeasurementCharacteristic().parse_value(data).sensor_contact
    assert CONTACTS.get(theirs, True) is decode(data).contact


@pytest.mark.parametrize(("bpm", "rr_ticks"), [(-1, ()), (70_000, ()), (60, (70_000,)), (60, (-1,))])
def test_numbers_that_do_not_fit_cannot_be_encoded(bpm: int, rr_ticks: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(bpm, rr_ticks)
