"""What levels, parameters and events of the lecture hall do to the audience, without drawing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from environments.animation.quaternions import Floats
from environments.contract import Refused, SetNotes
from environments.player_commands import arrived
from environments.player_input import Received
from environments.player_model import Rules, first_state
from environments.render.model import SceneFrame
from environments.scenes import notes
from environments.scenes.manifest import ParameterValue, load_manifest
from environments.scenes.speaking import cast, happenings, room, seats, walkers
from environments.scenes.speaking.audience import Audience, Tick, audience_of
from environments.scenes.speaking.behaviours import BEHAVIOURS, NUMBERS, SIGHT_OF, Sight
from environments.scenes.speaking.build import SCENE
from environments.scenes.speaking.timetable import Acts, State

MANIFEST = load_manifest("speaking")
EYE_M = (0.0, 1.62, -4.0)
GAZE_DEG = 6.0


@pytest.fixture(scope="module", name="audience")
def _audience() -> Audience:
    return audience_of(0)


def _moment(
    level: float, time_s: float = 20.0, events: Mapping[str, float] | None = None, **changes: ParameterValue
) -> SceneFrame:
    text = {notes.PARAMETER: changes.pop("notes_text", "")}
    return SCENE.frame({**MANIFEST.values_at(level / 10.0, changes), **text}, 0, time_s, events or {})


def _people(frame: SceneFrame) -> int:
    return sum(len(poses.places) for poses in frame.poses.values())


def _gazing(frame: SceneFrame) -> int:
    """How many of the eyes drawn point at the speaker's."""
    speaker = np.array((0.0, 1.62, frame.eye_base_m[2]))
    found = 0
    for name, poses in frame.poses.items():
        skeleton = cast.body_of(cast.WHO[cast.NAMES.index(name)][0]).skeleton
        eye = skeleton.names.index("eye_l")
        rest = np.linalg.inv(skeleton.inverse_binds[eye])[:3, 3]
        for place, joints in zip(poses.places, poses.joints, strict=True):
            at = place[:3, :3] @ (joints[eye, :, :3] @ rest + joints[eye, :, 3]) + place[:3, 3]
            way = place[:3, :3] @ joints[eye, :, 2]
            wanted = (speaker - at) / np.linalg.norm(speaker - at)
            found += bool(way @ wanted > np.cos(np.radians(GAZE_DEG)))
    return found


def _acting(audience: Audience, behaviour: str, time_s: float = 5.0) -> Tick:
    """The first six people, all doing the same."""
    who = np.arange(6)
    doing = np.full(6, NUMBERS[behaviour])
    acts = Acts(doing, doing, np.ones(6), doing, np.zeros(6), np.zeros((2, 6)))
    return audience.posed(who, acts, State(6, 0.5, 0.5, 0.0, EYE_M), time_s)


def _places(audience: Audience, tick: Tick, joint: str, people: int = 6) -> Floats:
    """Where a joint of the first people is, in their own space."""
    number = audience.figure.joint[joint]
    rest = np.stack([audience.rest_m[person, number] for person in range(people)])
    return np.asarray(np.einsum("nab,nb->na", tick.joints[:, number, :, :3], rest) + tick.joints[:, number, :, 3])


def test_levels_have_more_people_who_are_nearer_and_look_more() -> None:
    assert len({level.words for level in MANIFEST.levels}) == 11
    frames = [_moment(level) for level in range(11)]
    for below, above in pairwise(frames):
        assert _people(above) > _people(below)
        assert above.eye_base_m[2] <= below.eye_base_m[2]
    attention = [float(level.parameters["attention_0to1"]) for level in MANIFEST.levels]
    assert attention == sorted(attention, reverse=True)
    assert _people(frames[10]) == seats.MOST


def test_more_faces_look_at_the_speaker_at_each_level() -> None:
    counts = [np.mean([_gazing(_moment(level, time_s)) for time_s in (20.0, 33.0, 57.0)]) for level in range(11)]
    assert all(above > below for below, above in pairwise(counts)), counts
    assert counts[0] == 0
    assert counts[10] > 0.8 * seats.MOST


