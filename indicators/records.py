"""What was judged: Evidence, Finding, Answer, Score."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

EvidenceKind = Literal["text", "link", "form", "file", "header", "measurement", "sitemap", "script", "markup"]
"""``markup`` is what an element says to machines: a title, a description, a language, a tag of Open Graph."""
Source = Literal["automatic", "self_reported", "analyst"]


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(Record):
    """Something seen on a page that somebody else can open.

    `excerpt` stands word for word (white space folded) in the archived body named by `warc_record`; where
    " … " stands for what is left out, as between the labels of a form, each piece does.
    `locator` is an XPath into that body, or '' where the evidence is not a place in a page.
    `note` says in a few words of code what the excerpt shows (a key of the report's phrases), e.g.
    ``telephone`` or ``dataset_file``.
    """

    url: str
    seen_at: datetime
    kind: EvidenceKind
    excerpt: str
    locator: str = ""
    warc_record: str = ""
    page: int | None = None
    """Page.id in the Capture, None for evidence that is not a page."""
    note: str = ""


class Place(Record):
    """A page that was looked at in vain, and why it did not do."""

    url: str
    title: str = ""
    reason: str = ""


class PageNumbers(Record):
    """The numbers of one page behind a verdict, under the names that `Finding.details` uses; `reason` says
    why they could not be measured."""

    url: str
    page: int | None = None
    """Page.id in the Capture, None for an address that was not kept as a page."""
    values: dict[str, float | int | str | bool | None] = {}
    reason: str = ""


ProblemKind = Literal[
    "broken_link", "duplicate", "empty_page", "orphan",
    "no_title", "repeated_title", "no_description", "repeated_description",
]  # fmt: skip


class Problem(Record):
    """Something on one page that a webmaster can mend at once; made from the capture, like findings."""

    kind: ProblemKind
    url: str
    """Address of the page that it is on."""
    text: str = ""
    """The link's words, the repeated title or description."""
    target: str = ""
    """Where the broken link leads; the page that is repeated."""
    reason: str = ""


class Finding(Record):
    """The verdict of one detector on one portal.

    `answer` is an option id of the indicator's scale (``yes``/``no``; ``very_high`` ... ``very_low`` or
    ``none``), or None where it is not observable; then `reason` says why.

    Where a portal can only hint at the matter, `answer` stays None and `suggests` has the options, best
    first, that fit what was seen: one, or a range. It is shown beside the agency's answer and never scored.
    Nothing seen suggests nothing: it is no "no".
    """

    portal: str
    indicator: str
    answer: str | None
    suggests: tuple[str, ...] = ()
    reason: str = ""
    confidence: float = Field(ge=0, le=1)
    """The share of such verdicts that prove right, as labelled portals tell (`indicators.calibration`)."""
    strength: float = Field(default=0.0, ge=0, le=1)
    """How good a rule the detector used, by its author's lights; 0 where nothing was observed."""
    evidence: tuple[Evidence, ...] = ()
    visited: tuple[Place, ...] = ()
    details: dict[str, float | int | str | bool | None] = {}
    """Numbers behind a graded answer, by name."""
    pages: tuple[PageNumbers, ...] = ()
    """The pages that the numbers come from, each with its own."""
    limits: dict[str, tuple[str, ...]] = {}
    """Names of the thresholds that a number was held against, by the number's name. What bears the number's
    own name (``lcp_good_ms``, ``lcp_poor_ms``, ``weight_lcp`` for ``lcp``) need not be listed."""
    detector: str
    version: int

    @model_validator(mode="after")
    def _has_a_witness(self) -> Finding:
        if self.answer is None and not self.reason:
            raise ValueError("'not observable' must say why")
        if self.answer in ("no", "none") and not self.visited:
            raise ValueError(f"'{self.answer}' must name the places that were visited")
        if self.answer not in (None, "no", "none") and not self.evidence:
            raise ValueError(f"'{self.answer}' must carry evidence")
        if self.suggests and (self.answer is not None or not self.evidence):
            raise ValueError("a hint must carry evidence, and is no answer")
        return self


class Answer(Record):
    """One answer to one indicator, whoever gave it.

    `option` is an option id of the indicator's scale, ``unknown`` ("no information"), or None where only
    `points` are known (old scores that fit no option). No answer at all is no record.
    """

    portal: str
    indicator: str
    question: str = ""
    """Number of the question that was asked, '' for automatic answers."""
    source: Source
    option: str | None
    points: float | None
    who: str = ""
    at: datetime | None = None
    note: str = ""


class Points(Record):
    """Points over their maximum, with the range they would have if everything that is not known were
    the worst / the best answer. `coverage` is the share of the maximum that is known."""

    points: float
    maximum: float
    low: float
    high: float
    coverage: float
    answered: int
    indicators: int
