"""Panels and dwelling, on injected time."""

import pytest

from environments.contract import PanelAnswered, PanelKind, PanelShown, Say, ShowPanel
from environments.interact import pictures
from environments.interact.dwell import DWELL_S, Dwell, look
from environments.interact.geometry import Direction, angle_between_deg, on_plane, tangents_on, under_pointer
from environments.interact.layout import (
    TARGET_RADIUS_DEG,
    anchors_of,
    choices_of,
    direction_of_choice,
    half_size,
    is_scale,
)
from environments.player_input import FromPatient, Head
from tests.player.stand_in import Bench

AHEAD = Direction(0.0, 0.0)


def dwelt(dwell: Dwell, *looks: tuple[int | None, float]) -> tuple[Dwell, list[int]]:
    """The state after looking at each target for that long, and what was chosen."""
    chosen = []
    for target, for_s in looks:
        for _ in range(round(for_s / 0.05)):
            dwell, hit = look(dwell, target, 0.05)
            chosen += [] if hit is None else [hit]
    return dwell, chosen


def test_looking_for_a_second_and_a_half_chooses():
    assert dwelt(Dwell(), (None, 0.1), (3, 1.4))[1] == []
    assert dwelt(Dwell(), (None, 0.1), (3, 1.6))[1] == [3]


def test_a_glance_aside_loses_nothing():
    assert dwelt(Dwell(), (None, 0.1), (3, 1.0), (None, 0.25), (3, 0.55))[1] == [3]


def test_looking_away_drains_what_was_won():
    assert dwelt(Dwell(), (None, 0.1), (3, 1.0), (None, 2.0), (3, 1.0))[1] == []


def test_another_target_begins_from_nothing():
    assert dwelt(Dwell(), (None, 0.1), (3, 1.2), (4, 1.2))[1] == []


def test_a_chosen_target_counts_again_only_after_looking_away():
    assert dwelt(Dwell(), (None, 0.1), (3, 6.0))[1] == [3]
    assert dwelt(Dwell(), (None, 0.1), (3, 2.0), (None, 0.1), (3, 1.6))[1] == [3, 3]


def test_what_appears_under_the_gaze_does_not_count_until_left():
    assert dwelt(Dwell(), (3, 5.0))[1] == []


def test_time_counts_and_not_the_number_of_frames():
    assert look(Dwell(armed=True, target=3, held_s=DWELL_S - 0.01), 3, 0.02)[1] == 3


@pytest.mark.parametrize("panel", list(PanelKind))
def test_targets_of_a_panel_lie_apart_and_can_be_told_by_gaze(panel):
    places = [direction_of_choice(AHEAD, choice) for choice in choices_of(panel)]
    gaps = [angle_between_deg(a, b) for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps, default=90.0) > 2.0 * TARGET_RADIUS_DEG


@pytest.mark.parametrize("panel", list(PanelKind))
def test_nobody_answers_by_looking_where_they_looked_before(panel):
    bench, _ = asked(panel)
    bench.run(5.0)
    assert not bench.told(PanelAnswered)
    assert bench.state.asked.panel.dwell.held_s == 0.0


def test_plane_and_pointer_agree_with_themselves():
    center = Direction(40.0, -12.0)
    at = on_plane(center, 0.2, 0.1)
    assert tangents_on(center, at) == pytest.approx((0.2, 0.1))
    assert angle_between_deg(under_pointer(center, 0.5, 0.5, 16 / 9, 60.0), center) == pytest.approx(0.0, abs=1e-9)
    assert tangents_on(center, Direction(220.0, 12.0)) is None


def asked(panel: PanelKind, head: Head | None = None) -> tuple[Bench, PanelShown]:
    bench = Bench()
    bench.run(1.0)
    looks = FromPatient(head=head or Head())
    bench.frame(ShowPanel(7, panel, "How tense are you?"), patient=looks)
    bench.frame(patient=looks)
    (shown,) = bench.told(PanelShown)
    return bench, shown


def test_panel_appears_where_the_patient_looks_and_stays_there():
    bench, shown = asked(PanelKind.SUDS, Head(yaw_deg=60.0))
    center = bench.state.asked.panel.center
    assert center.yaw_deg == 60.0
    assert abs(center.pitch_deg) < 10.0
    bench.frame(patient=FromPatient(head=Head(yaw_deg=0.0)))
    assert bench.state.asked.panel.center == center
    assert [choice.answer for choice in shown.choices] == list(range(0, 101, 10))


def test_panel_waits_until_the_picture_is_light():
    bench = Bench()
    bench.frame(ShowPanel(7, PanelKind.SUDS, "?"))
    assert not bench.told(PanelShown)
    bench.run(0.6)
    assert len(bench.told(PanelShown)) == 1


@pytest.mark.parametrize("panel", list(PanelKind))
def test_every_answer_can_be_given_by_looking_where_the_report_says(panel):
    for index, wanted in enumerate(choices_of(panel)):
        bench, shown = asked(panel)
        bench.run(0.1)
        place = shown.choices[index]
        bench.run(1.7, patient=FromPatient(head=Head(yaw_deg=place.yaw_deg, pitch_deg=place.pitch_deg)))
        assert bench.told(PanelAnswered) == [PanelAnswered(7, panel, wanted.answer)]
        assert bench.state.asked.panel is None


