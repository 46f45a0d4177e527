"""A corpus: saved portals with labels, as a folder.

::

    <site>/               the portal as it would be served
    <site>/.origin.json   where it comes from; names the start page
    labels/<site>.yaml    what people answered (`indicators.evaluate.Labels`)
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from crawler.datafile import DataFileError, load_yaml, read_yaml
from crawler.portal import PortalId, VisitBudget
from dargah.saved_portals import find
from indicators.evaluate import Labels, read_labels
from indicators.model import Model

LABELS = "labels"
ORIGIN = ".origin.json"

BUDGET = VisitBudget(pages=1_000, requests=10_000, megabytes=1_000, minutes=30, depth=30, delay_seconds=0)
"""A copy on one's own disk is read whole; the limits only end what would never end."""


class Origin(BaseModel):
    """What .origin.json says and an audit needs: the start page, a path below the folder."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    start: str = ""
    language: str = ""


class SavedPortal(NamedTuple):
    """One site of the corpus. `id` is its folder's name as a portal's id; `start` a path below it."""

    id: PortalId
    name: str
    folder: Path
    start: str
    language: str
    labels: Labels


def read_corpus(folder: Path, model: Model) -> tuple[SavedPortal, ...]:
    """The sites of a corpus that have labels, by name; whatever else lies there is let be.

    Raises `crawler.datafile.DataFileError` for what cannot be used: nothing is visited before all of it can.
    """
    files = sorted((folder / LABELS).glob("*.y*ml"))
    if not files:
        mend = "a corpus has a folder per site, and labels/<site>.yaml"
        raise DataFileError(folder, None, "", "is no corpus: no labels/*.yaml there", mend)
    sites: dict[str, SavedPortal] = {}
    for file in files:
        site = _read_site(folder, file, model)
        if site.id in sites:
            raise DataFileError(
                file, None, "site", f"'{site.name}' cannot be told from '{sites[site.id].name}'"
            )
        sites[site.id] = site
    return tuple(sites.values())


def _read_site(corpus: Path, file: Path, model: Model) -> SavedPortal:
    labels = read_labels(file, model)
    lines = read_yaml(file)[1]
    place = corpus / labels.site
    if Path(labels.site).name != labels.site or not place.is_dir():
        mend = f"name a folder of {corpus}"
        raise DataFileError(file, lines[("site",)], "site", f"there is no saved portal '{labels.site}'", mend)
    described = place / ORIGIN
    origin = load_yaml(described, Origin) if described.is_file() else Origin()
    # The assessor began where the labels say; "/" is what the description calls the start.
    given = labels.start.lstrip("/")
    named = [given] if given else ["", origin.start.lstrip("/")]
    start = next((start for start in named if find(place.resolve(), quote(start))), None)
    if start is None:
        mend = f"name a page below {place}"
        raise DataFileError(file, lines[("start",)], "start", f"there is no page '{labels.start}'", mend)
    return SavedPortal(
        _portal_id(labels.site), labels.site, place, start, origin.language or labels.language, labels
    )


def agencies_of(corpus: Path, sites: Sequence[SavedPortal], addresses: Mapping[str, str]) -> str:
    """The text of an agencies.yaml for the corpus, its sites served at these addresses. Each is a saved copy
    (what depends on scripts, headers or the day proves nothing) and confined to its own server."""
    name = corpus.resolve().name
    content = {
        "schema": 1,
        "id": _portal_id(name),
        "province": {"fa": name, "en": name},
        "kinds": {"saved": {"fa": "درگاه ذخیره‌شده", "en": "Saved portal"}},
        "defaults": {
            "kind": "saved",
            "allow_private": True,
            "confined": True,
            "archived": True,
            "budget": BUDGET.model_dump(),
        },
        "agencies": [
            {
                "id": site.id,
                "names": {"fa": site.name, "en": site.name},
                "start": f"{addresses[site.id]}/{quote(site.start)}",
                "language": site.language or None,
            }
            for site in sites
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _portal_id(name: str) -> str:
    """The name in the letters that an id may have."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")
    plain = plain if plain[:1].isalpha() else f"site-{plain}"
    return plain[:62] if len(plain) > 1 else f"{plain}-site"
