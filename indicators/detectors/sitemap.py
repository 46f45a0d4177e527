"""sitemap: a page for people that lists the portal's sections, or an XML sitemap."""

from __future__ import annotations

import re
from collections import Counter

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, sitemap_evidence
from indicators.page import Anchor
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

_LOC = re.compile(rb"<(?:\w+:)?loc>\s*([^<]{1,500}?)\s*<")


@detector("sitemap", version=3)
def detect(site: Site, words: Vocabulary) -> Verdict:  # noqa: ARG001
    visited = []
    for page in candidates(site, "sitemap"):
        if page.depth == 0:
            continue
        listed = _listed(site, page)
        if len(listed) >= threshold("sitemap_links"):
            shown = [link_evidence(site, page, link, "site_map_page") for link in listed[1:4]]
            return found("yes", *shown, confidence=0.95, details={"links": len(listed)})
        visited.append(place(page, f"lists {len(listed)} working internal links"))
    for sitemap in site.sitemaps:
        if sitemap.status == 200 and sitemap.entries > 0:
            evidence = _xml_evidence(site, sitemap_evidence(site, sitemap, "xml_sitemap"))
            return found("yes", evidence, confidence=0.95, details={"addresses": sitemap.entries})
    return absent(site, "sitemap", visited=visited)


def _listed(site: Site, page: PageView) -> list[Anchor]:
    """The working internal links that the page adds to what its frame of menus and footers has anyway."""
    frame = _frame_links(site, page)
    here: Counter[str] = Counter()
    kept: dict[str, Anchor] = {}
    for link in page.links:
        if link.tag != "a" or not link.visible or not site.is_own(link.url) or link.url == page.url:
            continue
        here[link.url] += 1
        if here[link.url] > frame[link.url] and len(link.text) > 1 and _is_there(site, link):
            kept.setdefault(link.url, link)
    return list(kept.values())


def _is_there(site: Site, link: Anchor) -> bool:
    """Whether a section answers; a saved copy's map lists what was not saved with it, too."""
    return site.works(link.url) or (site.archived and site.target(link.url).outcome in ("http_error", None))


def _frame_links(site: Site, page: PageView) -> Counter[str]:
    """How often each address is linked on every other page alike (the least of a few)."""
    others = [p for p in site.pages if p is not page and p.links][:12]
    counts = [Counter(link.url for link in p.links if link.tag == "a") for p in others]
    if not counts:
        return Counter()
    common = counts[0]
    for other in counts[1:]:
        common = common & other
    return common


def _xml_evidence(site: Site, evidence: Evidence) -> Evidence:
    """With the first address of the sitemap as its words."""
    if not evidence.warc_record:
        return evidence
    match = _LOC.search(site.body(evidence.warc_record))
    return evidence.model_copy(update={"excerpt": match[1].decode("utf-8", "replace")}) if match else evidence
