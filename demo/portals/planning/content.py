"""The portal's content: YAML files turned into the pages of one language."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdatetime
from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "content"
LANGUAGES = {"fa": "rtl", "en": "ltr"}
MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()  # noqa: SIM905
TO_FARSI = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FOLDED = str.maketrans("يىكآ۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩\u200c", "ییکا01234567890123456789 ")
NOT_PROSE = {"image", "key", "date", "iso", "rials", "form", "part", "fa", "en", "parent"}


def farsi_date(day: datetime.date) -> str:
    """'۲۳ آبان ۱۴۰۴'."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return f"{jalali.day} {MONTHS[jalali.month - 1]} {jalali.year}".translate(TO_FARSI)


def english_date(day: datetime.date) -> str:
    """'14 November 2025'."""
    return f"{day.day} {day:%B %Y}"


def fold(text: str) -> str:
    """Text in the one spelling that is compared: one yeh, one kaf, spaces for half-spaces, ASCII digits."""
    return text.translate(FOLDED).lower().strip()


def dated(value: Any, today: datetime.date, write: Callable[[datetime.date], str]) -> Any:
    """`value` with every {day:-3} in its texts written out as a date."""
    if isinstance(value, dict):
        return {k: dated(v, today, write) for k, v in value.items()}
    if isinstance(value, list):
        return [dated(v, today, write) for v in value]
    if not isinstance(value, str):
        return value
    return re.sub(r"\{day:(-?\d+)\}", lambda m: write(today + datetime.timedelta(days=int(m[1]))), value)


def prose(value: Any) -> str:
    """All words of a piece of content, joined by spaces."""
    if isinstance(value, dict):
        return " ".join(prose(v) for k, v in value.items() if k not in NOT_PROSE)
    if isinstance(value, list):
        return " ".join(prose(v) for v in value)
    return str(value)


@dataclass(frozen=True)
class Site:
    """One language's half of the portal: `pages` by path, each with title, description and blocks."""

    language: str
    texts: dict[str, Any]
    pages: dict[str, dict[str, Any]]
    news: list[dict[str, Any]]
    services: dict[str, dict[str, Any]]

    @property
    def titles(self) -> dict[str, str]:
        return {path: page["title"] for path, page in self.pages.items()}

    @property
    def home(self) -> str:
        return f"/{self.language}/"

    def crumbs(self, path: str) -> list[str]:
        """The way from the home page to `path`, both included."""
        way = [path]
        while (parent := self.pages[way[0]].get("parent")) is not None:
            way.insert(0, parent)
        return way if way[0] == self.home else [self.home, *way]

    def sections(self) -> list[tuple[str, list[str]]]:
        """The site map: the headings of menu and footer with all pages that stand below them."""
        children: dict[str, list[str]] = {}
        for path, page in self.pages.items():
            children.setdefault(page.get("parent", ""), []).append(path)
        return [
            (heading, [p for path in paths for p in (path, *children.get(path, []))])
            for heading, paths in [*self.texts["menu"], (self.texts["footer_title"], self.texts["footer"])]
        ]

    def search(self, query: str) -> tuple[list[tuple[str, str, str]], str]:
        """Pages with all words of `query` as (path, title, extract), best first, and the spelling that was
        used instead where a word stands nowhere, else ''."""
        asked = fold(query).split()
        texts = {p: fold(f"{page['title']} {prose(page)}") for p, page in self.pages.items()}
        everything = " ".join(texts.values())
        known = set(re.findall(r"\w+", everything))
        used = [
            w if w in everything else next(iter(difflib.get_close_matches(w, known, 1, 0.7)), w)
            for w in asked
        ]
        hits = [p for p, text in texts.items() if used and all(w in text for w in used)]
        hits.sort(key=lambda p: -sum(w in fold(self.pages[p]["title"]) for w in used))
        found = [(p, self.pages[p]["title"], self.pages[p]["description"]) for p in hits]
        return found, " ".join(used) if used != asked and found else ""


def _read(name: str) -> Any:
    return YAML(typ="safe").load(FOLDER / f"{name}.yaml")


def load_forms() -> dict[str, dict[str, Any]]:
    """The forms by name: title, button, fields."""
    forms: dict[str, dict[str, Any]] = _read("forms")
    return forms


def load_sites(today: datetime.date) -> dict[str, Site]:
    """Both halves of the portal, dated from `today`."""
    sites = {}
    for language, write in (("fa", farsi_date), ("en", english_date)):
        raw = dated(_read(language), today, write)
        pages, news, services = raw["pages"], raw.get("news", []), raw.get("services", {})
        for item in news:
            day = today - datetime.timedelta(days=item.pop("days"))
            item |= {"date": write(day), "iso": day.isoformat(), "path": f"/fa/news/{item['key']}"}
            blocks = [{"article": item}, *({"p": p} for p in item["body"])]
            if "link" in item:
                blocks.append({"links": [item["link"]]})
            pages[item["path"]] = {
                "title": item["title"],
                "description": item["body"][0],
                "parent": "/fa/news",
                "blocks": blocks,
            }
        for key, service in services.items():
            service["path"] = f"/fa/services/{key}"
            pages[service["path"]] = {
                "title": service["title"],
                "description": service["summary"],
                "parent": "/fa/services",
                "blocks": [{"service": service | {"key": key}}],
            }
        if language == "fa":
            for key, dataset in _read("datasets").items():
                pages[f"/fa/data/{key}"] = {
                    "title": f"مجموعه‌داده {dataset['fa']}",
                    "description": dataset["about_fa"],
                    "parent": "/fa/data",
                    "blocks": [{"p": dataset["about_fa"]}, {"dataset": key}],
                }
        sites[language] = Site(language, raw["site"], pages, news, services)
    return sites
