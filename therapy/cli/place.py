"""`acclimate scenes import` and `remove`: a clinic's own model as a scene."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from environments.scenes.manifest import (
    IMPORTED,
    MANIFEST_NAME,
    MODEL_NAME,
    NAME,
    ManifestError,
    built_in_names,
    parse_manifest,
)
from therapy.cli.common import DataFolder
from therapy.cli.place_template import template
from therapy.errors import AcclimateError, StoreError, UsageError
from therapy.store.paths import data_folder, prepare_folder

SUFFIXES = (".glb", ".gltf")
KEPT_NAME = "manifest.before.toml"
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""Names that Windows keeps for itself."""


def import_place(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The model: a .glb, or a .gltf with everything inside.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="What the scene is to be called.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a scene that was imported before.")] = False,
    data: DataFolder = None,
) -> None:
    """Make a scene from a glTF model.

    The model is checked and copied into the data folder, and a manifest is written beside it for you to edit: where the
    patient is, sun and air, what is shown from which level on, events.

    Examples:
      acclimate scenes import kitchen.glb --as kitchen

      acclimate scenes import kitchen-2.glb --as kitchen --force
    """
    _check_name(name)
    if file.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{file} is no glTF model.", "Give a file that ends in .glb or .gltf.")
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", "Check its name.")
    folder = data_folder(data) / IMPORTED
    if (folder / name).exists() and not force:
        raise UsageError(f"There is a scene {name!r} already.", "Choose another name, or replace it with --force.")
    found = inspect(file)
    text = template(name, file.name, found)
    try:
        parse_manifest(name, text, folder / name)
    except ManifestError as error:
        raise AcclimateError(
            f"{file.name} gives no usable manifest: {error}.", "Rename its nodes and cameras."
        ) from error
    prepare_folder(data_folder(data))
    try:
        _install(file, text, folder / name)
    except OSError as error:
        cure = "Free some space, or name another folder with --data."
        raise StoreError(f"The scene cannot be written to {folder}: {error.strerror}.", cure) from error
    typer.echo(str(folder / name / MANIFEST_NAME))
    typer.echo(f"Edit this manifest, then look at it: acclimate render {name} --level 5 -o {name}.png", err=True)


def remove(
    name: Annotated[str, typer.Argument(help="The imported scene's name.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: DataFolder = None,
) -> None:
    """Delete an imported scene, its model and its manifest.

    Example:  acclimate scenes remove kitchen
    """
    if name in built_in_names():
        raise UsageError(f"{name} comes with the program.", "Only imported scenes can be removed.")
    _check_name(name)
    folder = data_folder(data) / IMPORTED / name
    if not folder.is_dir():
        raise UsageError(f"There is no imported scene {name!r}.", "'acclimate scenes' lists them.")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("There is no terminal to ask on.", "Give --yes.")
        typer.confirm(f"Delete {folder}?", abort=True, err=True)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StoreError(f"{folder} cannot be deleted: {error.strerror}.", "Close what uses it.") from error


def inspect(file: Path) -> dict[str, Any]:
    """What a model holds, read in a process of its own; `AcclimateError` if it cannot be used."""
    command = [sys.executable, "-m", "environments.gltf.inspect", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or [f"{file.name} could not be read"]
        problem, _, cure = reason[0].rpartition("; ")
        raise AcclimateError(f"{problem or cure}.", f"{cure[:1].upper()}{cure[1:]}." if problem else "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        cure = "Use 2 to 40 small letters, digits, - and _, with a letter first."
        raise UsageError(f"{name!r} cannot be the name of a scene.", cure)
    if name in built_in_names() or name in _DEVICES:
        raise UsageError(f"The name {name!r} is taken.", "Choose another with --as.")


def _install(file: Path, text: str, folder: Path) -> None:
    """All of it or nothing: made beside its place, then moved there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=folder.parent) as made:
        new = Path(made) / folder.name
        new.mkdir()
        shutil.copyfile(file, new / MODEL_NAME)
        (new / MANIFEST_NAME).write_text(text, "utf-8")
        before = folder / MANIFEST_NAME
        if before.exists():
            shutil.copyfile(before, new / KEPT_NAME)
        if folder.exists():
            folder.rename(Path(made) / "before")
        new.rename(folder)
