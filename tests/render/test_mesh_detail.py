"""Coarser copies keep what can be seen; closed parts are told from open ones."""

from __future__ import annotations

import numpy as np

from environments.render.mesh_detail import details_of
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
