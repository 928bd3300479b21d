"""What a person asked for, what of it can be done, and what of it is not real."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from environments.scenes.manifest import load_manifest
from protocols.loader import LoadedProtocol
from protocols.schema import PolicyName, Protocol
from therapy.control.decision import Stage
from therapy.errors import UsageError
from therapy.history import tolerated_0to1
from therapy.patient.traits import Stratum
from therapy.sensing.sensor import Sensor
from therapy.session.hearing import PLAIN, VOICES, Hearing
from therapy.session.state import SessionSetup
from therapy.store.automation import Automation
from therapy.store.desk import Desk, Where
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.readiness import Readiness
from therapy.store.records import VIRTUAL_PATIENT

SLOWEST, FASTEST = 1.0, 60.0
DISPLAYS = ("auto", "vr", "desktop", "offscreen")
HEADSET = "vr"
BLENDS = ("opaque", "passthrough", "additive")
SOUNDS = ("auto", "on", "off")
WATCHDOG_WALL_S = 0.5
MOST_RECLINED_DEG = 90.0
WHOLE_AUTOMATION = Automation(stage=Stage.BOUNDED_RAISE, hr_may_drive=True)
"""What a virtual patient is given: what is rehearsed with one is the automation itself."""
SIMULATED_SENSOR = {"virtual": "heart-rate strap", "replay": "heart rate (a recording)"}


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a person asked for.

    `virtual_patient` lets the virtual patient answer the questions; None: wherever nobody else can.
    `folder` holds the record (None: the usual place); `size_px` None leaves it to the display.
    With `capture` the player saves what the patient sees into that folder when asked to.  `stratum` is the virtual
    patient's kind; `recline_deg` is how far above the horizon a lying patient's head rests.  `stage` None is the one on
    the patient's record, the whole automation for a virtual patient.  `sound` auto is sound in a window at life's pace.
    """

    protocol: LoadedProtocol
    patient_code: str
    sensor: str = "auto"
    display: str = "auto"
    speed: float = 1.0
    seed: int = 0
    folder: Path | None = None
    virtual_patient: bool | None = None
    size_px: tuple[int, int] | None = None
    capture: Path | None = None
    stratum: Stratum = Stratum.LOW_THRESHOLD
    stage: Stage | None = None
    recline_deg: float = 0.0
    blend: str = "opaque"
    sound: str = "auto"
    hearing: Hearing = PLAIN
    desk: Desk | None = None
    notes: str = ""

    @property
    def record(self) -> Where:
        """Where the session is recorded: at the desk of whoever runs it, else where nobody needs to be asked."""
        return self.desk or database_path(self.folder)

    @property
    def patient_is_virtual(self) -> bool:
        """Whether the virtual patient answers: as asked for, else where no person could."""
        return self.display == "offscreen" if self.virtual_patient is None else self.virtual_patient


def check_options(options: SessionOptions) -> None:
    """Refuse what cannot be, before anything is read or written; `UsageError`."""
    if not SLOWEST <= options.speed <= FASTEST:
        raise UsageError(f"A speed of {options.speed:g} is not possible.", f"Choose {SLOWEST:g} to {FASTEST:g}.")
    if options.speed != 1.0 and options.sensor != "virtual" and not options.sensor.startswith("replay:"):
        raise UsageError(
            "A real strap beats in real time.", "Leave --speed out, or use --sensor virtual or replay:FILE."
        )
    if options.speed != 1.0 and not options.patient_is_virtual:
        raise UsageError("A person answers in real time.", "Leave --speed out, or add --virtual-patient.")
    if not 0.0 <= options.recline_deg <= MOST_RECLINED_DEG:
        raise UsageError(
            f"A recline of {options.recline_deg:g} degrees is not possible.",
            f"Choose 0 (sitting or standing) to {MOST_RECLINED_DEG:g} (flat on the back).",
        )
    _check_sound(options)
    if options.blend not in BLENDS:
        raise UsageError(f"There is no blending {options.blend!r}.", f"Choose one of {', '.join(BLENDS)}.")
    if options.display not in DISPLAYS:
        raise UsageError(f"There is no display {options.display!r}.", f"Choose one of {', '.join(DISPLAYS)}.")


