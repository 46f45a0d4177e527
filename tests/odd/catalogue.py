"""The catalogue: what each odd portal is, and what must come of a visit to it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from crawler.capture import Outcome

CATALOGUE = Path(__file__).with_name("catalogue.yaml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answered(_Part):
    """What became of one address: `outcome` (one of), a part of the reason, words its kept text must hold,
    the page it ended at."""

    outcome: Outcome | tuple[Outcome, ...] = "ok"
    reason: str = ""
    holds: str = ""
    final: str = ""
    mode: str = ""
    size: int | None = None


class Expected(_Part):
    """`start` is the outcome of the visit. `pages`, `files` and `refused` are by path; `never` are paths the
    portal must not have been asked for, by their beginning. The rest are upper bounds."""

    start: Answered = Answered()
    pages: dict[str, Answered] = {}
    files: dict[str, Answered] = {}
    refused: dict[str, str] = {}
    never: tuple[str, ...] = ()
    asked: dict[str, int] = Field(default={}, description="requests at most, by beginning of the path")
    robots: int | None = None
    sitemaps: dict[str, str] = Field(default={}, description="part of the reason by path, '' if it was read")
    stopped_by: str = ""
    posts: bool = Field(default=False, description="postbacks of a menu are sent; nothing else ever is")
    page_count: int | None = Field(default=None, description="pages at most")
    requests: int = 40
    megabytes: float = 2.0
    seconds: float = 40.0


class Odd(_Part):
    """One portal. Those with `browser` need one to show what they are. `name` is the host under which it is
    reached (else 127.0.0.1), `addresses` what the name resolves to, time after time."""

    id: str
    what: str
    group: str
    browser: bool = False
    name: str = ""
    addresses: tuple[tuple[str, ...], ...] = ()
    portal: dict[str, Any] = Field(default={}, description="further fields of its entry in agencies.yaml")
    expected: Expected = Expected()


@cache
def catalogue() -> tuple[Odd, ...]:
    data = YAML(typ="safe").load(CATALOGUE.read_text(encoding="utf-8"))
    return tuple(Odd.model_validate({"id": key, **entry}) for key, entry in data.items())
