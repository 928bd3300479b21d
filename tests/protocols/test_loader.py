import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocols.loader import LoadedProtocol, Problem, ProtocolFileError, ProtocolNotFound, load_protocol, parse_protocol

Problems = Callable[[str], tuple[Problem, ...]]


def _spoilt(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def _read_or_told(text: str) -> LoadedProtocol | tuple[Problem, ...]:
    try:
        return parse_protocol(text, "mine.yaml")
    except ProtocolFileError as error:
        return error.problems


def _place(text: str, part: str) -> tuple[int, int]:
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_text_and_hash_are_those_of_the_file(scenes: Path, tmp_path: Path, good_text: str):
    path = tmp_path / "heights-first.yaml"
    path.write_bytes(good_text.replace("\n", "\r\n").encode())
    loaded = load_protocol(path)
    assert loaded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert loaded.text.encode() == path.read_bytes()
    assert loaded.protocol == load_protocol("heights-first").protocol


def test_a_byte_order_mark_does_no_harm(scenes: Path, good_text: str):
    assert parse_protocol("\ufeff" + good_text, "mine.yaml").protocol.name == "heights-first"


def test_every_error_is_found_at_once_with_its_place(good_text: str, problems_of: Problems):
    text = _spoilt(
        good_text,
        ("start: 0", "start: 5"),
        ("stop_rehearsal: true", "stop_rehearsal: on"),
        ("climbing_s: 50", "climbing_s: 1:30"),
        ("calm_at: 95", "calm_at: 99"),
        ("brake_s: 60", "brke_s: 60"),
        ("pace_per_min: 6.0", "pace_per_mim: 6.0"),
    )
    found = {problem.text.split(";")[0]: (problem.line, problem.col) for problem in problems_of(text)}
    assert found == {
        "start 5 lies above ceiling 4": _place(text, "5, ceiling"),
        "scene shore has no parameter 'pace_per_mim'": _place(text, "6.0}"),
        "stop_rehearsal must be true or false, not the text 'on'": _place(text, "on\nfitting"),
        "climbing_s must be a number, not the text '1:30'": _place(text, "1:30"),
        "calm_at: 99 is refused": _place(text, "99"),
        "unknown key 'brke_s'": _place(text, "brke_s"),
    }


def test_problems_read_as_file_line_col(good_text: str, problems_of: Problems):
    (problem,) = problems_of(_spoilt(good_text, ("mode: habituation", "mode: habitation")))
    assert str(problem) == (
        "mine.yaml:13:7: mode is the text 'habitation'; did you mean 'habituation'? "
        "(known: calm, distraction, habituation, inhibitory-learning)"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("scene: heights", "scene: hights", "did you mean 'heights'?"),
        ("scene: heights", "scene: shore", "needs a graded scene"),
        ("scene: shore", "scene: heights", "the calm scene must not be"),
        ("scene: shore", "scene: lake", "there is no scene 'lake'"),
        ("pace_per_min: 6.0", "pace_per_min: 11", "lies between 4.0 and 10.0"),
        ("pace_per_min: 6.0", "pace_per_min: 2", "must lie in 3 to 12 a minute"),
        ("pace_per_min: 6.0", "tide: 6.0", "one of low, high"),
        ("pace_per_min: 6.0", "pace_per_min: .nan", "finite"),
        ("policy: ladder", "policy: locked", "needs policy ladder"),
        ("policy: ladder", "policy: hr-widow", "known: breathing, distraction, fixed"),
        ("mode: habituation", "mode: calm", "needs policy locked"),
        ("levels: {start: 0, ceiling: 4, top: 10}", "", "policy ladder needs levels"),
        ("ceiling: 4, top: 10", "ceiling: 4, top: 3", "ceiling 4 lies above top 3"),
        ("stop_rehearsal: true", "stop_rehearsal: false", "exposure needs the stop to be rehearsed"),
        ("down_one_at: 75", "down_one_at: 80\n  down_two_at: 80", "is there twice"),
        ("down_two_at: 85", "down_two_at: 75", "down_two_at 75 must lie above down_one_at 75"),
        ("veto_s: 30", "veto_s: 60.5", "60.5 is refused"),
        ("brake_s: 60, veto_s: 30", "brake_s: 30, veto_s: 40", "must not be longer than brake_s"),
        ("discard_s: 60, valid_s: 90", "discard_s: 60, valid_s: 200", "does not fit"),
        ("duration_s: 240, discard_s", "duration_s: 500, discard_s", "is shorter than duration_s"),
        ("at_most_s: 120, good_for_s: 10", "at_most_s: 30, good_for_s: 30", "must be shorter than at_most_s"),
        ("climbing_s: 50", "climbing_s: 100", "must not be shorter than climbing_s"),
        ("duration_s: 1260", "duration_s: 2300", "46.3 min in the headset"),
        ("You can stop whenever you want", "You can pause", "has to say how to stop"),
        ("name: heights-first", "name: Heights_First", "lower-case words"),
        ("name: heights-first", "", "key 'name' is missing"),
        ("schema_version: 1", "", "key 'schema_version' is missing"),
        ("schema_version: 1", "schema_version: one", "must be a whole number"),
        ("schema_version: 1", "schema_version: 2", "newer than this program reads"),
        ("schema_version: 1", "schema_version: 0", "not known"),
        ("title: Heights, first session", "title:", "not empty"),
        ("title: Heights, first session", "title: !!python/object:os.system x", "the tag"),
        ("recovery: {duration_s: 240}", "recovery: 240", "must be a mapping of keys, not 240"),
        ("sources:\n", "sources:\n  - 3\n", "must be a text, not 3"),
        ("recovery: {", "recovery: &r {", "anchors"),
    ],
)
def test_what_does_not_fit_together_is_named(good_text: str, before: str, after: str, said: str, problems_of: Problems):
    text = _spoilt(good_text, (before, after))
    assert said in "\n".join(str(problem) for problem in problems_of(text))


