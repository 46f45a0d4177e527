"""Data files that people write: read YAML safely, say plainly what is wrong with it, write files whole.

Everything an analyst may change (who is audited, the model, vocabularies, thresholds) comes in through
`load_yaml`, so that every mistake is reported alike: file, line, field, what is wrong, how to mend it.
"""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 2_000_000
MAX_DEPTH = 40

M = TypeVar("M", bound=BaseModel)
FieldPath = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing that is wrong. `field` is the path to it, e.g. ``("agencies", 3, "start")``."""

    field: FieldPath
    message: str
    mend: str = ""
    line: int | None = None


class FieldsError(ValueError):
    """Raised by a model's own validators to name places deeper down, several at a time.

    Fields are relative to the record whose validator raises; `load_yaml` adds the lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{field_name(p.field)}: {p.message}" for p in self.problems))


class DataFileError(ValueError):
    """A data file that cannot be used. `str()` is one clear text, a line per problem:
    ``file.yaml:12: agencies[3].start: must be an address (write https://...)``."""

    def __init__(
        self,
        path: Path,
        line: int | None,
        field: str,
        message: str,
        mend: str = "",
        *,
        also: Sequence[DataFileError] = (),
    ) -> None:
        self.path, self.line, self.field, self.message, self.mend = path, line, field, message, mend
        self.also = tuple(also)
        super().__init__(path, line, field, message, mend)

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        text = ": ".join(part for part in (place, self.field, self.message) if part)
        text += f" ({self.mend})" if self.mend else ""
        return "\n".join([text, *map(str, self.also)])


def field_name(field: FieldPath) -> str:
    """``("agencies", 3, "start")`` as ``agencies[3].start`` (counted from 0, as in the file's order)."""
    text = ""
    for part in field:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def load_yaml(path: Path, model: type[M], *, max_bytes: int = MAX_BYTES) -> M:
    """The file's content as a validated `model`.

    YAML 1.2, UTF-8; aliases, tags, duplicate keys and files over `max_bytes` are refused. Raises
    `DataFileError` for everything that is wrong with the file, all validation errors at once.
    """
    data, lines = read_yaml(path, max_bytes=max_bytes)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _explain(path, error, lines, model) from None


