"""Says what a model file holds, as one line of JSON; it is the check that an import begins with.

    python -m environments.gltf.inspect room.glb

Exit code 0, or 1 with the reason on standard error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from environments.gltf.content import Content
from environments.gltf.load import load_gltf
from environments.gltf.problems import GltfError
from environments.scenes.clips import with_parents
from environments.scenes.viewpoint import angles_of, bounds_m, framed

FROM_LEVEL = "from_level"
"""The custom property of a node that is there from this level on."""


def summary(content: Content) -> dict[str, object]:
    """Counts and names: cameras with places and angles, clips with seconds, graded nodes, the highest nodes."""
    low, high = bounds_m(content)
    nodes = content.nodes
    return {
        "triangles": sum(len(one.item.mesh.indices) * len(one.nodes) for one in content.placed)
        + sum(len(part.mesh.indices) for body in content.bodies for part in body.character.parts),
        "materials": len({id(one.item.material) for one in content.placed}),
        "bodies": [body.character.name for body in content.bodies],
        "size_m": [round(float(one), 2) for one in high - low],
        "framed_m": [round(one, 3) for one in framed(content)[0]],
        "cameras": [
            {
                "name": camera.name,
                "place_m": [round(float(one), 3) for one in camera.place[:3, 3]],
                "yaw_deg": round(angles_of(camera.place)[0], 1) + 0.0,
            }
            for camera in content.cameras
        ],
        "clips": {
            clip.name: round(clip.duration_s, 2)
            for clip in (*content.clips, *(clip for body in content.bodies for clip in body.clips))
        },
        "from_level": {
            nodes.names[number]: level
            for number, extras in enumerate(content.extras)
            if isinstance(level := extras.get(FROM_LEVEL), int | float) and 0.0 <= level <= 10.0
        },
        "highest_nodes": [nodes.names[number] for number in _highest(content)],
    }


def _highest(content: Content) -> list[int]:
    """The nodes without a parent that show something or hold what does."""
    held = {
        above for placed in content.placed for node in placed.nodes for above in with_parents(content.nodes, int(node))
    }
    return sorted(node for node in held if int(content.nodes.parents[node]) < 0)


def main(arguments: list[str]) -> int:
    """The command; returns the exit code."""
    try:
        content = load_gltf(Path(arguments[0]))
    except GltfError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(summary(content)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