def test_the_share_of_gazers_is_what_the_parameter_says() -> None:
    for share in (0.0, 0.3, 0.7, 1.0):
        gazing = np.mean([_gazing(_moment(7, 20.0 + 9.0 * k, gaze_share_0to1=share, audience=60.0)) for k in range(2)])
        assert gazing / 60.0 == pytest.approx(share, abs=0.13)


def test_at_least_twenty_people_differ_in_body_or_clothes() -> None:
    people = cast.characters()
    looks = {
        tuple(
            (part.mesh.positions_m.tobytes(), part.material.maps.base_color.key, part.material.base_color_linear)
            for part in one.parts
            if part.material.maps is not None and part.material.maps.base_color is not None
        )
        for one in people
    }
    bodies = {one.parts[0].mesh.positions_m.tobytes() for one in people}
    assert len(looks) == len(people) >= 20
    assert len(bodies) >= 16
    assert len(_moment(10).poses) >= 20, "so many are in the full hall"


def test_nobody_sits_next_to_a_twin(audience: Audience) -> None:
    bodies = [cast.WHO[number][0] for number in audience.who]
    for person, body in enumerate(bodies):
        twins = [other for other in range(person) if bodies[other] == body]
        assert all(np.linalg.norm(audience.places_m[person] - audience.places_m[other]) > 0.9 for other in twins)


def test_first_comers_stay_where_they_are_when_others_come() -> None:
    few, many = (_moment(5, audience=float(count)) for count in (12, 50))
    before = {tuple(place[:3, 3]) for poses in few.poses.values() for place in poses.places}
    after = {tuple(place[:3, 3]) for poses in many.poses.values() for place in poses.places}
    assert before < after


def test_sitters_sit_on_their_chairs_with_feet_on_the_floor_and_hands_on_lap_or_desk(audience: Audience) -> None:
    for behaviour in ("listens", "listens at the desk", "folds hands", "takes notes"):
        tick = _acting(audience, behaviour)
        hips, ankles = _places(audience, tick, "thigh_l"), _places(audience, tick, "foot_l")
        assert hips[:, 1] == pytest.approx(0.515, abs=0.01)
        assert np.abs(hips[:, 2]).max() < 0.03
        assert ((ankles[:, 1] > 0.05) & (ankles[:, 1] < 0.14)).all()
        hands = _places(audience, tick, "hand_r")[:, 1]
        low, high = (0.58, 0.69) if behaviour == "listens" else (0.735, 0.83)
        assert ((hands > low) & (hands < high)).all(), (behaviour, hands)


def test_behaviours_differ_from_each_other_in_body_face_or_eyes(audience: Audience) -> None:
    found = {name: _acting(audience, name) for name in BEHAVIOURS}
    names = list(found)
    for first, second in ((one, two) for k, one in enumerate(names) for two in names[k + 1 :]):
        if {first, second} in ({"stands", "asks"}, {"listens", "looks away"}):
            continue
        apart = np.abs(found[first].joints - found[second].joints).max()
        faces = np.abs(found[first].doing - found[second].doing).max()
        assert max(apart, faces) > 0.1, (first, second)


def test_everything_that_shares_promise_is_done_by_somebody(audience: Audience) -> None:
    seen = set()
    for attention in (0.0, 0.33, 0.67, 1.0):
        state = State(60, attention, 0.5, 1.0, EYE_M)
        for time_s in np.arange(0.0, 240.0, 7.0):
            acts = audience.timetable.acts(np.arange(60), state, float(time_s))
            seen |= set(acts.after.tolist()) | set(acts.over[acts.over_part > 0.5].tolist())
    promised = {NUMBERS[name] for name, one in BEHAVIOURS.items() if sum(one.shares)}
    promised |= {NUMBERS["whispers to the left"], NUMBERS["whispers to the right"]}
    assert promised <= seen
    assert len(promised) >= 12