def read_yaml(path: Path, *, max_bytes: int = MAX_BYTES) -> tuple[Any, dict[FieldPath, int]]:
    """The file's content as plain values, and the line (from 1) of every field in it."""
    text = _read_text(path, max_bytes)
    try:
        _refuse_bombs(path, text)
        root = YAML(typ="safe").compose(text)
        if root is None:
            raise DataFileError(path, None, "", "is empty")
        lines: dict[FieldPath, int] = {}
        return _Builder(path, lines).build(root, ()), lines
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.problem, error.context) if part)
        raise DataFileError(
            path,
            mark.line + 1 if mark else None,
            "",
            f"is not valid YAML: {said}",
            "check indents, quotes",
        ) from None
    except YAMLError as error:
        raise DataFileError(path, None, "", f"is not valid YAML: {str(error).splitlines()[0]}") from None


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write the file whole or not at all: readers see the old content or the new, never a part.

    Text is written as UTF-8. Missing folders are made. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _read_text(path: Path, max_bytes: int) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataFileError(path, None, "", f"cannot be read: {reason}", "check the path") from None
    if len(raw) > max_bytes:
        raise DataFileError(path, None, "", f"is larger than {max_bytes:,} bytes", "split or shorten it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataFileError(path, line, "", "is not UTF-8 text", "save it as UTF-8") from None


def _refuse_bombs(path: Path, text: str) -> None:
    """Read the file as a flat run of events: no alias, and no nesting that could exhaust the stack of
    what builds a tree from it."""
    depth = 0
    for event in YAML(typ="safe").parse(text):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or isinstance(event, AliasEvent):
            message = f"is nested more than {MAX_DEPTH} deep" if depth > MAX_DEPTH else "repeats by alias (*)"
            mend = "" if depth > MAX_DEPTH else "write the value out instead"
            raise DataFileError(path, event.start_mark.line + 1, "", message, mend)


class _Builder:
    """Turns the parsed nodes into plain values and notes the line of each."""

    def __init__(self, path: Path, lines: dict[FieldPath, int]) -> None:
        self.path, self.lines = path, lines

    def build(self, node: Node, field: FieldPath) -> Any:
        self.lines.setdefault(field, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self.mapping(node, field)
        if isinstance(node, SequenceNode) and _kind(node) == "seq":
            return [self.build(item, (*field, index)) for index, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self.scalar(node, field)
        raise self.refuse(node, field, f"has the tag '{node.tag}'", "remove the tag")

    def mapping(self, node: MappingNode, field: FieldPath) -> dict[Any, Any]:
        if _kind(node) != "map":
            raise self.refuse(node, field, f"has the tag '{node.tag}'", "remove the tag")
        values: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.scalar(key_node, field) if isinstance(key_node, ScalarNode) else None
            if key is None:
                raise self.refuse(key_node, field, "a key must be a plain word", "write 'name: value'")
            place = (*field, key if isinstance(key, int) else str(key))
            if key in values:
                raise self.refuse(
                    key_node, place, f"stands twice, first on line {self.lines[place]}", "remove one of them"
                )
            self.lines[place] = key_node.start_mark.line + 1
            values[key] = self.build(value_node, place)
        return values

    def scalar(self, node: ScalarNode, field: FieldPath) -> str | int | float | bool | None:
        text: str = node.value
        kind = _kind(node)
        try:
            if kind == "null":
                return None
            if kind == "bool":
                return text.lower() == "true"
            if kind == "int":
                return int(text.replace("_", ""), 0 if text.lstrip("+-")[:2].lower() in ("0x", "0o") else 10)
            if kind == "float":
                return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        except ValueError:
            raise self.refuse(node, field, f"is not a number: {text[:40]!r}", "put text in quotes") from None
        if kind in ("str", "timestamp"):
            return text
        raise self.refuse(node, field, f"has the tag '{node.tag}'", "remove the tag")

    def refuse(self, node: Node, field: FieldPath, message: str, mend: str = "") -> DataFileError:
        return DataFileError(self.path, node.start_mark.line + 1, field_name(field), message, mend)


def _kind(node: Node) -> str:
    tag = str(node.tag)
    return tag.removeprefix("tag:yaml.org,2002:") if tag.startswith("tag:yaml.org,2002:") else tag


def _explain(
    path: Path, error: ValidationError, lines: dict[FieldPath, int], model: type[BaseModel]
) -> DataFileError:
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        place = tuple(detail["loc"])
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, FieldsError):
            problems += [p._replace(field=(*place, *p.field)) for p in cause.problems]
        else:
            message = str(cause) if cause is not None else _plain(detail["type"], detail["msg"])
            problems.append(Problem(place, message, _mend(detail["type"], place, model)))
    first, *others = [
        DataFileError(path, p.line or line, field_name(field), p.message, p.mend)
        for p in problems
        for field, line in [_locate(p.field, lines)]
    ]
    first.also = tuple(others)
    return first


def _locate(field: FieldPath, lines: dict[FieldPath, int]) -> tuple[FieldPath, int]:
    """The path without the parts that are not in the file (names of union members), and its line;
    a missing field stands on its parent's line."""
    known: FieldPath = ()
    for index, part in enumerate(field):
        if (*known, part) in lines:
            known = (*known, part)
        elif index == len(field) - 1 and isinstance(part, str) and "[" not in part:
            return (*known, part), lines[known]
    return known, lines[known]


def _plain(kind: str, message: str) -> str:
    """Pydantic's message for somebody who writes YAML and no Python."""
    own = {
        "missing": "is missing",
        "extra_forbidden": "is not known here",
        "model_type": "should be a block of 'name: value' lines",
        "dict_type": "should be a block of 'name: value' lines",
        "tuple_type": "should be a list",
        "list_type": "should be a list",
        "string_type": "should be text",
    }
    return own.get(kind, message.replace("Input should", "should"))


def _mend(kind: str, field: FieldPath, model: type[BaseModel]) -> str:
    if kind == "missing":
        return "add it"
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(field[-1]), _all_fields(model), n=1)
        return f"did you mean '{close[0]}'?" if close else "remove it or correct its name"
    if kind == "string_type":
        return "put it in quotes"
    return ""


def _all_fields(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    records = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for record in records for name in record.get("properties", {})})
