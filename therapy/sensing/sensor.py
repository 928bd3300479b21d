"""From what a person typed after `--sensor` to a sensor that is there."""

from __future__ import annotations

from pathlib import Path
from random import Random

from therapy.clock import Clock
from therapy.errors import UsageError
from therapy.sensing.ble import BleSensor
from therapy.sensing.finding import ANY_STRAP, wanted_from
from therapy.sensing.heart import Heart, SteadyHeart
from therapy.sensing.identity import Remembered, Sensor, SensorEvent, SensorIdentity
from therapy.sensing.radio import Radio
from therapy.sensing.replay import ReplaySensor

REPLAY_PREFIX = "replay:"

__all__ = ["Remembered", "Sensor", "SensorEvent", "SensorIdentity", "open_sensor"]


async def open_sensor(
    spec: str,
    clock: Clock,
    heart: Heart | None = None,
    *,
    remembered: Remembered | None = None,
    radio: Radio | None = None,
    rng: Random | None = None,
) -> Sensor:
    """Open `auto`, `virtual`, `replay:FILE`, or a strap by name or address.

    `auto` tries the remembered strap first and then takes the strongest strap a scan hears.  `heart` beats in
    the virtual strap (None: a steady one).  `rng` spreads the pauses between reconnections.

    Raises:
        UsageError: an empty name, a recording that cannot be used, or a real strap on a fast clock.
        BluetoothMissing: no Bluetooth, or no such strap; a DeviceMissing with a reason.
    """
    spec = spec.strip()
    rng = rng or Random()  # noqa: S311  # pauses, not secrets
    if spec.startswith(REPLAY_PREFIX):
        return _replay(spec.removeprefix(REPLAY_PREFIX), clock)
    if spec == "virtual":
        # The virtual controller costs half a second to import; a real strap does without it.
        from therapy.sensing.virtual import VirtualSensor

        virtual = VirtualSensor(heart or SteadyHeart(), clock, rng)
        await virtual.open()
        return virtual
    if not spec:
        raise UsageError("No sensor was named.", "Use auto, virtual, replay:FILE, or a strap's name or address.")
    if clock.speed != 1.0:
        raise UsageError(
            "A real strap beats at speed 1 only.", "Leave --speed out, or use --sensor virtual or replay:FILE."
        )
    wanted = ANY_STRAP if spec == "auto" else wanted_from(spec)
    sensor = BleSensor(radio or Radio(), clock, wanted, rng, remembered)
    await sensor.open()
    return sensor


def _replay(file: str, clock: Clock) -> ReplaySensor:
    if not file:
        raise UsageError("No recording was named.", "Write replay: and the file's path.")
    return ReplaySensor(Path(file).expanduser(), clock)