def test_a_warm_audience_smiles_and_a_hostile_one_frowns(audience: Audience) -> None:
    def faces(attention: float) -> tuple[float, float]:
        state = State(60, attention, 0.9, 0.0, EYE_M)
        doing = np.mean([audience.at(20.0 + 7.0 * k, state).doing.mean(axis=0) for k in range(6)], axis=0)
        return float(doing[0]), float(doing[1])

    (warm_smile, warm_frown), (cold_smile, cold_frown) = faces(1.0), faces(0.0)
    assert warm_smile > 3.0 * cold_smile
    assert cold_frown > 10.0 * warm_frown


def test_the_same_moment_is_the_same_whatever_was_asked_before() -> None:
    one = _moment(8, 31.0, {"applause": 2.0})
    for time_s in (3.0, 90.0, 31.1):
        _moment(3, time_s)
    again = _moment(8, 31.0, {"applause": 2.0})
    for name, poses in one.poses.items():
        np.testing.assert_array_equal(poses.joints, again.poses[name].joints)
    later = _moment(8, 31.5).poses
    assert any(np.abs(poses.joints - later[name].joints).max() > 1e-3 for name, poses in one.poses.items())


def test_nobody_jumps_between_two_pictures(audience: Audience) -> None:
    state = State(60, 0.3, 0.6, 0.5, EYE_M)
    head = audience.figure.joint["head"]
    times_s = np.arange(20.0, 40.0, 1.0 / 30.0)
    at = np.stack([audience.at(float(time_s), state).joints[:, head] for time_s in times_s])
    noses = np.einsum("tnab,nb->tna", at[..., :3], audience.rest_m[audience.rows, head] + (0.0, 0.0, 0.1)) + at[..., 3]
    assert np.linalg.norm(np.diff(noses, axis=0), axis=-1).max() * 30.0 < 1.2, "metres a second"


@pytest.mark.parametrize(
    ("event", "age_s", "behaviour"),
    [
        ("cough", 1.5, "coughs"),
        ("phone", 4.0, "checks the phone"),
        ("whisper", 4.0, "whispers to the left"),
        ("question", 2.0, "raises a hand"),
        ("question", 8.0, "asks"),
        ("applause", 4.0, "applauds"),
        ("laughter", 3.0, "laughs"),
        ("feedback", 1.5, "winces"),
    ],
)
def test_events_are_played_by_the_audience_and_end(
    audience: Audience, event: str, age_s: float, behaviour: str
) -> None:
    state = State(40, 0.6, 0.6, 0.0, EYE_M, ((event, 10.0),))
    everybody = np.arange(40)
    during = audience.timetable.acts(everybody, state, 10.0 + age_s)
    chosen = (during.over == NUMBERS[behaviour]) & (during.over_part > 0.9)
    assert chosen.any()
    assert chosen.sum() >= 20 if event in ("applause", "laughter", "feedback") else chosen.sum() <= 2
    assert audience.timetable.acts(everybody, state, 60.0).over_part.max() == 0.0


def test_somebody_leaves_along_the_row_and_through_a_door_that_opens(audience: Audience) -> None:
    person = happenings.person_for("leaves", audience.timetable, 30)
    here = audience.places_m[person]
    walker = walkers.walker_of(0, walkers.Walk(person, tuple(here.tolist()), True), int(audience.who[person]))
    assert _people(_moment(5, 20.0, {"leaves": 6.0})) == 30, "still in the hall"
    assert _people(_moment(5, 20.0, {"leaves": walker.ends_s + 1.0})) == 29
    doors = [_moment(5, 20.0, {"leaves": age_s}).moves["leaf 0"].tobytes() for age_s in (1.0, walker.ends_s - 2.0)]
    other = [_moment(5, 20.0, {"leaves": age_s}).moves["leaf 2"].tobytes() for age_s in (1.0, walker.ends_s - 2.0)]
    assert (doors[0] != doors[1]) or (other[0] != other[1])
    assert _moment(5, 20.0, {"leaves": 60.0}).moves["leaf 0"].tobytes() == doors[0]


