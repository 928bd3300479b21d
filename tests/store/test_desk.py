"""Roles: what each may do, asked by the store itself, so that no command can forget; and the log of it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tests.session.rehearsal import Rehearsal
from tests.store.examples import CODE, clear_answers, session_info
from tests.store.raw import dumped, raw_connection
from tests.store.rehearsed import record_rehearsal
from tests.structure.tree import ROOT
from therapy.control.decision import Stage
from therapy.errors import ConsentMissing, NotAllowed, StoreError, UsageError
from therapy.replaying import compare
from therapy.session.events import NoticeCode, Noticed, Therapist, TherapistAction
from therapy.store.administration import Users
from therapy.store.archive import Archive
from therapy.store.desk import Desk
from therapy.store.keyfile import read_keys
from therapy.store.people import People, patient_codes
from therapy.store.privacy import Identity, Privacy, read_shared
from therapy.store.recorder import Recorder
from therapy.store.roles import ALLOWED, Act, Role
from therapy.store.tables import UserRow
from therapy.store.unlocking import at_desk
from therapy.store.users import insert_user, new_user_id

OTHER = "HX-015"
WORDS = "Anselm was with her"
IDENTITY = Identity("Ottilie Beispiel", "+00 123")


@pytest.fixture
def desks(tmp_path: Path) -> dict[str, Desk]:
    """The station's own desk, and one for each role, without the slow making of passwords."""
    path = tmp_path / "data" / "acclimate.db"
    station = at_desk(path, may_found=True)
    with People(station) as people:
        for code in (CODE, OTHER):
            people.register_patient(code, 1984)
            people.record_consent(code, "T-1")
            people.record_screening(code, clear_answers(), "T-1")
        people.record_limit(CODE, 6, "T-1", WORDS)
    with Recorder(station) as recorder:
        for code in (CODE, OTHER):
            recorder.begin(session_info(patient_code=code))
            recorder.append_event(0, 0.5, Therapist(TherapistAction.NOTE, text=WORDS))
            recorder.append_output(0, 0.5, Noticed(NoticeCode.NOTE, WORDS))
            recorder.end("stopped-by-therapist", WORDS)
    Privacy(station).record_identity(CODE, IDENTITY, "T-1")
    return {"station": station} | {role.value: _desk(station, role) for role in Role}


def _desk(station: Desk, role: Role) -> Desk:
    from sqlmodel import Session

    from therapy.store.database import open_to_write
    from therapy.store.roles import User

    user = User(new_user_id(), f"a {role}", frozenset({role}), CODE if role is Role.PATIENT else None)
    engine = open_to_write(station.path, station.vault)
    with Session(engine) as session:
        insert_user(session, user)
        session.commit()
    engine.dispose()
    return Desk(station.path, station.vault, user.user_id, user.name)


