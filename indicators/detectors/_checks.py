"""What the detectors share that judge a portal as a whole by several checks: each met in full, in part, or
not to be seen; a check that nobody can see is left out, with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indicators.detector import Details, Verdict, found, link_evidence, not_observable
from indicators.detectors._measured import SHARE_LIMITS, level, share_between
from indicators.records import Evidence, PageNumbers
from indicators.site import PageView, Site
from indicators.structure import Structure
from indicators.thresholds import threshold


class Check(NamedTuple):
    """One check. `share`: how far it is met, 0 to 1, None where that cannot be seen, for `reason`. `numbers`
    are what it was judged by; `worst` and `best` prove it."""

    name: str
    share: float | None
    numbers: Details
    worst: tuple[Evidence, ...] = ()
    best: tuple[Evidence, ...] = ()


def unseen(name: str, reason: str) -> Check:
    return Check(name, None, {name: reason})


def graded(value: float, limits: str) -> float:
    """How far a share, of which more is better, lies between its poor and its good limit."""
    return share_between(1 - value, 1 - threshold(f"{limits}_good"), 1 - threshold(f"{limits}_poor"))


def kept_low(value: float, limits: str) -> float:
    """How far a number, of which less is better, lies between its poor and its good limit."""
    return share_between(value, threshold(f"{limits}_good"), threshold(f"{limits}_poor"))


def composite(
    checks: Sequence[Check],
    *,
    least: str,
    pages: int,
    numbers: Iterable[PageNumbers] = (),
    otherwise: Iterable[Evidence] = (),
    confidence: float,
) -> Verdict:
    """The level that the weighted share of the checks makes; not observable where fewer could be seen than
    the threshold `least` asks for. Weights are the thresholds ``weight_<name>``."""
    seen = [(check.share, check) for check in checks if check.share is not None]
    details: Details = {"pages_seen": pages, "checks_seen": len(seen)}
    total = sum(threshold(f"weight_{check.name}") for _, check in seen)
    share = sum(value * threshold(f"weight_{check.name}") for value, check in seen) / total if total else 0.0
    if len(seen) >= threshold(least):
        details["share"] = round(share, 4)
    for check in checks:
        details.update(check.numbers)
    limits = {**SHARE_LIMITS, "checks_seen": (least,)}
    limits |= {name: (f"weight_{check.name}",) for check in checks for name in check.numbers}
    if len(seen) < threshold(least):
        asked = not_observable("too few of the checks could be seen", details)
        return asked._replace(pages=tuple(numbers), limits=limits)
    order = [
        check for _, check in sorted(seen, key=lambda pair: (pair[0], -threshold(f"weight_{pair[1].name}")))
    ]
    # What failed, the worst and weightiest first, and then what holds best.
    worst = [check.worst[0] for check in order if check.worst and (check.share or 0) < 1]
    best = [check.best[0] for check in reversed(order) if check.best]
    more = [item for check in order for item in check.worst[1:]]
    witnesses = list(dict.fromkeys([*worst[:4], *best[:2], *more, *best[2:], *worst[4:], *otherwise]))
    return found(
        level(share), *witnesses, confidence=confidence, details=details, pages=numbers, limits=limits
    )


def broken_links(site: Site, whole: Structure, name: str) -> Check:
    """The check of the links within the portal, under this name."""
    share = whole.broken_share
    if isinstance(share, str):
        unknown: Details = {"broken_links_share": share}
        return Check(name, None, unknown)
    numbers: Details = {
        "broken_links_share": round(share, 4),
        "broken_links": len(whole.broken_targets),
        "links_known": whole.links_known,
    }
    shown = sorted(whole.broken, key=lambda broken: broken.link.node < 0)  # what scripts made stands nowhere
    worst = tuple(link_evidence(site, one.page, one.link, "broken_link") for one in shown[:3])
    return Check(name, kept_low(share, "broken_links"), numbers, worst=worst)


def markup_evidence(site: Site, page: PageView, path: str, words: str, note: str) -> Evidence | None:
    """What an element says to machines, in its text or attributes; `path` is an XPath below the root. None
    where there is no such element."""
    tree = site.tree(page)
    elements = tree.root.xpath(path) if tree.root is not None else []
    if not elements or not words.strip():
        return None
    return Evidence(
        url=page.url,
        seen_at=page.record.fetched_at,
        kind="markup",
        excerpt=words[:300],
        locator=tree.path_of(elements[0]),
        warc_record=page.record.record_id,
        page=page.id,
        note=note,
    )


def given(*evidence: Evidence | None) -> tuple[Evidence, ...]:
    return tuple(item for item in evidence if item is not None)
