"""internal_network: a log-in of the staff, office automation, or a link to an internal portal."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, detector, first, hinted, link_evidence, no_hint, place
from indicators.detectors._dialogue import links_once
from indicators.detectors.login_verification import doors
from indicators.records import Evidence
from indicators.site import Site, host_of
from indicators.vocabulary import Vocabulary

NAMED = 0.4
"""Part of a link's words that must name the staff's entrance."""

LONGEST_STEP = 20
"""Characters of a step of an address such as ``wp-login.php``."""

BEHIND = frozenset({"ok", "login_wall", "redirected_away"})


@detector("internal_network", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    entrances = [*_links(site, words), *(door.evidence for door in doors(site, words) if door.staff)]
    if entrances:
        return hinted(*first(entrances), confidence=0.85)
    reason = "no log-in of the staff, office automation or internal portal"
    return no_hint(
        site,
        "staff_login",
        visited=[place(page, reason) for page in candidates(site, "staff_login", "login")],
    )


def _links(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    for page, link in links_once(site):
        if not link.visible or len(link.text) > LONGEST_NAME or not link.url.startswith("http"):
            continue
        if not (words.names("staff_login", link.norm, NAMED) or _is_there(link.url, words)):
            continue
        target = site.target(link.url)
        if target.outcome in BEHIND or not target.own:
            yield link_evidence(site, page, link, "staff_login")


def _is_there(url: str, words: Vocabulary) -> bool:
    """Whether an address is that of the staff's mail or automation, by a step of its path or the host's own
    name; the names of articles are longer."""
    steps = [host_of(url).split(".")[0]]
    if words.addressing(url) & words.bits("staff_login"):
        steps += urlsplit(url).path.split("/")
    return any(words.in_address("staff_login", f"/{step}") for step in steps if len(step) <= LONGEST_STEP)
