"""Walks a portal through its plain links and frames, as far as its own pages reach."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from ruamel.yaml import YAML

HOST = "http://localhost"
FOLDER = Path(__file__).parents[2] / "demo" / "portals"
STUDY_INDICATORS = 56
# Question numbers that the study's indicators use, the boxes of question 6 apart.
QUESTIONS = {5, 6, *range(7, 20), *range(21, 69), *range(70, 83), 85, 86, 87}


@dataclass
class Walked:
    pages: dict[str, BeautifulSoup] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)


def walk(client: FlaskClient) -> Walked:
    found = Walked()
    queue = ["/"]
    seen = {"/"}
    while queue:
        path = queue.pop()
        response = client.get(path, follow_redirects=True)
        if response.status_code != 200:
            found.broken.add(path)
        elif response.mimetype != "text/html":
            found.files.add(path)
        else:
            soup = found.pages[path] = BeautifulSoup(
                response.data, "html5lib", from_encoding=response.mimetype_params.get("charset")
            )
            for target in targets(soup, path):
                if target not in seen:
                    seen.add(target)
                    queue.append(target)
    return found


def targets(soup: BeautifulSoup, path: str) -> set[str]:
    """The portal's own addresses that a page names in links, frames, pictures and style sheets."""
    named = [
        element.get(attribute)
        for tags, attribute in (
            (("a", "area", "link"), "href"),
            (("frame", "iframe", "img", "script"), "src"),
        )
        for element in soup.find_all(tags)
    ]
    full = [urlsplit(urljoin(HOST + path, str(address).replace("\\", "/"))) for address in named if address]
    return {
        parts.path + (f"?{parts.query}" if parts.query else "")
        for parts in full
        if parts.scheme in ("http", "https") and parts.hostname == "localhost"
    }


def folded(text: str) -> str:
    """One form for the letters that old pages write differently, and for blanks."""
    return re.sub(r"\s+", " ", text.replace("ي", "ی").replace("ك", "ک")).strip()


def truth(site: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(FOLDER / site / "truth.yaml")
    return loaded


def answers(site: str) -> dict[str, str]:
    with (FOLDER / site / "questionnaire.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {row["question"]: row["answer"] for row in rows}
    assert len(found) == len(rows), "a question is answered twice"
    return found
