"""Hair for the people: a cap that lies on the scalp and cards of strands that grow out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from environments.assets.build.mesh import Floats, Part, kept, smoothed, unit
from environments.assets.build.paint import layered, mix, noise, smoothstep
from environments.assets.build.reduce import Surface, decimated

# The hairline: angle from the front in degrees → height over the eyes in metres.
_LINE_DEG = (0, 30, 48, 62, 74, 84, 100, 118, 140, 180)
_LINE_M = (0.068, 0.072, 0.066, 0.030, -0.012, 0.012, 0.022, -0.030, -0.062, -0.070)


@dataclass(frozen=True, slots=True)
class Style:
    """A haircut. Lengths in metres; `fall` 0–1: how much hangs instead of lying back; `part_m` where it is parted."""

    colour: tuple[float, float, float]
    thick_m: float = 0.012
    length_m: float = 0.05
    fall: float = 0.2
    cards: int = 130
    width_m: float = 0.022
    part_m: float = 0.02
    receding_m: float = 0.0
    curl: float = 0.0
    sides: float = 1.0
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """Measures of a head: between the eyes, the middle of the skull, its top."""

    eyes: Floats
    middle: Floats
    top_m: float

    def angle(self, points: Floats) -> Floats:
        """Degrees from the front about the head's axis (n,)."""
        out = points - self.middle
        return np.asarray(np.degrees(np.abs(np.arctan2(out[..., 0], out[..., 2]))))

    def inside(self, points: Floats, style: Style) -> Floats:
        """How far (m) points are above the hairline (n,)."""
        angle = self.angle(points)
        line = np.interp(angle, _LINE_DEG, _LINE_M) + style.receding_m * smoothstep(70, 25, angle)
        return np.asarray(points[..., 1] - self.eyes[1] - line)


def hair_cap(scalp: Part, head: Head, style: Style) -> Part:
    """The scalp's triangles lifted off the skull."""
    inside = head.inside(scalp.points, style)
    piece = kept(scalp, np.asarray(inside[scalp.triangles].min(1) > -0.004))
    lift = smoothstep(-0.004, 0.035, head.inside(piece.points, style)) * style.thick_m
    sides = smoothstep(0.03, 0.10, piece.points[:, 1] - head.eyes[1])
    lift *= style.sides + (1 - style.sides) * sides
    rough = 1 + 0.25 * layered(piece.points * 40, 5, 2)
    now = piece.points + unit(piece.points - head.middle) * (lift * rough + 0.0012)[:, None]
    now = smoothed(now, piece.triangles, 2, 0.4)
    piece = decimated(replace(piece, points=now), 460)
    return replace(piece, uv=_cap_uv(piece, head), morphs={})


def _cap_uv(piece: Part, head: Head) -> Floats:
    """Angle about a leaning axis and distance from the whorl, in the lower half of the picture."""
    axis = unit(np.array([0, 1.0, -0.35]))
    out = unit(piece.points - head.middle)
    front = unit(np.cross([1.0, 0, 0], axis))
    turn = np.arctan2(out[:, 0], out @ front) / (2 * np.pi) + 0.5
    polar = np.arccos(np.clip(out @ axis, -1, 1)) / 2.6
    corner = turn[piece.triangles]
    corner = np.where(
        corner - corner[:, :1] > 0.5, corner - 1, np.where(corner - corner[:, :1] < -0.5, corner + 1, corner)
    )
    uv = np.stack([0.06 + 0.88 * corner, polar[piece.triangles]], -1)
    return np.asarray(uv * (1, 0.46) + (0, 0.53))


def hair_cards(cap: Part, body: Part, head: Head, style: Style, seed: int) -> Part:
    """Strips of strands, grown from the cap and kept off the body."""
    rng = np.random.default_rng(seed)
    tree = Surface(body)
    a, b, c = (cap.points[cap.triangles[:, k]] for k in range(3))
    size = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chosen = np.sort(rng.choice(len(size), style.cards, p=size / size.sum()))
    share = rng.dirichlet((1, 1, 1), style.cards)
    roots = (cap.points[cap.triangles[chosen]] * share[..., None]).sum(1)
    cards = [_card(root, tree, head, style, rng) for root in roots]
    count = len(cards[0][0])
    points = np.concatenate([card[0] for card in cards])
    strip = np.array(
        [(k, k + 2, k + 1) if half else (k + 1, k + 2, k + 3) for k in range(0, count - 2, 2) for half in (1, 0)]
    )
    triangles = np.concatenate([strip + k * count for k in range(len(cards))])
    bent = unit(unit(points - head.middle) * 0.8 + (0, 0.25, 0))
    a, b, c = (points[triangles[:, k]] for k in range(3))
    inward = (np.cross(b - a, c - a) * bent[triangles].mean(1)).sum(1) < 0
    triangles[inward] = triangles[inward][:, ::-1]
    uv = np.concatenate([card[1] for card in cards])[triangles]
    weights = np.repeat(cap.weights[:1], len(points), 0)
    return Part(points, triangles, uv, weights, {}, bent)


