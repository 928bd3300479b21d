"""The files that tests and benches are made of."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from tests.gltf.generator import characters_glb, static_glb


def _document(glb: bytes) -> dict[str, Any]:
    length = struct.unpack_from("<I", glb, 12)[0]
    document: dict[str, Any] = json.loads(glb[20 : 20 + length])
    return document


def _triangles(document: dict[str, Any]) -> int:
    parts = [part for mesh in document["meshes"] for part in mesh["primitives"]]
    return sum(document["accessors"][part["indices"]]["count"] // 3 for part in parts)


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert static_glb(20, 3, 2000, 16, 5) == static_glb(20, 3, 2000, 16, 5)
    assert static_glb(20, 3, 2000, 16, 5) != static_glb(20, 3, 2000, 16, 6)
    assert characters_glb(600, 12, 1) == characters_glb(600, 12, 1)


def test_a_static_file_has_the_size_that_was_asked_for() -> None:
    document = _document(static_glb(50, 4, 40_000, 16, 0))
    assert len(document["nodes"]) == 50
    assert len(document["materials"]) == 4
    assert _triangles(document) == pytest.approx(40_000, rel=0.1)


def test_bodies_have_the_joints_and_triangles_that_were_asked_for() -> None:
    document = _document(characters_glb(3000, 30, 0, count=2))
    assert [len(skin["joints"]) for skin in document["skins"]] == [30, 30]
    assert _triangles(document) == pytest.approx(6000, rel=0.1)
    assert document["meshes"][0]["extras"]["targetNames"] == ["smile"]
