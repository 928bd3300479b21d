"""YAML 1.2 text to plain data, remembering where everything stands.

Only the plain part of YAML is read: mappings, sequences, texts, numbers, true and false.  Anchors, tags
and merge keys are refused: a protocol has to mean what a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from protocols.problems import Problem, ProtocolFileError

MAX_BYTES: Final = 64 * 1024
Path = tuple[str | int, ...]
_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class YamlSource:
    """A parsed YAML file: `document` as plain data, and the place of every key and setting."""

    def __init__(self, text: str, file: str) -> None:
        """Parse `text`; raises `ProtocolFileError` with everything that is wrong with it as YAML."""
        self.file = file
        self._keys: dict[Path, tuple[int, int]] = {}
        self._settings: dict[Path, tuple[int, int]] = {}
        self._problems: list[Problem] = []
        root = self._composed(text)
        if not isinstance(root, MappingNode):
            line, col = _mark(root)
            raise ProtocolFileError(
                [Problem(file, line, col, "a protocol is a mapping of keys, such as 'name: my-protocol'")]
            )
        self.document: dict[str, Any] = self._mapping(root, ())
        if self._problems:
            raise ProtocolFileError(dict.fromkeys(self._problems))

    def problem(self, path: Path, text: str, *, at_key: bool = False) -> Problem:
        """`text` as a problem at `path`, or at its nearest parent that stands in the file."""
        places = self._keys if at_key else self._settings
        for length in range(len(path), 0, -1):
            if path[:length] in places:
                line, col = places[path[:length]]
                return Problem(self.file, line, col, text)
            places = self._keys
        return Problem(self.file, 1, 1, text)

    def _composed(self, text: str) -> Node:
        try:
            root: Node | None = YAML(typ="rt", pure=True).compose(text)
        except ReaderError as error:
            line, col = _line_and_col(text, error.position)
            raise ProtocolFileError(
                [Problem(self.file, line, col, "a control character that YAML does not allow")]
            ) from error
        except MarkedYAMLError as error:
            raise ProtocolFileError([self._syntax_problem(error, text)]) from error
        except RecursionError as error:
            raise ProtocolFileError([Problem(self.file, 1, 1, "nested too deeply")]) from error
        except (YAMLError, ValueError) as error:
            raise ProtocolFileError([Problem(self.file, 1, 1, f"not YAML: {error}")]) from error
        if root is None:
            raise ProtocolFileError(
                [Problem(self.file, 1, 1, "the file is empty; see 'acclimate protocol show heights-first'")]
            )
        return root

    def _syntax_problem(self, error: MarkedYAMLError, text: str) -> Problem:
        mark = error.problem_mark or error.context_mark
        line, col = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        written = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
        if "\t" in written[: max(col, len(written) - len(written.lstrip()))]:
            return Problem(self.file, line, written.index("\t") + 1, "a tab; YAML indents with spaces")
        words = " ".join(part for part in (error.problem, error.context) if part)
        return Problem(self.file, line, col, f"not YAML: {words or error}")

    def _report(self, node: Node, text: str) -> None:
        line, col = _mark(node)
        self._problems.append(Problem(self.file, line, col, text))

    def _plain(self, node: Node, path: Path) -> Any:
        self._settings[path] = _mark(node)
        if node.anchor:
            self._report(node, f"anchors and aliases (&{node.anchor}) are not used in protocol files; write it out")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, setting in self._keyed(node):
            place = (*path, key.value)
            if key.value in plain:
                first_line, _ = self._keys[place]
                self._report(key, f"key {key.value!r} is there twice; the first is on line {first_line}")
                continue
            self._keys[place] = _mark(key)
            plain[key.value] = self._plain(setting, place)
        return plain

    def _keyed(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        for key, setting in node.value:
            if not isinstance(key, ScalarNode):
                self._report(key, "a key is a plain word")
            elif key.value == "<<" or key.anchor:
                self._report(key, "merge keys and anchors are not used in protocol files; write it out")
            else:
                yield key, setting

    def _scalar(self, node: Node) -> Any:
        tag, written = str(node.tag), str(node.value)
        if tag not in _PLAIN_TAGS:
            self._report(node, f"the tag {tag} is not used in protocol files")
            return None
        if not isinstance(node, ScalarNode) or node.style is not None:
            return written
        return _resolved(written)


def _resolved(written: str) -> str | int | float | bool | None:
    """A plain scalar by the YAML 1.2 core schema: `on` and `1:30` are texts."""
    if written in ("", "~", "null", "Null", "NULL"):
        return None
    if written in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return written.lower() == "true"
    if _INTEGER.fullmatch(written) and len(written) < 20:
        return int(written)
    if _OCTAL_OR_HEX.fullmatch(written) and len(written) < 20:
        return int(written, 0)
    if _FLOAT.fullmatch(written):
        return float(written)
    if _NOT_FINITE.fullmatch(written):
        return float(written.replace(".", ""))
    return written


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _line_and_col(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
