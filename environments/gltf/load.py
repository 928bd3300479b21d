"""Reads a .glb or .gltf file into `Content`; whatever is wrong with it becomes one `GltfError`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from environments.gltf.accessors import Accessors
from environments.gltf.bodies import PartOfBody, bones_of_node, bones_of_skin, build_body, morph_names, name_of_body
from environments.gltf.content import Body, Clip, Content, PlacedItem
from environments.gltf.document import Document, read_document
from environments.gltf.lenses import read_cameras, read_lamps
from environments.gltf.meshes import Meshes, Primitive
from environments.gltf.motion import Animation, Animations
from environments.gltf.nodes import Tree, read_tree
from environments.gltf.pictures import Pictures
from environments.gltf.problems import BODIES, EXPORT_AGAIN, FILE_BYTES, TRIANGLES, GltfError, Within, at_most
from environments.gltf.surfaces import Surface, build_material, read_surface
from environments.gltf.values import Json, index, numbers, parts
from environments.render.model import Item, Material, Mesh

PLAIN = Material((1.0, 1.0, 1.0), 1.0, 1.0)
"""The format's own material for a mesh that names none."""
_FLIP = np.diag([-1.0, 1.0, 1.0, 1.0])
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)


def load_gltf(path: Path) -> Content:
    """All of a file; `GltfError` with the file's name, what is wrong and the cure, if it cannot be used."""
    try:
        at_most("bytes", path.stat().st_size, FILE_BYTES)
        return read_gltf(path.read_bytes())
    except OSError as error:
        raise GltfError(f"{path.name} cannot be read: {error.strerror}", "check the file's name") from error
    except GltfError as error:
        raise GltfError(f"{path.name} cannot be used: {error.problem}", error.cure) from error


def read_gltf(data: bytes) -> Content:
    """The same from a file's bytes."""
    try:
        with np.errstate(all="ignore"):
            return _Reader(read_document(data)).content()
    except GltfError:
        raise
    except _UNFORESEEN as error:
        raise GltfError(f"it is damaged ({type(error).__name__})", EXPORT_AGAIN) from error