def test_a_latecomer_comes_in_and_stays(audience: Audience) -> None:
    here = audience.places_m[seats.LATECOMER]
    walk = walkers.Walk(seats.LATECOMER, tuple(here.tolist()), False)
    walker = walkers.walker_of(0, walk, int(audience.who[seats.LATECOMER]))
    assert walker.ends_s == pytest.approx(happenings.ARRIVES_S, abs=0.2)
    for age_s in (3.0, walker.ends_s + 0.5, 100.0):
        assert _people(_moment(5, 200.0, {"arrives": age_s})) == 31


def test_walkers_stand_on_the_floor_and_never_leap(audience: Audience) -> None:
    here = audience.places_m[seats.LATECOMER]
    walk = walkers.Walk(seats.LATECOMER, tuple(here.tolist()), False)
    walker = walkers.walker_of(0, walk, int(audience.who[seats.LATECOMER]))
    still, faces = np.zeros((1, len(audience.figure.rest_m), 3, 4), np.float32), np.zeros((1, 5), np.float32)
    spots = np.array([walker.poses(age_s, still, faces).places[0, :3, 3] for age_s in np.arange(0.2, 10.0, 0.1)])
    assert np.abs(np.diff(spots, axis=0)).max() < 0.2
    heights = [walkers.floor_m(float(x), float(z)) for x, _, z in spots]
    assert np.abs(spots[:, 1] - heights).max() < 0.03


def test_those_who_check_the_phone_hold_one(audience: Audience) -> None:
    frame = _moment(6, 40.0, attention_0to1=0.33, gaze_share_0to1=0.1, audience=60.0)
    held = frame.moves["phones"][np.abs(frame.moves["phones"][:, 0, 0]) + np.abs(frame.moves["phones"][:, 1, 1]) > 0.01]
    assert 3 <= len(held) <= room.PHONES
    seats_m = seats.seat_places_m()
    for place in held:
        away = place[:3, 3] - seats_m
        assert (np.abs(away - (0.0, 0.9, 0.4)).max(axis=1) < 0.3).any()


def test_lights_go_down_and_come_back() -> None:
    def light(age_s: float) -> float:
        interior = _moment(3, 60.0, {"lights_dim": age_s}).interior
        assert interior is not None
        return interior.exposure

    assert light(8.0) < 0.6 * light(0.0)
    assert light(30.0) == light(0.0)


def test_notes_lie_on_the_lectern_large_enough_to_read() -> None:
    frame = _moment(3, notes_text="First word\nA second line")
    lines = [text for text in frame.texts if text.words in ("First word", "A second line")]
    assert len(lines) == 2
    eye = np.array((0.0, 1.62, frame.eye_base_m[2]))
    for text in lines:
        away_m = float(np.linalg.norm(text.place[:3, 3] - eye))
        assert np.degrees(2.0 * np.arctan(0.5 * text.height_m / away_m)) >= 0.75


def test_long_paragraphs_are_broken_and_too_much_text_is_refused_with_a_reason() -> None:
    lines = notes.laid_out(
        "One rather long sentence that certainly does not fit into a single line of a lectern's sheet."
    )
    assert len(lines) >= 2
    assert all(notes.width_m(line) <= notes.WIDE_M for line in lines)
    assert all(notes.width_m(line) <= notes.WIDE_M for line in notes.laid_out("w" * 120))
    for text in ("line\n" * 40, "word " * 300, "x" * 5000):
        with pytest.raises(notes.NotesError, match="lectern shows"):
            notes.laid_out(text)


def test_the_player_refuses_notes_that_do_not_fit_and_goes_on() -> None:
    rules = Rules({"shore": load_manifest("shore")})
    state = replace(first_state(0.0, rules), is_attached=True)
    taken, _ = arrived(state, Received(0.0, SetNotes("Good evening")), rules)
    refused, reports = arrived(taken, Received(0.0, SetNotes("line\n" * 40)), rules)
    assert taken.notes == refused.notes == "Good evening"
    assert any(isinstance(report, Refused) and "lectern shows" in report.reason for report in reports)


def test_a_level_may_be_set_between_and_gazers_are_told_apart() -> None:
    assert SIGHT_OF[NUMBERS["listens"]] == Sight.SPEAKER
    assert _people(_moment(4.5)) == 26
