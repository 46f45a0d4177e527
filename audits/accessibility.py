"""Accessibility of a page that stands in the browser: axe-core's rules for WCAG 2.2 A and AA."""

from __future__ import annotations

import asyncio
import functools
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from pydantic import ValidationError

from audits.records import AccessibilityCheck, AccessibilityRule, Box
from audits.world import ScriptError, worlds

SECONDS = 25.0
MOST_FRAMES = 8
MOST_ELEMENTS = 5
MOST_CHARACTERS = 240
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
SEVERE = frozenset({"serious", "critical"})

_PING_MS = 500
_FRAME_MS = 10_000
_NODE_MODULES = Path("node_modules/axe-core/axe.min.js")
_BANNER = re.compile(r"/\*!\s*axe v(\d+\.\d+\.\d+\S*)")
_CRITERION = re.compile(r"wcag(\d)(\d)(\d{1,2})")
_SCRIPT = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")

METRICS = {
    "rules_passed": "count",
    "rules_violated": "count",
    "rules_to_review": "count",
    "severe_violations": "count",
}
"""Rules of a page by outcome; `severe_violations` are the violated ones of serious or critical impact."""


class AxeUnavailableError(RuntimeError):
    """axe-core is not here; the message says how to mend it."""


@dataclass(frozen=True)
class Axe:
    """axe-core as it is loaded into pages."""

    path: Path
    version: str
    script: str


def find_axe() -> Axe:
    """The script named by DARGAH_AXE, else the one in the project's node_modules (then in the working
    folder's). Raises AxeUnavailableError."""
    return _find_axe(os.environ.get("DARGAH_AXE", ""), Path.cwd())


@functools.lru_cache(maxsize=4)
def _find_axe(named: str, here: Path) -> Axe:
    roots = (Path(__file__).resolve().parents[1], here)
    places = [Path(named)] if named else [root / _NODE_MODULES for root in roots]
    path = next((place.resolve() for place in places if place.is_file()), None)
    if path is None:
        where = f"DARGAH_AXE names {named}, which is not there" if named else "axe-core is missing"
        raise AxeUnavailableError(f"{where}: run `make setup` or `npm ci`")
    script = path.read_text(encoding="utf-8")
    banner = _BANNER.match(script)
    if banner is None:
        raise AxeUnavailableError(f"{path} is not axe-core's axe.min.js: run `npm ci`")
    return Axe(path, banner[1], script)


async def check_accessibility(page: Page, url: str) -> AccessibilityCheck:
    """Every rule's outcome on the page as it stands, its own frames included.

    Nothing is loaded anew. Never fails: what could not be done is the record's reason.
    """
    engine, rules, frames, left, reason = "axe-core", [], 0, 0, ""
    try:
        axe = find_axe()
        engine = f"axe-core {axe.version}"
        async with asyncio.timeout(SECONDS), worlds(page, most_frames=MOST_FRAMES) as found:
            frames, left = len(found.frames), found.left
            for world in (*found.frames, found.page):
                await world.load(axe.script)
            raw = await found.page.call(
                _SCRIPT,
                {
                    "tags": TAGS,
                    "elements": MOST_ELEMENTS,
                    "characters": MOST_CHARACTERS,
                    "ping": _PING_MS,
                    "wait": _FRAME_MS,
                },
            )
            rules = [_rule(one) for one in raw]
    except TimeoutError:
        reason = f"axe-core was not done within {SECONDS:g} s"
    except (AxeUnavailableError, OSError) as error:
        reason = str(error)
    except (ScriptError, ValidationError, KeyError, TypeError) as error:
        reason = f"axe-core failed: {str(error).splitlines()[0][:200]}"
    except PlaywrightError as error:
        reason = f"the page did not answer: {error.message.splitlines()[0][:200]}"
    return AccessibilityCheck(
        url=url,
        engine=engine,
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        frames=frames,
        frames_left=left,
        reason=reason or ("" if rules else "axe-core found no rule that applies"),
        measured_at=datetime.now(UTC),
    )


def unchecked(url: str, reason: str) -> AccessibilityCheck:
    """The record of a page that never stood in the browser."""
    return AccessibilityCheck(url=url, engine="axe-core", reason=reason, measured_at=datetime.now(UTC))


def counts(check: AccessibilityCheck) -> dict[str, int]:
    """The values of METRICS; empty where the check failed."""
    if check.reason:
        return {}
    outcomes = [rule.outcome for rule in check.rules]
    return {
        "rules_passed": outcomes.count("passed"),
        "rules_violated": outcomes.count("violated"),
        "rules_to_review": outcomes.count("needs_review"),
        "severe_violations": sum(r.outcome == "violated" and r.impact in SEVERE for r in check.rules),
    }


def worst_place(rules: Iterable[AccessibilityRule], width: int, height: int) -> Box | None:
    """The part of the page, as large as a window, in which most of the elements stand that break rules
    (severe ones count three times); None where none of them can be seen."""
    boxes = [
        (element.box, 3 if rule.impact in SEVERE else 1)
        for rule in rules
        if rule.outcome == "violated"
        for element in rule.elements[: rule.violated]
        if element.box is not None and 0 <= element.box.x < width and element.box.y >= 0
    ]
    if not boxes:
        return None

    def weight(top: float) -> int:
        return sum(heavy for box, heavy in boxes if top <= box.y < top + height - 60)

    best: float = max(sorted({max(0.0, box.y - 60) for box, _ in boxes}), key=weight)
    return Box(x=0, y=round(best), width=width, height=height)


def _rule(raw: dict[str, Any]) -> AccessibilityRule:
    tags: Sequence[str] = raw.pop("tags")
    criteria = [".".join(found.groups()) for tag in tags if (found := _CRITERION.fullmatch(tag))]
    level = "AA" if any(tag.startswith("wcag2") and tag.endswith("aa") for tag in tags) else "A"
    return AccessibilityRule(**raw, criteria=tuple(criteria), level=level)