@pytest.mark.parametrize(
    ("panel", "pressed", "answer"),
    [
        (PanelKind.SUDS, ("7",), 70),
        (PanelKind.SUDS, ("ten",), 100),
        (PanelKind.SUDS, ("0",), 0),
        (PanelKind.NRS, ("7",), 7),
        (PanelKind.FMS, ("7",), 14),
        (PanelKind.FMS, ("ten",), 20),
        (PanelKind.FMS, ("right", "confirm"), 10),
        (PanelKind.EXPECTANCY, ("last", "left", "confirm"), 90),
        (PanelKind.SUDS, ("right", "right", "confirm"), 60),
        (PanelKind.YES_NO, ("yes",), 1),
        (PanelKind.YES_NO, ("no",), 0),
        (PanelKind.YES_NO, ("right", "confirm"), 1),
        (PanelKind.MESSAGE, ("confirm",), 1),
    ],
)
def test_answers_by_key(panel, pressed, answer):
    bench, _ = asked(panel)
    for key in pressed:
        bench.frame(patient=FromPatient(keys=(key,)))
    assert bench.told(PanelAnswered) == [PanelAnswered(7, panel, answer)]


def test_sickness_is_answered_from_0_to_20_by_twos():
    assert [choice.answer for choice in choices_of(PanelKind.FMS)] == list(range(0, 21, 2))
    words = [anchor.words for anchor in anchors_of(PanelKind.FMS)]
    assert words == ["fine", "a little queasy", "queasy", "very queasy", "being sick"]


@pytest.mark.parametrize("panel", [panel for panel in PanelKind if is_scale(panel)])
def test_the_words_of_a_scale_stand_inside_its_panel(panel):
    half_width, _ = half_size(panel)
    for anchor in anchors_of(panel):
        (right, _), caps, _, align = pictures._anchor_place(panel, anchor.at_0to1)
        width = pictures.text_width(anchor.words, caps)
        left = right - {"l": 0.0, "m": 0.5, "r": 1.0}[align[0]] * width
        assert -half_width + 0.01 < left < left + width < half_width - 0.01


def test_confirm_without_a_choice_answers_nothing():
    bench, _ = asked(PanelKind.SUDS)
    bench.frame(patient=FromPatient(keys=("confirm",)))
    assert not bench.told(PanelAnswered)
    assert bench.state.asked.panel is not None


def test_confirm_gives_the_answer_that_is_looked_at_and_none_that_was_left():
    bench, shown = asked(PanelKind.SUDS)
    at = shown.choices[4]
    looking = Head(yaw_deg=at.yaw_deg, pitch_deg=at.pitch_deg)
    bench.frame(patient=FromPatient(head=looking))
    bench.frame(patient=FromPatient(head=looking))
    bench.frame(patient=FromPatient(head=Head(yaw_deg=80.0)))
    bench.frame(patient=FromPatient(head=Head(yaw_deg=80.0), keys=("confirm",)))
    assert not bench.told(PanelAnswered)
    bench.frame(patient=FromPatient(head=looking))
    bench.frame(patient=FromPatient(head=looking, keys=("confirm",)))
    assert bench.told(PanelAnswered) == [PanelAnswered(7, PanelKind.SUDS, 40)]


def test_click_on_an_answer_answers():
    bench, shown = asked(PanelKind.SUDS)
    place = shown.choices[4]
    bench.frame(patient=FromPatient(clicks=(Direction(place.yaw_deg, place.pitch_deg),)))
    assert bench.told(PanelAnswered) == [PanelAnswered(7, PanelKind.SUDS, 40)]


def test_patient_can_rate_without_being_asked():
    bench = Bench()
    bench.run(1.0)
    bench.frame(patient=FromPatient(keys=("rate",)))
    bench.run(0.2)
    bench.frame(patient=FromPatient(keys=("8",)))
    assert bench.told(PanelAnswered) == [PanelAnswered(0, PanelKind.SUDS, 80)]


def test_own_dial_closes_by_the_same_key_and_never_replaces_a_question():
    bench, _ = asked(PanelKind.NRS)
    bench.frame(patient=FromPatient(keys=("rate",)))
    assert bench.state.asked.panel.panel_id == 7
    other = Bench()
    other.run(1.0)
    other.frame(patient=FromPatient(keys=("rate",)))
    other.frame(patient=FromPatient(keys=("rate",)))
    assert other.state.asked.panel is None


def test_own_dial_goes_away_unanswered():
    bench = Bench()
    bench.run(1.0)
    bench.frame(patient=FromPatient(keys=("rate",)))
    bench.run(31.0)
    assert bench.state.asked.panel is None
    assert not bench.told(PanelAnswered)


def test_a_line_stays_where_it_appeared_and_fades():
    bench = Bench()
    bench.run(1.0)
    bench.frame(Say("You can stay here.", 2.0), patient=FromPatient(head=Head(yaw_deg=30.0)))
    bench.run(1.0)
    line = bench.state.asked.subtitle
    assert line.center.yaw_deg == 30.0
    assert line.opacity_0to1 == 1.0
    bench.run(1.2)
    assert bench.state.asked.subtitle is None
