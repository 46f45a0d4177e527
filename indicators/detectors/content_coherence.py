"""content_coherence: duplicates, empty pages, broken links and orphans, as shares of the pages seen."""

from __future__ import annotations

from indicators.detector import Details, Verdict, detector, link_evidence, not_observable, text_evidence
from indicators.detectors._checks import Check, broken_links, composite, kept_low
from indicators.records import Evidence, PageNumbers
from indicators.site import Site
from indicators.structure import Hollow, Structure, structure_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("content_coherence", version=1)
def detect(site: Site, _: Vocabulary) -> Verdict:
    whole = structure_of(site)
    pages = whole.pages
    if len(pages) < threshold("coherence_pages"):
        return not_observable("too few pages were seen to compare them")
    checks = (
        _duplicates(site, whole),
        _hollow(site, whole),
        broken_links(site, whole, "coherence_broken"),
        _orphans(site, whole),
    )
    fullest = max(pages, key=lambda page: (bool(page.blocks), page.words, -page.id))
    best = [text_evidence(site, fullest, b, "page_seen") for b in (*fullest.content, *fullest.blocks)[:1]]
    return composite(
        checks,
        least="coherence_checks",
        pages=len(pages),
        numbers=_rows(whole),
        otherwise=best,
        confidence=0.8,
    )


def _duplicates(site: Site, whole: Structure) -> Check:
    copies = [page for group in whole.duplicates for page in group[1:]]
    share = len(copies) / len(whole.pages)
    numbers: Details = {"duplicates_share": round(share, 4), "duplicates": len(copies)}
    worst = tuple(text_evidence(site, page, page.content[0], "duplicate") for page in copies[:3])
    return Check("duplicates", kept_low(share, "duplicates"), numbers, worst=worst)


def _hollow(site: Site, whole: Structure) -> Check:
    seen = len(whole.pages) + sum(one.view is None for one in whole.hollow)
    share = len(whole.hollow) / seen
    numbers: Details = {"empty_pages_share": round(share, 4), "empty_pages": len(whole.hollow)}
    worst = tuple(item for one in whole.hollow if (item := _empty_witness(site, one)) is not None)
    return Check("empty_pages", kept_low(share, "empty_pages"), numbers, worst=worst[:3])


def _empty_witness(site: Site, one: Hollow) -> Evidence | None:
    """The little that an empty page says; of one that says nothing, a link that promised it."""
    if one.view is not None and one.view.blocks:
        block = (*one.view.content, *one.view.blocks)[0]
        return text_evidence(site, one.view, block, "empty_page")
    for address in (one.record.final_url, one.record.url):
        for inbound in site.inbound_of(address):
            if inbound.link.node >= 0:
                return link_evidence(site, inbound.page, inbound.link, "link_to_empty_page")
    return None


def _orphans(site: Site, whole: Structure) -> Check:
    orphans = whole.orphans
    if isinstance(orphans, str):
        unknown: Details = {"orphans_share": orphans}
        return Check("orphans", None, unknown)
    share = len(orphans) / len(whole.pages)
    numbers: Details = {"orphans_share": round(share, 4), "orphans": len(orphans)}
    shown = [page for page in orphans if page.blocks][:3]
    worst = tuple(text_evidence(site, p, (*p.content, *p.blocks)[0], "orphan") for p in shown)
    return Check("orphans", kept_low(share, "orphans"), numbers, worst=worst)


def _rows(whole: Structure) -> list[PageNumbers]:
    """The pages with which something is wrong."""
    values: dict[tuple[str, int], Details] = {}
    for group in whole.duplicates:
        for page in group[1:]:
            values.setdefault((page.url, page.id), {})["duplicate_of"] = group[0].url
    for one in whole.hollow:
        values.setdefault((one.record.final_url, one.record.id), {})["empty_because"] = one.why
    for broken in whole.broken:
        own = values.setdefault((broken.page.url, broken.page.id), {})
        own["broken_links"] = int(own.get("broken_links") or 0) + 1
    if isinstance(whole.orphans, list):
        for page in whole.orphans:
            values.setdefault((page.url, page.id), {})["orphan"] = True
    return [PageNumbers(url=url, page=number, values=own) for (url, number), own in values.items()]
