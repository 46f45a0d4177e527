"""agencies.yaml: who is audited."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from crawler.datafile import FieldsError, Problem, load_yaml
from crawler.portal import Names, Portal, PortalId


class Agencies(BaseModel):
    """The file agencies.yaml of one province; `agencies` have the file's `defaults` merged in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = Field(alias="schema", description="version of this file's shape")
    id: PortalId = Field(description="short name of the province, e.g. tehran")
    province: Names
    contact: str = Field(
        default="",
        description="e-mail or page of the operator; every portal sees it in the User-Agent",
    )
    baseline: Literal["study"] | None = Field(
        default=None,
        description="take self-reported answers from the reference study where none were imported",
    )
    time_zone: str = Field(default="Asia/Tehran", description="in which reports show times (IANA name)")
    kinds: dict[str, Names] = Field(description="kinds of institution")
    defaults: dict[str, Any] = Field(
        default={}, description="fields that every agency takes where it says nothing else"
    )
    agencies: tuple[Portal, ...]

    @model_validator(mode="before")
    @classmethod
    def _merge_defaults(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("defaults", {}), dict):
            return data
        defaults = data.get("defaults", {})
        unknown = sorted(set(map(str, defaults)) - set(Portal.model_fields))
        if unknown:
            raise FieldsError(Problem(("defaults", name), "is no field of an agency") for name in unknown)
        entries = data.get("agencies")
        if not isinstance(entries, list):
            return data
        if not entries:
            raise FieldsError([Problem(("agencies",), "is empty", "list at least one agency")])
        zone = data.get("time_zone", cls.model_fields["time_zone"].default)
        merged = [_merge(defaults, entry) if isinstance(entry, dict) else entry for entry in entries]
        for entry in merged:
            if isinstance(entry, dict) and isinstance(entry.get("window"), dict):
                entry["window"] = {"timezone": zone, **entry["window"]}
        return {**data, "agencies": merged}

    @field_validator("time_zone")
    @classmethod
    def _is_time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no time zone; write an IANA name such as Asia/Tehran")
        return value

    @model_validator(mode="after")
    def _entries_fit_together(self) -> Self:
        problems: list[Problem] = []
        first: dict[str, int] = {}
        for index, agency in enumerate(self.agencies):
            if agency.id in first:
                problems.append(
                    Problem(
                        ("agencies", index, "id"),
                        f"'{agency.id}' is already the id of entry {first[agency.id] + 1}",
                        "give each agency an id of its own",
                    )
                )
            first.setdefault(agency.id, index)
            if agency.kind not in self.kinds:
                problems.append(
                    Problem(
                        ("agencies", index, "kind"),
                        f"'{agency.kind}' is not among the kinds",
                        f"one of {', '.join(self.kinds)}, or add it to `kinds`",
                    )
                )
        if problems:
            raise FieldsError(problems)
        return self

    @property
    def may_be_visited(self) -> bool:
        """Strangers' portals are only visited by somebody whom their keepers can write to."""
        return bool(self.contact) or all(a.allow_private for a in self.agencies)

    def agency(self, portal_id: str) -> Portal:
        """Raises KeyError if there is no such agency."""
        return next(a for a in self.agencies if a.id == portal_id)


def load_agencies(path: Path) -> Agencies:
    """Raises `crawler.datafile.DataFileError` with file, line, field and mend."""
    return load_yaml(path, Agencies)


def json_schema() -> dict[str, Any]:
    """JSON schema of the file, for editors."""
    schema = Agencies.model_json_schema(by_alias=True)
    # Entries may leave out what `defaults` gives.
    schema["$defs"]["Portal"]["required"] = ["id", "names", "start"]
    del schema["$defs"]["Window"]["required"]
    return schema


def _merge(defaults: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """The entry over the defaults; mappings (such as `budget`) are merged field by field."""
    merged = {**defaults, **entry}
    for key, value in defaults.items():
        if isinstance(value, dict) and isinstance(entry.get(key), dict):
            merged[key] = {**value, **entry[key]}
    return merged