def _check_sound(options: SessionOptions) -> None:
    hearing = options.hearing
    if options.sound not in SOUNDS:
        raise UsageError(f"Sound cannot be {options.sound!r}.", f"Choose one of {', '.join(SOUNDS)}.")
    if not 0.0 <= hearing.volume_percent <= 100.0:
        raise UsageError(f"A volume of {hearing.volume_percent:g} is not possible.", "Choose 0 to 100.")
    if hearing.voice not in VOICES:
        raise UsageError(f"There is no voice setting {hearing.voice!r}.", f"Choose one of {', '.join(VOICES)}.")


def check(options: SessionOptions) -> SessionSetup:
    """Everything that can be refused before a device is touched, and the set-up that follows from it."""
    check_options(options)
    protocol = options.protocol.protocol
    if options.notes:
        protocol = protocol.model_copy(update={"notes": options.notes})
    with People(options.record) as people:
        people.close_interrupted()
        readiness = people.readiness(options.patient_code)
        automation = WHOLE_AUTOMATION if options.patient_is_virtual else people.automation(options.patient_code)
    readiness.require()
    _require_leave(protocol, readiness, automation)
    tolerated = tolerated_0to1(
        options.record,
        options.patient_code,
        protocol.scene,
        protocol.steps.down_one_at,
        virtual_patient=options.patient_is_virtual,
    )
    return SessionSetup(
        protocol=protocol,
        age_years=readiness.age_years,
        suds_only=readiness.suds_only,
        tolerated_0to1=tolerated,
        event_names=tuple(load_manifest(protocol.scene).events),
        watchdog_s=max(1.0, WATCHDOG_WALL_S * options.speed),
        stage=options.stage or automation.stage,
        hr_may_drive=automation.hr_may_drive,
        patient_limit_0to1=automation.limit_0to1,
    )


def what_is_simulated(options: SessionOptions, sensor: Sensor) -> tuple[str, ...]:
    """Plain words for every part of the session that is not real."""
    words = []
    if sensor.identity.simulated:
        words.append(SIMULATED_SENSOR.get(sensor.identity.kind, "heart-rate strap"))
    if options.patient_is_virtual:
        words.append(VIRTUAL_PATIENT)
    if options.display != HEADSET:
        words.append("headset")
    if options.speed != 1.0:
        words.append(f"time ({options.speed:g} times faster)")
    return tuple(words)


def setup_as_json(setup: SessionSetup, options: SessionOptions) -> dict[str, Any]:
    """What a replay needs besides the journal and the protocol's text, and what a redraw needs."""
    return {
        "age_years": setup.age_years,
        "suds_only": setup.suds_only,
        "tolerated_0to1": setup.tolerated_0to1,
        "event_names": list(setup.event_names),
        "watchdog_s": setup.watchdog_s,
        "stage": setup.stage.value,
        "hr_may_drive": setup.hr_may_drive,
        "patient_limit_0to1": setup.patient_limit_0to1,
        "seed": options.seed,
        "sound": options.sound,
        "hearing": asdict(options.hearing),
        "stratum": options.stratum.value if options.patient_is_virtual else None,
        "speed": options.speed,
        "blend": options.blend,
    }


def _require_leave(protocol: Protocol, readiness: Readiness, automation: Automation) -> None:
    """Refuse a protocol in which heart rate drives the level, to whom heart rate may not drive."""
    if protocol.policy is not PolicyName.HR_WINDOW:
        return
    code = readiness.code
    if readiness.suds_only:
        raise UsageError(
            f"Heart rate drives the level in {protocol.name}, and the screening of {code} rules heart rate out.",
            "Choose a protocol that goes by ratings.",
        )
    if not automation.hr_may_drive:
        raise UsageError(
            f"Heart rate drives the level in {protocol.name}, and {code} has no leave for that.",
            f"Choose another protocol, or give the leave: acclimate patients automation {code} --allow-hr-window.",
        )
