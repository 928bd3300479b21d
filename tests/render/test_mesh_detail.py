"""Coarser copies keep what can be seen; closed parts are told from open ones."""

from __future__ import annotations

import numpy as np
import pytest

from environments.render.mesh_detail import details_of, pieces_of, thinned
from environments.render.model import Mesh
from environments.scenes.shore.forms import boulder, grid_triangles, mesh_of, tuft


def test_ball_is_closed_and_gets_coarser_copies() -> None:
    details = details_of(boulder(0, 40), 1.0)
    assert details[0].closed == len(details[0].triangles)
    counts = [len(detail.triangles) for detail in details]
    assert len(counts) > 2
    assert counts == sorted(counts, reverse=True)
    reach = np.abs(details[1].rows[:, :3]).max(axis=0) - np.abs(details[0].rows[:, :3]).max(axis=0)
    assert np.abs(reach).max() < details[1].cell_m


def test_slender_blades_stay_in_coarse_copies() -> None:
    details = details_of(tuft(0, 24, 0.75, 0.006), 1.0)
    assert details[0].closed == 0
    assert all(detail.cell_m >= 0.25 for detail in details[1:])


def test_open_sheet_keeps_both_sides() -> None:
    x, z = np.meshgrid(np.arange(9.0), np.arange(9.0))
    sheet = mesh_of(np.stack([x, 0 * x, z], -1).reshape(-1, 3), grid_triangles(9, 9))
    assert details_of(sheet, 1.0)[0].closed == 0


def test_triangles_are_wound_as_their_normals_point() -> None:
    ball = boulder(1, 12)
    turned = Mesh(ball.positions_m, ball.normals, ball.uvs_m, np.ascontiguousarray(ball.indices[:, ::-1]))
    assert details_of(turned, 1.0)[0].closed == details_of(ball, 1.0)[0].closed > 0


def test_wide_mesh_is_cut_between_its_parts_and_loses_nothing() -> None:
    balls = [boulder(seed, 12) for seed in range(6)]
    moved = [ball.positions_m + np.array([30.0 * index, 0.0, 0.0]) for index, ball in enumerate(balls)]
    count = len(balls[0].positions_m)
    row = Mesh(
        np.vstack(moved).astype(np.float32),
        np.vstack([ball.normals for ball in balls]),
        np.vstack([ball.uvs_m for ball in balls]),
        np.vstack([ball.indices + np.uint32(count * index) for index, ball in enumerate(balls)]),
    )
    pieces = list(pieces_of(row, 40.0, 10))
    assert len(pieces) == 4
    assert all(np.ptp(piece.positions_m[:, 0]) < 50.0 for piece in pieces)
    for finest in (details_of(piece, 1.0)[0] for piece in pieces):
        assert finest.closed == len(finest.triangles)
    corners = np.vstack([piece.positions_m[piece.indices].reshape(-1, 9) for piece in pieces])
    assert np.array_equal(np.sort(corners, axis=0), np.sort(row.positions_m[row.indices].reshape(-1, 9), axis=0))


def test_small_mesh_stays_in_one_piece() -> None:
    ball = boulder(0, 12)
    assert list(pieces_of(ball, 0.1, len(ball.indices))) == [ball]


def test_thinned_leaves_cover_as_much_as_all_of_them() -> None:
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    places = (np.arange(12)[:, None, None] * [0.0, 0.0, 2.0] + corners).reshape(-1, 3)
    quads = np.arange(12)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])
    card = mesh_of(places, quads.reshape(-1, 3))
    fewer = thinned(card, 4)
    assert len(fewer.indices) == len(card.indices) / 4
    assert fewer.positions_m.reshape(3, 4, 3).mean(axis=1)[:, 2] == pytest.approx([0.0, 8.0, 16.0])
    assert np.ptp(fewer.positions_m[:, 0]) == pytest.approx(2.0)
