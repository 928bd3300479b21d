"""Read a protocol by name or path: every error at once, each with its line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from protocols.consistency import Finding, breaches, cautions
from protocols.messages import field_text
from protocols.problems import Problem, ProtocolFileError, ProtocolNotFound, did_you_mean
from protocols.scenes import scene_findings
from protocols.schema import SCHEMA_VERSION, Protocol
from protocols.upgrade import UPGRADERS, Document, Upgrader, VersionProblem, upgraded
from protocols.yaml_source import MAX_BYTES, YamlSource

__all__ = [
    "LoadedProtocol",
    "Problem",
    "ProtocolFileError",
    "ProtocolNotFound",
    "library_names",
    "load_protocol",
    "parse_protocol",
]

LIBRARY_DIR: Final = Path(__file__).parent / "library"
_SUFFIX: Final = ".yaml"
_STAND_INS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "schema_version": SCHEMA_VERSION,
        "name": "a",
        "title": "-",
        "scene": "a",
        "mode": "habituation",
        "policy": "ladder",
    }
)
FieldPath = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class LoadedProtocol:
    """A protocol with the exact text it was read from, the text's SHA-256 (hex) and what is unusual about it."""

    protocol: Protocol
    text: str
    sha256: str
    warnings: tuple[Problem, ...]
    source: str


def library_names() -> tuple[str, ...]:
    """The names of the protocols that come with the program, in alphabetical order."""
    return tuple(sorted(path.stem for path in LIBRARY_DIR.glob(f"*{_SUFFIX}")))


def load_protocol(name_or_path: str | Path) -> LoadedProtocol:
    """The protocol of that name in the library, or in the file at that path.

    Raises `ProtocolNotFound` if there is neither, `ProtocolFileError` with everything wrong otherwise.
    """
    path, file = _located(str(name_or_path))
    return parse_protocol(_read(path, file), file, stem=path.stem)


def parse_protocol(
    text: str,
    file: str,
    *,
    stem: str | None = None,
    check_scenes: bool = True,
    upgraders: Mapping[int, Upgrader] = UPGRADERS,
) -> LoadedProtocol:
    """The protocol written in `text`; `file` names it in problems, and its name must be `stem` if that is given.

    With `check_scenes` off, a protocol on a record can be read although its scene is not installed here.
    Raises `ProtocolFileError`.
    """
    source = YamlSource(text, file)
    document, written_version = _current(source, upgraders)
    protocol, errors = _validated(document)
    problems = [source.problem(e["loc"], field_text(e), at_key=e["type"] == "extra_forbidden") for e in errors]
    if protocol is not None:
        findings = [*breaches(protocol), *_name_findings(protocol, stem)]
        findings += scene_findings(protocol) if check_scenes else ()
        wrong = [error["loc"] for error in errors]
        problems += [source.problem(f.at, f.text) for f in findings if not _rests_on(f, wrong)]
    if protocol is None or problems:
        raise ProtocolFileError(problems)
    return LoadedProtocol(protocol, text, _digest(text), _warnings(protocol, source, written_version), file)


def _current(source: YamlSource, upgraders: Mapping[int, Upgrader]) -> tuple[Document, int]:
    try:
        return upgraded(source.document, upgraders)
    except VersionProblem as error:
        raise ProtocolFileError([source.problem(("schema_version",), str(error))]) from error


def _validated(document: Document) -> tuple[Protocol | None, list[ErrorDetails]]:
    """The protocol and the errors of its fields.

    With errors, the protocol is what remains when the wrong fields take their defaults or stand-ins, so that
    rules over several fields can be checked at the same time.
    """
    try:
        return Protocol.model_validate(document), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    try:
        remains = _without(document, [e["loc"] for e in errors])
        return Protocol.model_validate({**_STAND_INS, **remains}), errors
    except ValidationError:
        return None, errors


def _without(document: Document, wrong: list[FieldPath]) -> Document:
    def kept(part: Any, path: FieldPath) -> Any:
        if not isinstance(part, dict):
            return part
        paths = {key: (*path, key) for key in part}
        return {key: kept(part[key], at) for key, at in paths.items() if not _is_wrong(at, part[key], wrong)}

    remains: Document = kept(document, ())
    return remains


def _is_wrong(path: FieldPath, part: Any, wrong: list[FieldPath]) -> bool:
    """Whether `path` itself is wrong, or is a list or a single setting with something wrong inside."""
    return any(w == path or (not isinstance(part, dict) and w[: len(path)] == path) for w in wrong)


def _rests_on(finding: Finding, wrong: list[FieldPath]) -> bool:
    places = (finding.at, *finding.involves)
    return any(w[: len(p)] == p or p[: len(w)] == w for w in wrong for p in places)


def _name_findings(protocol: Protocol, stem: str | None) -> Iterator[Finding]:
    if stem is not None and protocol.name != stem:
        yield Finding(("name",), f"name {protocol.name!r} differs from the file's name {stem!r}")


def _warnings(protocol: Protocol, source: YamlSource, written_version: int) -> tuple[Problem, ...]:
    warnings = [source.problem(item.at, item.text) for item in cautions(protocol)]
    if written_version != SCHEMA_VERSION:
        note = f"written in schema_version {written_version}, read as {SCHEMA_VERSION}"
        warnings.append(source.problem(("schema_version",), note))
    return tuple(sorted(warnings, key=lambda problem: (problem.line, problem.col)))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def _located(name: str) -> tuple[Path, str]:
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        if path.exists():
            return path, name
        raise ProtocolNotFound([Problem(name, 0, 0, "there is no such file")])
    if name in library_names():
        return LIBRARY_DIR / f"{name}{_SUFFIX}", f"{name}{_SUFFIX}"
    text = f"there is no protocol of this name; {did_you_mean(name, library_names())}"
    raise ProtocolNotFound([Problem(name or "''", 0, 0, text)])


def _read(path: Path, file: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = "it is a folder" if path.is_dir() else error.strerror or str(error)
        raise ProtocolFileError([Problem(file, 0, 0, f"cannot be read: {reason}")]) from error
    if len(raw) > MAX_BYTES:
        raise ProtocolFileError([Problem(file, 0, 0, f"is larger than {MAX_BYTES // 1024} KiB; is it a protocol?")])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, col = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        text = "the file is not UTF-8; save it as UTF-8 in the editor"
        raise ProtocolFileError([Problem(file, line, col, text)]) from error
