"""`acclimate scenes` and `acclimate render`: what there is to see, and a picture of it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from environments.scenes.manifest import SceneManifest, load_manifest, scene_names, usable_manifests
from therapy.cli import place
from therapy.cli.common import DataFolder
from therapy.errors import UsageError

app = typer.Typer(help="The places a session can show.", invoke_without_command=True)
app.command("import")(place.import_place)
app.command("remove")(place.remove)


@app.callback()
def scenes(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: DataFolder = None,
) -> None:
    """List the scenes, also those imported into the data folder.

    Examples:
      acclimate scenes

      acclimate scenes show heights
    """
    del data
    if context.invoked_subcommand is not None:
        return
    manifests = list(usable_manifests().values())
    for name in sorted({*scene_names()} - {one.name for one in manifests}):
        typer.echo(f"{name} cannot be used; acclimate scenes show {name} says why.", err=True)
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in manifests], indent=2))
        return
    table = Table("scene", "what it is", "levels", "events", box=None)
    for one in manifests:
        table.add_row(one.name, one.title, "0-10" if one.is_graded else "not graded", ", ".join(one.events))
    Console().print(table)


@app.command()
def show(
    scene: Annotated[str, typer.Argument(help="The scene's name.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: DataFolder = None,
) -> None:
    """Show one scene: parameters, levels in words, events.

    Example:  acclimate scenes show heights
    """
    del data
    manifest = manifest_called(scene)
    if as_json:
        typer.echo(json.dumps(_as_json(manifest), indent=2))
        return
    console = Console()
    console.print(f"[bold]{manifest.title}[/]\n{manifest.purpose}\n")
    table = Table("parameter", "range", "default", "meaning", box=None)
    for one in manifest.parameters:
        span = ", ".join(one.choices) or f"{one.minimum:g} to {one.maximum:g} {one.unit}".strip()
        table.add_row(one.name, span, f"{one.default}", one.words)
    console.print(table)
    for level in manifest.levels:
        console.print(f"{level.number:>3}  {level.words}", highlight=False)
    for name, words in manifest.events.items():
        console.print(f"event [bold]{name}[/]: {words}", highlight=False)


def manifest_called(scene: str) -> SceneManifest:
    """The scene's manifest; `UsageError` with the nearest name if there is none."""
    if scene not in scene_names():
        raise UsageError(f"There is no scene {scene!r}.", known("scenes", scene, scene_names()))
    return load_manifest(scene)


def known(what: str, wanted: str, names: Sequence[str]) -> str:
    """What to do about a name that is not known."""
    near = difflib.get_close_matches(wanted, names, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return f"{hint}The {what} are {', '.join(names)}."


def _as_json(manifest: SceneManifest) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "title": manifest.title,
        "purpose": manifest.purpose,
        "graded": manifest.is_graded,
        "parameters": [
            {
                "name": one.name,
                "unit": one.unit,
                "default": one.default,
                "minimum": one.minimum,
                "maximum": one.maximum,
                "choices": list(one.choices),
                "words": one.words,
            }
            for one in manifest.parameters
        ],
        "levels": [{"level": one.number, "words": one.words, **one.parameters} for one in manifest.levels],
        "events": dict(manifest.events),
        "event_needs": {
            event: {need.parameter: list(need.choices) or [need.minimum, need.maximum] for need in needs}
            for event, needs in manifest.needs.items()
            if needs
        },
    }