def attempts(desk: Desk) -> dict[str, Callable[[], object]]:
    """Every public method of every way to the record, with arguments that fit."""
    session = session_info()
    given: dict[str, tuple[Any, ...]] = {
        "session": ("last",), "register_patient": ("HX-099", 1990), "record_consent": (CODE, "X"),
        "withdraw_consent": (CODE, "X"), "record_screening": (CODE, clear_answers(), "X"), "readiness": (CODE,),
        "automation": (CODE,), "record_stage": (CODE, Stage.SUGGEST_ONLY, "X"), "record_hr_window": (CODE, True, "X"),
        "record_limit": (CODE, 3, "X"), "record_identity": (CODE, IDENTITY, "X"), "identity": (CODE,),
        "assign": (CODE, "station"), "share": (CODE, pyrage.x25519.Identity.generate().to_public(), "X"),
        "erase": (CODE, "X"), "add": ("new", frozenset({Role.CLINICIAN}), "a password of length"),
        "give_roles": ("station", frozenset({Role.CLINICIAN})), "set_password": ("station", "a password of length"),
        "disable": ("station",), "begin": (session,),
    }  # fmt: skip
    given["share"] = (CODE, str(given["share"][1]), "X")
    found: dict[str, Callable[[], object]] = {"patient_codes": lambda: patient_codes(desk)}
    recorder_methods = ("begin",)
    for cls in (Archive, People, Privacy, Users, Recorder):
        names = [name for name, one in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")]
        for name in names if cls is not Recorder else recorder_methods:
            if name != "close":
                arguments = given.get(name, (_first_id(desk),) if cls is Archive and name != "sessions" else ())
                found[f"{cls.__name__}.{name}"] = lambda c=cls, n=name, a=arguments: _call(c, desk, n, a)  # type: ignore[misc]
    return found


def _first_id(desk: Desk) -> str:
    with closing(raw_connection(desk.path)) as connection:
        return str(connection.execute("SELECT id FROM session WHERE patient_code = ?", (CODE,)).fetchone()[0])


def _call(cls: Any, desk: Desk, name: str, arguments: tuple[Any, ...]) -> object:
    opened = cls(desk)
    try:
        outcome = getattr(opened, name)(*arguments)
        return list(outcome) if inspect.isgenerator(outcome) else outcome
    finally:
        if hasattr(opened, "close"):
            opened.close()


def allowed_to(desk: Desk) -> set[str]:
    """Which of all methods let this desk's user through."""
    through = set()
    for name, attempt in attempts(desk).items():
        try:
            attempt()
        except NotAllowed:
            continue
        except (UsageError, StoreError, ConsentMissing):
            pass
        through.add(name)
    return through


READING = {
    "Archive.beats", "Archive.checkpoint", "Archive.counts", "Archive.decisions",
    "Archive.events", "Archive.frames", "Archive.journal", "Archive.poses",
    "Archive.ratings", "Archive.safe_stops", "Archive.samples", "Archive.session",
    "Archive.sessions", "Archive.words", "People.automation", "People.patients",
    "People.readiness", "Privacy.identity", "patient_codes",
}  # fmt: skip
ADMINISTERING = {
    "Users.add", "Users.disable", "Users.give_roles", "Users.renew_recovery_key", "Users.set_password", "Users.users",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("administrator", ADMINISTERING),
        ("clinician", READING),
        ("patient", READING | {"People.record_consent", "People.withdraw_consent", "Privacy.share", "Privacy.erase"}),
    ],
)
def test_every_method_asks_who_it_is_for(desks: dict[str, Desk], role: str, may: set[str]) -> None:
    assert allowed_to(desks[role]) == may


def test_a_therapist_has_own_patients_alone_until_one_is_shared(desks: dict[str, Desk]) -> None:
    therapist = desks["therapist"]
    assert patient_codes(therapist) == ()
    with Archive(therapist) as archive, People(therapist) as people:
        assert archive.sessions() == ()
        with pytest.raises(UsageError):
            archive.session("last")
        with pytest.raises(NotAllowed, match="not a patient of a therapist"):
            archive.journal(_first_id(therapist))
        with pytest.raises(NotAllowed):
            people.record_consent(CODE, "X")
        people.register_patient("HX-100", 1990)
    Privacy(desks["station"]).assign(CODE, therapist.user.name)
    assert patient_codes(therapist) == (CODE, "HX-100")
    with Archive(therapist) as archive:
        assert {one.patient_code for one in archive.sessions()} == {CODE}
        assert archive.session("last").patient_code == CODE
    with Recorder(therapist) as recorder:
        with pytest.raises(NotAllowed):
            recorder.begin(session_info(patient_code=OTHER))
        with pytest.raises(ConsentMissing, match="has not consented"):
            recorder.begin(session_info(patient_code="HX-100"))
    with pytest.raises(UsageError, match="no therapist"):
        Privacy(desks["station"]).assign(CODE, "a clinician")


def test_a_patient_sees_the_own_record_alone(desks: dict[str, Desk]) -> None:
    with Archive(desks["patient"]) as archive:
        assert {one.patient_code for one in archive.sessions()} == {CODE}
    assert patient_codes(desks["patient"]) == (CODE,)
    with pytest.raises(NotAllowed):
        Privacy(desks["patient"]).erase(OTHER, "P")


def test_a_withdrawal_stops_recording_in_the_record_itself(desks: dict[str, Desk]) -> None:
    station = desks["station"]
    with Recorder(station) as recorder:
        with People(station) as people:
            people.withdraw_consent(CODE, "T-1")
        with pytest.raises(ConsentMissing, match="withdrawn"):
            recorder.begin(session_info())
        assert recorder.begin(session_info(patient_code=OTHER))