class _Reader:
    """One reading of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._accessors = Accessors(document)
        self._meshes = Meshes(self._accessors)
        self._tree = read_tree(document)
        self._surfaces: dict[int, Surface] = {}
        self._primitives: dict[int, list[tuple[Primitive, int | None]]] = {}
        self._materials: dict[int | None, Material] = {None: PLAIN}

    def content(self) -> Content:
        """Everything."""
        document, tree = self._document, self._tree
        shown, bodies = self._by_mesh()
        at_most("skins and morphed meshes", len(bodies), BODIES)
        used = sorted({mesh for mesh, _ in shown} | {mesh for _, nodes in bodies for mesh, _ in nodes})
        with Pictures(document, self._accessors) as pictures:
            for mesh in used:
                self._surfaces_of(mesh, pictures)
            for mesh in used:
                self._decode(mesh)
            self._count(shown, bodies)
            animations = Animations(document, self._accessors, tree).read()
            for number, surface in self._surfaces.items():
                with Within("material", number):
                    self._materials[number] = build_material(surface, pictures)
        placed = tuple(
            item for (mesh, is_flipped), nodes in shown.items() for item in self._placed(mesh, nodes, is_flipped)
        )
        made = tuple(body for skin, nodes in bodies if (body := self._body(skin, nodes, animations)) is not None)
        if not placed and not made:
            raise GltfError("there is nothing to see in it", "export at least one mesh")
        return Content(
            placed,
            _with_own_names(made),
            tree.skeleton,
            _clips_of_nodes(animations, tree, placed),
            tuple(_extras(one) for one in tree.elements),
            read_cameras(document, tree),
            read_lamps(document, tree),
        )

    def _by_mesh(self) -> tuple[dict[tuple[int, bool], list[int]], list[tuple[int | None, list[tuple[int, int]]]]]:
        """Nodes that show a mesh as it is (or mirrored), and the meshes and nodes of each body with its skin."""
        tree, lists = self._tree, self._document.lists
        still: dict[tuple[int, bool], list[int]] = defaultdict(list)
        skinned: dict[int, list[tuple[int, int]]] = defaultdict(list)
        morphed: list[tuple[int | None, list[tuple[int, int]]]] = []
        flipped = np.linalg.det(tree.worlds[:, :3, :3]) < 0.0 if len(tree.worlds) else np.zeros(0, np.bool_)
        for node, element in enumerate(tree.elements):
            mesh, skin = index(element, "mesh", len(lists["meshes"])), index(element, "skin", len(lists["skins"]))
            if mesh is None or not tree.is_shown[node]:
                continue
            if skin is not None:
                skinned[skin].append((mesh, node))
            elif any(one.get("targets") for one in parts(lists["meshes"][mesh], "primitives")):
                morphed.append((None, [(mesh, node)]))
            else:
                still[mesh, bool(flipped[node])].append(node)
        return still, [*skinned.items(), *morphed]

    def _surfaces_of(self, mesh: int, pictures: Pictures) -> None:
        with Within("mesh", mesh):
            for element in parts(self._document.lists["meshes"][mesh], "primitives"):
                material = index(element, "material", len(self._document.lists["materials"]))
                if material is not None and material not in self._surfaces:
                    self._surfaces[material] = read_surface(self._document, pictures, material)

    def _decode(self, mesh: int) -> None:
        found = self._primitives[mesh] = []
        with Within("mesh", mesh):
            for element in parts(self._document.lists["meshes"][mesh], "primitives"):
                material = index(element, "material", len(self._document.lists["materials"]))
                surface = None if material is None else self._surfaces[material]
                sets = (0, None) if surface is None else (surface.uv_set, surface.light_uv_set)
                primitive = self._meshes.primitive(element, *sets)
                if primitive is not None:
                    found.append((primitive, material))

    def _count(
        self, shown: dict[tuple[int, bool], list[int]], bodies: list[tuple[int | None, list[tuple[int, int]]]]
    ) -> None:
        each = {mesh: sum(len(one.mesh.indices) for one, _ in found) for mesh, found in self._primitives.items()}
        still = sum(each[mesh] * len(nodes) for (mesh, _), nodes in shown.items())
        at_most("triangles", still + sum(each[mesh] for _, nodes in bodies for mesh, _ in nodes), TRIANGLES)

    def _placed(self, mesh: int, nodes: list[int], is_flipped: bool) -> Iterator[PlacedItem]:
        name = self._tree.skeleton.names[nodes[0]]
        worlds = self._tree.worlds[nodes]
        transforms = (worlds @ _FLIP if is_flipped else worlds).astype(np.float32)
        for primitive, material in self._primitives[mesh]:
            drawn = _mirrored(primitive.mesh) if is_flipped else primitive.mesh
            item = Item(name, drawn, self._materials[material], transforms)
            yield PlacedItem(item, np.array(nodes, np.int32))

    def _body(self, skin: int | None, nodes: list[tuple[int, int]], animations: tuple[Animation, ...]) -> Body | None:
        found = []
        for mesh, node in nodes:
            element = self._document.lists["meshes"][mesh]
            for primitive, material in self._primitives[mesh]:
                count = 0 if primitive.morphs_m is None else len(primitive.morphs_m)
                weights = numbers(self._tree.elements[node], "weights", numbers(element, "weights", (0.0,) * count))
                part = (node, primitive, self._materials[material], morph_names(element, count), weights)
                found.append(PartOfBody(*part))
        if not found:
            return None
        bones = bones_of_node(self._tree, nodes[0][1])
        if skin is not None:
            bones = bones_of_skin(self._document, self._accessors, self._tree, skin)
        name = name_of_body(self._document, self._tree, skin, nodes[0][1])
        return build_body(self._tree, bones, found, animations, name)


def _mirrored(mesh: Mesh) -> Mesh:
    """The mesh in a mirror; with a mirrored transform it looks as it was, and its triangles face outwards."""
    flip = np.array([-1.0, 1.0, 1.0], np.float32)
    indices = np.ascontiguousarray(mesh.indices[:, ::-1])
    return Mesh(mesh.positions_m * flip, mesh.normals * flip, mesh.uvs_m, indices, mesh.light_uvs, mesh.colors)


def _with_own_names(bodies: tuple[Body, ...]) -> tuple[Body, ...]:
    """No two characters with the same name, since poses are told by it."""
    taken: set[str] = set()
    out = []
    for number, body in enumerate(bodies):
        name = body.character.name
        name = name if name not in taken else f"{name} {number}"
        taken.add(name)
        out.append(replace(body, character=replace(body.character, name=name)))
    return tuple(out)


def _clips_of_nodes(animations: tuple[Animation, ...], tree: Tree, placed: tuple[PlacedItem, ...]) -> tuple[Clip, ...]:
    """What animations do to nodes that show something or hold what does."""
    holding = np.zeros(len(tree.elements), np.bool_)
    for one in placed:
        holding[one.nodes] = True
    for node in range(len(holding) - 1, -1, -1):
        if holding[node] and tree.skeleton.parents[node] >= 0:
            holding[tree.skeleton.parents[node]] = True
    place_of = {int(node): int(node) for node in np.nonzero(holding)[0]}
    return tuple(clip for one in animations if (clip := one.clip(place_of)) is not None)


def _extras(element: Json) -> dict[str, object]:
    extras = element.get("extras")
    return extras if isinstance(extras, dict) else {}
