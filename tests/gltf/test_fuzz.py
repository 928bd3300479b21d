"""Whatever is done to a file, it loads or it is refused with a sentence."""

from __future__ import annotations

import copy
import json
import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from environments.gltf.load import read_gltf
from environments.gltf.problems import GltfError
from tests.gltf.generator import characters_glb, static_glb
from tests.gltf.writing import glb_of

FILES = (static_glb(6, 2, 60, 8, 1), characters_glb(120, 8, 1))
SLOWLY = settings(max_examples=250, deadline=2000, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.sampled_from([2**31, 2**31 - 1, 2**63, 10**40, -1, 1e38, 1e308, 1e-320, "", "x" * 300, "data:,", "../x.bin"]),
    st.lists(st.integers(-2, 40), max_size=5),
    st.dictionaries(
        st.sampled_from(["index", "bufferView", "count", "texCoord", "scale"]), st.integers(-2, 99), max_size=3
    ),
)


def _loads_or_is_refused(data: bytes) -> bool:
    try:
        content = read_gltf(data)
    except GltfError as error:
        return 10 < len(str(error)) < 700 and "\n" not in str(error)
    return bool(content.placed or content.bodies)


def _document(glb: bytes) -> tuple[Any, bytes]:
    length = struct.unpack_from("<I", glb, 12)[0]
    return json.loads(glb[20 : 20 + length]), glb[28 + length :]


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for key, one in inside for spot in _spots(one, (*path, key)))]


DOCUMENTS = tuple(_document(data) for data in FILES)
SPOTS = tuple(_spots(document)[1:] for document, _ in DOCUMENTS)
LEAVES = tuple([path for path in found if path[-1] != "name" and len(path) > 2] for found in SPOTS)


@SLOWLY
@given(
    st.integers(0, 1),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
    st.floats(0.0, 1.0),
)
def test_changed_and_cut_bytes(which: int, changes: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(FILES[which])
    for where, value in changes:
        data[int(where * len(data))] = value
    assert _loads_or_is_refused(bytes(data))
    assert _loads_or_is_refused(bytes(data[: int(kept * len(data))]))


@SLOWLY
@given(st.integers(0, 1), st.lists(st.tuples(st.integers(0, 10**6), ODD), min_size=1, max_size=3))
def test_changed_documents(which: int, changes: list[tuple[int, Any]]) -> None:
    document, data = copy.deepcopy(DOCUMENTS[which][0]), DOCUMENTS[which][1]
    for where, value in changes:
        spots = (LEAVES if where % 4 else SPOTS)[which]
        *path, last = spots[where // 4 % len(spots)]
        owner: Any = document
        try:
            for key in path:
                owner = owner[key]
            owner[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    assert _loads_or_is_refused(glb_of(document, data))


@SLOWLY
@given(st.binary(max_size=200))
@example(b"")
@example(b"glTF")
@example(b"{}")
@example(b'{"asset":{"version":"2.0"}}')
def test_any_bytes(data: bytes) -> None:
    assert _loads_or_is_refused(data)
    assert _loads_or_is_refused(b"glTF\x02\0\0\0" + struct.pack("<I", len(data) + 12) + data)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_document_nested_without_end_is_refused(opening: bytes) -> None:
    with pytest.raises(GltfError):
        read_gltf(opening * 200_000)