def test_what_was_read_and_changed_is_logged_with_who(desks: dict[str, Desk]) -> None:
    clinician = desks["clinician"]
    with Archive(clinician) as archive:
        session_id = archive.session("last").session_id
        archive.journal(session_id)
        archive.samples(session_id)
    Privacy(clinician).identity(CODE)
    with closing(raw_connection(clinician.path)) as connection:
        rows = connection.execute(
            "SELECT act, patient_code, session_id FROM access WHERE user_id = ?", (clinician.user.user_id,)
        ).fetchall()
        everything = connection.execute("SELECT DISTINCT act FROM access").fetchall()
    assert rows == [("read-session", OTHER, session_id), ("read-identity", CODE, None)]
    assert {Act.ADD_PATIENT, Act.CONSENT, Act.RECORD_SESSION, Act.CHANGE_PATIENT} <= {act for (act,) in everything}


def test_identity_and_words_lie_under_the_patients_own_key(desks: dict[str, Desk]) -> None:
    station = desks["station"]
    assert Privacy(station).identity(CODE) == IDENTITY
    assert Privacy(station).identity(OTHER) is None
    with closing(raw_connection(station.path)) as connection:
        stored = dumped(connection)
    assert [word for word in ("Anselm", "Ottilie", "+00 123") if word in stored] == []


def test_erasure_destroys_words_and_name_and_leaves_the_rest_to_be_read(desks: dict[str, Desk]) -> None:
    station, session_id = desks["station"], _first_id(desks["station"])
    backup = station.vault.patients.copy_to(station.path.parent.parent)
    Privacy(station).erase(CODE, "T-1")
    again = at_desk(station.path)
    assert Privacy(again).identity(CODE) is None
    with Archive(again) as archive:
        (note,) = archive.journal(session_id)
        (told,) = archive.events(session_id)
        assert (note.what, told.what) == (
            Therapist(TherapistAction.NOTE, text="(erased)"), Noticed(NoticeCode.NOTE, "(erased)"),
        )  # fmt: skip
        assert archive.session(session_id).detail == "(erased)"
    with People(again) as people:
        assert [one.reason for one in people.automation(CODE).changes] == ["(erased)"]
        assert {one.kind.value for one in people.readiness(CODE).problems} == {"erased", "consent-withdrawn"}
        people.record_consent(CODE, "T-1")
    with Recorder(again) as recorder, pytest.raises(StoreError, match="erased"):
        recorder.begin(session_info())
    with pytest.raises(StoreError):
        Privacy(again).record_identity(CODE, IDENTITY, "T-1")
    assert again.vault.patients.copy_to(backup.parent).read_bytes() == backup.read_bytes()
    assert b"destroyed" in backup.read_bytes()


def test_a_lost_patient_key_is_said_and_the_copy_brings_it_back(desks: dict[str, Desk]) -> None:
    station, session_id = desks["station"], _first_id(desks["station"])
    keys = station.path.with_name("acclimate.patients")
    content = keys.read_bytes()
    keys.unlink()
    with Archive(station.path) as archive:
        (note,) = archive.journal(session_id)
        assert note.what == Therapist(TherapistAction.NOTE, text="(its key is missing)")
    keys.write_bytes(content[:-40])
    with Archive(station.path) as archive, pytest.raises(StoreError, match="are damaged"):
        archive.journal(session_id)
    keys.write_bytes(content)
    with Archive(station.path) as archive:
        assert archive.journal(session_id)[0].what == Therapist(TherapistAction.NOTE, text=WORDS)


def test_sharing_opens_for_the_named_recipient_alone(desks: dict[str, Desk]) -> None:
    recipient, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    shared = Privacy(desks["patient"]).share(CODE, str(recipient.to_public()), "Dr. Example")
    opened = read_shared(shared, str(recipient))
    assert opened["identity"] == {"name": IDENTITY.name, "contact": IDENTITY.contact}
    assert [(one["action"], one["text"]) for one in opened["words"]] == [("note", WORDS)]
    assert bytes.fromhex(opened["key"]) == desks["station"].vault.patients.key_to_share(CODE)
    with pytest.raises(UsageError, match="does not open"):
        read_shared(shared, str(stranger))
    with pytest.raises(UsageError, match="public key"):
        Privacy(desks["patient"]).share(CODE, "age1nonsense", "X")