def _flow(place: Floats, head: Head, style: Style) -> Floats:
    """Where hair is combed to at a place of the head."""
    out = unit(place - head.middle)
    whorl = np.array([0, head.top_m - 0.015, head.middle[2] - 0.04])
    away = (place - whorl) * (1, 1, 1)
    aside = np.array([np.sign(place[0] - style.part_m) * 0.8, -0.5, 0.15])
    way = unit(away) * (1 - style.fall) + aside * style.fall
    return np.asarray(unit(way - out * (way @ out)))


def _card(root: Floats, tree: Surface, head: Head, style: Style, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """One strip: points (2 (k + 1), 3) and coordinates."""
    pieces = 6 if style.length_m > 0.1 else 3
    length = style.length_m * rng.uniform(0.75, 1.1)
    lower = float(np.clip((head.eyes[1] + 0.10 - root[1]) / 0.16, 0, 1))
    length *= 1 - (0.45 if style.fall > 0.5 else 0.35) * lower
    column = int(rng.integers(4))
    width = style.width_m * rng.uniform(0.8, 1.25)
    place, way = root.copy(), unit(_flow(root, head, style) + unit(root - head.middle) * (0.30 - 0.30 * style.fall))
    points, uv = [], []
    for k in range(pieces + 1):
        out = unit(place - head.middle)
        side = unit(np.cross(way, out))
        half = side * width / 2 * (1.0 if k < pieces else 0.7)
        points += [place - half, place + half]
        v = 0.01 + 0.46 * k / pieces
        uv += [(column / 4 + 0.01, v), (column / 4 + 0.24, v)]
        hang = style.fall * smoothstep(head.top_m - 0.03, head.eyes[1] - 0.02, place[1])
        pull = np.array([0, -1.0, 0]) * (0.2 + 0.3 * style.fall + 2.0 * hang)
        way = unit(
            way + 0.45 * _flow(place, head, style) * (1 - 0.8 * hang) + pull + rng.normal(0, 0.07 + style.curl, 3)
        )
        place = place + way * length / pieces
        loose = 0.012 + 0.05 * style.curl + (0.5 if place[1] < head.eyes[1] - 0.05 else 0.0)
        gap = 0.004 + style.thick_m * rng.uniform(0.35, 0.75)
        place = _off_the_face(tree.kept_off(place, gap, gap + loose), root, head, style)
    return np.array(points), np.array(uv)


def _off_the_face(place: Floats, root: Floats, head: Head, style: Style) -> Floats:
    """Long hair frames the face: it leaves the middle of the front free."""
    if style.fall < 0.5 or place[2] < head.middle[2] + 0.03:
        return place
    free = 0.064 * float(smoothstep(head.eyes[1] + 0.085, head.eyes[1] + 0.02, place[1]))
    side = 1.0 if root[0] > style.part_m else -1.0
    return np.array([side * max(side * place[0], free), place[1], place[2]])


def strand_picture(style: Style, size: int = 512) -> Floats:
    """Colour and alpha (size, size, 4): above four columns of strands, root to tip; below the cap's hair."""
    y, x = np.mgrid[0:size, 0:size] / size
    fine = layered(np.stack([x * 150, y * 5], -1), 11, 3)
    broad = layered(np.stack([x * 34, y * 3], -1), 23, 2)
    colour = np.array(style.colour)
    shade = 0.80 + 0.34 * fine + 0.22 * broad
    picture = mix(colour * 0.42, colour * 1.25, np.clip(shade * 0.62, 0, 1))
    if style.grey:
        picture = mix(
            picture,
            (0.62, 0.61, 0.59),
            style.grey * smoothstep(-0.2, 0.5, layered(np.stack([x * 90, y * 2], -1), 31, 2)),
        )
    root = np.where(y < 0.5, smoothstep(0.0, 0.14, y), 1.0)
    picture = picture * (0.62 + 0.38 * root)[..., None]
    alpha = np.where(y < 0.5, _strands(x, y, fine), 1.0)
    return np.concatenate([picture, alpha[..., None]], -1)


def _strands(x: Floats, y: Floats, fine: Floats) -> Floats:
    """Alpha of the cards: dense at the root, thin at the tip and the sides."""
    column = (x * 4) % 1
    sides = smoothstep(0.0, 0.22, column) * smoothstep(1.0, 0.78, column)
    tips = 1 - smoothstep(0.30, 0.475, y + 0.07 * noise(np.stack([x * 90, y * 0], -1), 41))
    solid = sides * tips * 1.25 + 0.28 * fine
    return np.asarray(smoothstep(0.36, 0.58, solid) * (y < 0.485) * smoothstep(0, 0.012, y))


def ragged_cap(picture: Floats, inside_m: Floats, drawn: Floats) -> Floats:
    """The cap's hairline made of strands: alpha from the distance over the line, (h, w) m."""
    size = len(picture)
    y, x = np.mgrid[0:size, 0:size] / size
    teeth = noise(np.stack([x * 130, y * 6], -1), 53) * 0.006
    alpha = np.where(drawn > 0, smoothstep(0.000, 0.005, inside_m + teeth), picture[..., 3])
    return np.concatenate([picture[..., :3], np.where(y < 0.5, picture[..., 3], alpha)[..., None]], -1)
