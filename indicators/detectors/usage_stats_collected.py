"""usage_stats_collected: a script that counts visits, or a counter that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indicators.detector import (
    Verdict,
    detector,
    hinted,
    no_hint,
    place,
    script_evidence,
    text_evidence,
)
from indicators.detectors._figures import LABEL, counts_in
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

SAMPLE = 5
"""Pages whose scripts are looked through: a counter stands on every page."""

_ADDRESS = re.compile(r"//[\w.-]+\.[a-z]{2,}(?:/[\w./?=&%~-]*)?", re.I)
_SCHEME = re.compile(r"https?:$", re.I)
_COUNTER = re.compile(r"(?:matomo|piwik)\.(?:js|php)", re.I)
_OWN_COUNTER = re.compile(rf"""[^\s"'()]*{_COUNTER.pattern}""", re.I)
"""Matomo runs on the agency's own hosts; its files keep their names."""
_UNBROKEN = re.compile(r"""[^\s"'()]*""")


@detector("usage_stats_collected", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    sample = list(site.pages[:SAMPLE])
    counter = next((e for page in site.pages for e in _counters(site, page, words)), None)
    script = next((e for page in sample for e in _scripts(site, page, words)), None)
    if counter or script:
        return hinted(*(e for e in (counter, script) if e is not None), confidence=0.9)
    return no_hint(
        site, visited=[place(page, "neither a counter nor a script that counts") for page in sample]
    )


def _scripts(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Scripts of the page that report its visits: by the address they come from or send to."""
    hosts = [
        host for one in words.gateways.gateways.values() if one.role == "analytics" for host in one.hosts
    ]
    for number, script in enumerate(page.scripts()):
        plain = script.lower()
        named = any(host in plain for host in hosts)  # long scripts have many addresses
        for address in _addresses(script) if named else ():
            if words.gateway_of(address if ":" in address[:6] else "https:" + address, "analytics"):
                yield script_evidence(site, page, number, address, "counting_script")
                return
        if own := _own_counter(script):
            yield script_evidence(site, page, number, own, "counting_script")
            return


def _own_counter(script: str) -> str:
    """The first address of a counter on the agency's own hosts, '' if there is none."""
    named = _COUNTER.search(script)
    if named is None:
        return ""
    before = _UNBROKEN.match(script[: named.start()][::-1])
    own = _OWN_COUNTER.match(script, named.start() - (before.end() if before else 0))
    return own.group() if own else ""


def _addresses(script: str) -> Iterator[str]:
    """The addresses in a script, with or without their scheme."""
    end = 0
    for match in _ADDRESS.finditer(script):
        scheme = _SCHEME.search(script, max(end, match.start() - len("https:")), match.start())
        yield script[scheme.start() if scheme else match.start() : match.end()]
        end = match.end()


def _counters(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """A caption of a counter with its number, beside it or right below."""
    for index in page.blocks_may_name("visit_counter"):
        block = page.blocks[index]
        if len(block.text) > LABEL or not words.names("visit_counter", block.norm, 0.2):
            continue
        below = page.blocks[index + 1] if index + 1 < len(page.blocks) else None
        if counts_in(block.norm) or (below is not None and counts_in(below.norm, alone=True)):
            yield text_evidence(site, page, block, "visit_counter")
            return
