"""Dense signals as compressed column blocks."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

POSE_COLUMNS = ("scene_time_s", "yaw_deg", "pitch_deg", "roll_deg", "x_m", "y_m", "z_m")


def pack_columns(rows: NDArray[np.float64]) -> bytes:
    """Rows (n, columns) as little-endian float32, one column after the other, deflated."""
    return zlib.compress(np.ascontiguousarray(rows.T, dtype="<f4").tobytes(), 6)


def unpack_columns(block: bytes, rows: int) -> NDArray[np.float64]:
    """The rows (n, columns) of a block that `pack_columns` made."""
    columns = np.frombuffer(zlib.decompress(block), dtype="<f4").reshape(-1, rows)
    return columns.T.astype(np.float64)


def pack_poses(poses: Sequence[Sequence[float]]) -> tuple[float, bytes]:
    """The first scene time, exact, and the block; scene times in it count from there."""
    rows = np.asarray(poses, dtype=np.float64).reshape(len(poses), len(POSE_COLUMNS))
    first_s = float(rows[0, 0])
    rows = rows.copy()
    rows[:, 0] -= first_s
    return first_s, pack_columns(rows)


def unpack_poses(first_scene_time_s: float, block: bytes, rows: int) -> NDArray[np.float64]:
    """Rows (n, 7) of (scene time s, yaw °, pitch °, roll °, x m, y m, z m)."""
    poses = unpack_columns(block, rows)
    poses[:, 0] += first_scene_time_s
    return poses