@pytest.mark.parametrize(
    ("text", "line", "col", "said"),
    [
        ("", 1, 1, "empty"),
        ("# only a remark\n", 1, 1, "empty"),
        ("- a\n- b\n", 1, 1, "mapping of keys"),
        ("name", 1, 1, "mapping of keys"),
        ("name: x\nlevels:\n\tstart: 0\n", 3, 1, "a tab"),
        ("name: x\nname: y\n", 2, 1, "there twice; the first is on line 1"),
        ("name: 'x\n", 2, 1, "not YAML"),
        ("name: x\n---\nname: y\n", 2, 1, "not YAML"),
        ("name: \x01\n", 1, 7, "control character"),
        ("? [a, b]\n: 1\n", 1, 3, "a key is a plain word"),
        ("[" * 1000, 1, 1, "nested too deeply"),
    ],
)
def test_what_is_no_protocol_at_all_is_told_with_its_place(
    text: str, line: int, col: int, said: str, problems_of: Problems
):
    first = problems_of(text)[0]
    assert (first.line, first.col) == (line, col)
    assert said in first.text


def test_both_of_two_doubled_keys_are_told(problems_of: Problems):
    found = problems_of("a: 1\nb:\n  c: 1\n  c: 2\na: 2\n")
    assert [(problem.line, problem.col) for problem in found] == [(4, 3), (5, 1)]


def test_text_that_is_not_utf8_is_told_with_its_place(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_bytes("name: mine\ntitle: Höhe".encode("latin-1"))
    with pytest.raises(ProtocolFileError, match=r"mine\.yaml:2:9: the file is not UTF-8"):
        load_protocol(path)


def test_a_file_too_large_to_be_a_protocol_is_not_read(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_text("# padding\n" * 10_000, "utf-8")
    with pytest.raises(ProtocolFileError, match="larger than 64 KiB"):
        load_protocol(path)


def test_a_folder_is_told_to_be_one(tmp_path: Path):
    with pytest.raises(ProtocolFileError, match="cannot be read"):
        load_protocol(tmp_path)


def test_the_name_inside_is_the_files_name(scenes: Path, tmp_path: Path, good_text: str):
    path = tmp_path / "other.yaml"
    path.write_text(_spoilt(good_text, ("start: 0", "start: 9")), "utf-8")
    with pytest.raises(ProtocolFileError) as caught:
        load_protocol(path)
    assert len(caught.value.problems) == 2
    assert "differs from the file's name 'other'" in str(caught.value)


def test_an_unknown_name_is_told_with_the_nearest_and_all():
    with pytest.raises(
        ProtocolNotFound, match=r"did you mean 'heights-first'\? \(known: calm-breathing, .*heights-first"
    ):
        load_protocol("heigths-first")


@pytest.mark.parametrize("name", ["", "nothing/here.yaml", "x\0y", "../heights-first", "mine.yaml"])
def test_what_is_not_there_is_not_found(name: str):
    with pytest.raises(ProtocolNotFound):
        load_protocol(name)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("dwell_up_s: 45", "dwell_up_s: 300", "dwell_up_s 300 is unusual; recommended is 45 to 180 s"),
        ("duration_s: 1260", "duration_s: 1500", "33 min in the headset"),
        ("pace_per_min: 6.0", "pace_per_min: 8", "pace_per_min 8 is unusual"),
        ("start: 0", "start: 2", "start 2 is unusual"),
        ("We stay on this storey.", "Calm down.", "dismisses what the patient feels"),
    ],
)
def test_the_unusual_is_used_with_a_warning(scenes: Path, good_text: str, before: str, after: str, said: str):
    text = _spoilt(good_text, (before, after))
    (warning,) = parse_protocol(text, "mine.yaml").warnings
    assert said in warning.text
    assert warning.line == next(n for n, line in enumerate(text.splitlines(), 1) if after in line)


def test_a_protocol_without_sources_is_warned_about(scenes: Path, good_text: str):
    lines = good_text.splitlines()
    kept = [line for line in lines if not line.startswith(("sources:", "  - "))]
    assert "no source is given" in parse_protocol("\n".join(kept), "mine.yaml").warnings[0].text


def test_a_protocol_on_a_record_is_read_although_its_scene_is_gone(scenes: Path, good_text: str):
    text = _spoilt(good_text, ("scene: heights", "scene: bridge"))
    assert parse_protocol(text, "record", check_scenes=False).protocol.scene == "bridge"


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
def test_any_text_is_a_protocol_or_a_told_problem(scenes: Path, text: str):
    with pytest.raises(ProtocolFileError) as caught:
        parse_protocol(text, "mine.yaml")
    assert caught.value.problems


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_any_damage_to_a_file_is_read_or_told(good_text: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(good_text)))
    until = data.draw(st.integers(at, min(len(good_text), at + 30)))
    spoilt = good_text[:at] + data.draw(st.text(max_size=5)) + good_text[until:]
    read = _read_or_told(spoilt)
    if isinstance(read, LoadedProtocol):
        assert read.protocol.steps.calm_at <= 95
    else:
        assert read
        assert all(problem.line >= 1 and problem.col >= 1 for problem in read)