def test_users_are_kept_in_order(desks: dict[str, Desk]) -> None:
    users = Users(desks["station"])
    with pytest.raises(UsageError, match="only administrator"):
        Users(_only_administrator(desks)).disable("station")
    with pytest.raises(UsageError, match="already"):
        users.add("A Clinician", frozenset({Role.CLINICIAN}), "a password of length")
    with pytest.raises(UsageError, match="go together"):
        users.give_roles("a clinician", frozenset({Role.PATIENT}))
    with pytest.raises(UsageError, match="no user"):
        users.give_roles("nobody", frozenset({Role.CLINICIAN}))
    users.disable("a clinician")
    with pytest.raises(NotAllowed, match="disabled"):
        Desk(desks["station"].path, desks["station"].vault, desks["clinician"].user.user_id, "a clinician")
    listed = {one.user.name: one for one in users.users()}
    assert listed["a clinician"].disabled is not None
    assert [kind.value for kind in listed["station"].opens_with] == ["file"]
    assert {slot.name for slot in read_keys(desks["station"].path.parent).slots} == {"station"}


def _only_administrator(desks: dict[str, Desk]) -> Desk:
    Users(desks["station"]).disable("a administrator")
    return desks["station"]


def test_each_act_is_somebodys_and_no_role_reads_beyond_its_table() -> None:
    assert set().union(*ALLOWED.values()) == set(Act)
    clinical = {Act.READ_SESSION, Act.READ_PATIENT, Act.READ_IDENTITY, Act.LIST_PATIENTS, Act.EXPORT}
    assert not clinical & ALLOWED[Role.ADMINISTRATOR]
    assert "password" not in {column.name for column in UserRow.__table__.columns}  # type: ignore[attr-defined]


INSIDE = {
    "connecting", "database", "founding", "keyfile", "keys", "migrations", "patient_keys", "plain", "tables", "users",
    "vault", "writing",
}  # fmt: skip
LEAVE = {("cli/setting_up.py", "connecting"), ("cli/setting_up.py", "plain"), ("cli/unlocking.py", "database")}


def test_no_module_outside_the_store_goes_round_the_desk() -> None:
    found = set()
    for path in sorted((ROOT / "therapy").rglob("*.py")):
        if path.is_relative_to(ROOT / "therapy" / "store"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("therapy.store"):
                inner = [node.module.removeprefix("therapy.store").strip(".")] if node.module else []
                names = [one for one in inner if one] or [alias.name for alias in node.names]
                found |= {(str(path.relative_to(ROOT / "therapy")), name) for name in names if name in INSIDE}
    assert found == LEAVE


def test_a_command_gives_the_record_the_desk_it_unlocked() -> None:
    """In the command line no way to the record takes a path, but for throw-away records and `doctor`."""
    for path in sorted((ROOT / "therapy" / "cli").glob("*.py")):
        if path.stem in {"throwaway", "doctor"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in {"Archive", "People", "Recorder", "Privacy", "Users", "write_report", "predict_for", "move"}:
                assert isinstance(node, ast.Call)
                first = ast.unparse(node.args[0])
                assert first == "desk" or first.startswith("at_record("), f"{path.name}: {called}({first})"


def with_reasons(session: Rehearsal) -> None:
    """A therapist who raises the ceiling once, for a reason that goes on the record."""
    if session.t_s == 300.0:
        session.feed(Therapist(TherapistAction.NOTE, text=WORDS))
        session.feed(Therapist(TherapistAction.CEILING, 5.0, WORDS))


def test_a_session_replays_to_the_same_decisions_after_erasure(desks: dict[str, Desk]) -> None:
    path = desks["station"].path
    session_id = record_rehearsal(path, Stage.BOUNDED_RAISE, with_reasons, exposure_s=90.0)
    with Archive(path) as archive:
        assert [text for _, _, text in archive.words(session_id)] == [WORDS, WORDS]
        before = compare(archive, session_id)
    Privacy(path).erase(CODE, "T-1")
    with Archive(path) as archive:
        assert [text for _, _, text in archive.words(session_id)] == ["(erased)", "(erased)"]
        assert compare(archive, session_id) == before
    assert before.identical
