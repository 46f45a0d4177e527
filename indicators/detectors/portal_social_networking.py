"""portal_social_networking: forum, comments with replies, comments, share buttons only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from indicators.candidates import LONGEST_NAME
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._dialogue import comment_forms, replies
from indicators.detectors._forms import is_called
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

SAMPLE = 16
"""Pages of which the HTML itself is searched for the marks of a share widget."""

OF_EACH_PART = 3
"""Pages of one folder: those of a folder are made alike."""

_MARK = re.compile(
    r"(?<![\w-])(?:addthis_[\w-]+|a2a_kit|sharethis-[\w-]+|st_sharethis[\w-]*|heateor_sss[\w-]*|shariff|jssocials"
    r"|ssk-group|sharedaddy)"
)
_WIDGET = re.compile(rf"class\s*=\s*[\"'][^\"'<>]*?{_MARK.pattern}")


@detector("portal_social_networking", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    forums = list(_forums(site, words))
    if forums:
        return found("very_high", *first(forums), confidence=0.75)
    answered = [seen.evidence for seen in replies(site, words)]
    if answered:
        return found("high", *first(answered), confidence=0.85)
    comments = [seen.evidence for seen in comment_forms(site, words)]
    if comments:
        return found("medium", *first(comments), confidence=0.82)
    shares = list(_share_buttons(site, words)) or list(_share_widgets(site))
    if shares:
        return found("low", *first(shares), confidence=0.88)
    articles = [page for page in site.pages if page.depth][:10]
    visited = [place(page, "no forum, comments or share buttons") for page in articles]
    return absent(site, "forum", answer="none", visited=visited)


def _forums(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Forums: a page called so with topics below it, or a link into one on another host."""
    for page in site.pages:
        if not is_called(site, page, words, "forum", 0.7):
            continue
        step = urlsplit(page.url).path.rstrip("/") + "/"
        topics = Counter(
            link.url
            for link in page.links
            if urlsplit(link.url).path.startswith(step) and site.is_own(link.url) and site.works(link.url)
        )
        if len(topics) >= threshold("forum_topics"):
            topic = next(link for link in page.links if link.url in topics)
            yield link_evidence(site, page, topic, "forum")


def _share_buttons(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    likely = site.sift(
        address=lambda url: words.shared_on(url) is not None,
        text=lambda text: words.names("share", text, 0.7),
    )
    for page in site.pages:
        for link in likely(page):
            if words.shared_on(link.url) or (
                link.url
                and len(link.text) <= LONGEST_NAME
                and words.names("share", link.norm, 0.7)
                and link.url != page.url
                and not site.is_own(link.url)
            ):
                yield link_evidence(site, page, link, "share_button")
                break


def _share_widgets(site: Site) -> Iterator[Evidence]:
    """Share buttons that a script draws, by the marks that its makers want in the page. The excerpt is the
    heading of the page; the locator tells where on it the buttons come to stand."""
    for page in _sample(site):
        html = site.html(page.record)
        heading = next((b for b in page.content if b.level), next(iter(page.content), None))
        if heading is None or not _WIDGET.search(html):
            continue
        tree = site.tree(page)
        marked = (n for n, e in enumerate(tree.elements) if _MARK.search(str(e.get("class") or "")))
        place = tree.xpath(next(marked, heading.node))
        shown = text_evidence(site, page, heading, "share_widget")
        yield shown.model_copy(update={"locator": place})
        return


def _sample(site: Site) -> list[PageView]:
    """The deepest pages, as articles are, a few of each part of the portal."""
    kept: dict[str, list[PageView]] = {}
    for page in sorted(site.pages, key=lambda page: (-page.depth, page.id)):
        part = kept.setdefault(urlsplit(page.url).path.rpartition("/")[0], [])
        if len(part) < OF_EACH_PART:
            part.append(page)
    return [page for part in kept.values() for page in part][:SAMPLE]
