"""What was measured: the record Measurements and its parts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from crawler.portal import KeyPageKind

Device = Literal["phone", "desktop", "none"]
PictureOf = Literal["screen", "menu", "violations"]
"""The first screen, the first screen after the menu was opened, the place of most violations."""


class Measurement(BaseModel):
    """One named value of one page on one device.

    `name` is a metric id such as ``ttfb``, ``fcp``, ``lcp``, ``cls``, ``tbt``, ``transfer_bytes``,
    ``overflow_px``; `unit` is ``ms``, ``bytes``, ``px``, ``ratio``, ``count`` or ``score``. `value` is the
    median of `runs`, the values of the single loads in their order. A measure that failed has `value` None
    and says why in `reason`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    value: float | None
    unit: str
    url: str
    device: Device
    method: Literal["browser", "lighthouse", "capture"]
    runs: tuple[float, ...] = ()
    reason: str = ""
    measured_at: datetime

    @property
    def spread(self) -> tuple[float, float] | None:
        """The least and the largest of `runs`, None of fewer than two. Of three values quartiles would be
        invented; the extremes were seen."""
        return (min(self.runs), max(self.runs)) if len(self.runs) > 1 else None


class MeasuredPage(BaseModel):
    """A page that was to be measured, and what it is for the portal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["home"] | KeyPageKind
    url: str


class LighthouseRun(BaseModel):
    """One run of Lighthouse; `json_path` and `html_path` are below the measurements' folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    device: Device = "phone"
    version: str
    ok: bool
    reason: str = ""
    json_path: str = ""
    html_path: str = ""
    scores: dict[str, float | None] = {}
    seconds: float
    measured_at: datetime


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Box(_Record):
    """A rectangle on a page, in CSS pixels from the page's top left corner."""

    x: float
    y: float
    width: float
    height: float


class Picture(_Record):
    """A picture of a page: `path` is below the measurements' folder, `box` the part that it shows."""

    url: str
    device: Device
    shows: PictureOf
    path: str
    box: Box


class FailedCheck(_Record):
    """One of axe-core's checks that an element did not pass: its id and what it found (a ratio, say)."""

    id: str
    data: dict[str, str | float | bool] = {}


class RuleElement(_Record):
    """An element that a rule found fault with."""

    target: tuple[str, ...]
    """CSS selectors that find it again: one, after those of the frames that it stands in."""
    html: str
    """Its opening, at most 240 characters."""
    checks: tuple[FailedCheck, ...] = ()
    box: Box | None = None
    """None where it takes no space on the page, or stands in a frame."""


class AccessibilityRule(_Record):
    """What became of one rule of axe-core on one page."""

    id: str
    outcome: Literal["violated", "needs_review", "passed", "not_applicable"]
    impact: Literal["", "minor", "moderate", "serious", "critical"] = ""
    criteria: tuple[str, ...] = ()
    """Success criteria of WCAG, such as ``1.4.3``."""
    level: Literal["A", "AA"] = "A"
    violated: int = 0
    """Elements that break the rule."""
    needs_review: int = 0
    """Elements of which only a person can tell."""
    elements: tuple[RuleElement, ...] = ()
    """The first of them, those that break it before those to review."""
    help: str = ""
    """The rule in axe-core's own English words, and where it is explained."""
    help_url: str = ""


class AccessibilityCheck(_Record):
    """axe-core's rules for WCAG 2.2 A and AA on one page as a desktop shows it. `reason` says why there
    are none."""

    url: str
    engine: str
    """Such as ``axe-core 4.11.0``."""
    rules: tuple[AccessibilityRule, ...] = ()
    frames: int = 0
    """Frames of the portal's own that were examined with the page."""
    frames_left: int = 0
    """Frames that were not: of other hosts, or too many."""
    reason: str = ""
    measured_at: datetime


class ParseError(_Record):
    """One kind of parse error (html5lib's name), and where it was met first: line and column from 1."""

    code: str
    count: int
    line: int
    column: int


class Source(_Record):
    """A page as it came over the line. `reason` says why it could not be read."""

    charset_header: str = ""
    charset_meta: str = ""
    charset_mark: str = ""
    """Named by the Content-Type header, by a meta element, by a byte order mark; '' if it is not."""
    charset_real: str = ""
    """What the bytes are."""
    ascii_only: bool = False
    parse_errors: int = 0
    errors: tuple[ParseError, ...] = ()
    """By kind, the most frequent first, twenty at most."""
    elements: int = 0
    characters: int = 0
    whole: bool = True
    """False if only the beginning was parsed."""
    reason: str = ""


class Overflow(_Record):
    """How far a page is wider than a window of `width`, in CSS pixels, and the first elements that stick
    out."""

    width: int
    overflow_px: float
    elements: tuple[RuleElement, ...] = ()


class DisplayCheck(_Record):
    """How far one page keeps to what browsers expect. `reason` says why the browser could not tell."""

    url: str
    source: Source
    doctype: str = ""
    """As the browser read it: ``html``, or with its public identifier; '' if there is none."""
    quirks: bool = False
    language: str = ""
    """The ``lang`` of the page, '' if it says none."""
    direction: str = ""
    """The ``dir`` of html or body, '' if neither says one."""
    shown_direction: Literal["", "ltr", "rtl"] = ""
    """In which the body is shown."""
    rtl_letters: int = 0
    ltr_letters: int = 0
    """Letters in sight of scripts written from right to left, from left to right."""
    rtl_astray: int = 0
    ltr_astray: int = 0
    """Of these, those in a paragraph of the other direction."""
    viewport: str | None = None
    """Content of the viewport element, None if there is none."""
    overflow: tuple[Overflow, ...] = ()
    reason: str = ""
    measured_at: datetime


TlsVersion = Literal["TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]

CertificateFault = Literal[
    "expired",
    "not_yet_valid",
    "wrong_name",
    "self_signed",
    "incomplete_chain",  # the certificate that vouches for the last one sent was left out
    "unknown_authority",
    "revoked",
    "invalid",  # anything else that verification held against it
]


class Certificate(_Record):
    """What a host showed in the TLS handshake. `faults` is empty where a browser would trust it, by the
    machine's own authorities or, for a portal that has one, its private authority."""

    subject: str
    names: tuple[str, ...]
    """DNS names and addresses that it is for."""
    issuer: str
    not_before: datetime
    not_after: datetime
    key: str
    """``RSA``, ``EC``, ``Ed25519`` ..."""
    key_bits: int
    signatures: tuple[str, ...]
    """Hash of each signature in the chain as it was sent, the server's first, self-signed ones left out."""
    chain: int
    """Certificates sent."""
    faults: tuple[CertificateFault, ...]

    def days_left(self, at: datetime) -> float:
        return (self.not_after - at).total_seconds() / 86_400


class Answered(_Record):
    """How ``/`` of a host answers under one scheme. `state`: ``absent`` where nobody listens or something
    else is spoken there, ``unknown`` where it was not asked or no answer came; both say why in `reason`.
    Redirects are not followed."""

    url: str
    state: Literal["answered", "absent", "unknown"]
    reason: str = ""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        """The first header of this name, '' if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class HostSecurity(_Record):
    """What one host shows to anybody who knocks once: facts, judged elsewhere.

    `protocols` has a version with None where it could not be tried (`https` answered, the handshake did not
    end in time, or this machine's library cannot speak it); it is empty where no handshake succeeded.
    `connections`, `bytes` (received, on the wire) and `seconds` are what the look took.
    """

    host: str
    certificate: Certificate | None
    protocols: dict[TlsVersion, bool | None]
    https: Answered
    http: Answered
    connections: int
    bytes: int
    seconds: float
    looked_at: datetime


LinkState = Literal["works", "broken", "unknown"]


class ExternalLink(_Record):
    """A link of the portal to another host, and what became of it. Broken is what answered 404 or 410, has a
    name that is not known or a certificate that is not trusted, or leads in circles; ``unknown`` is whatever
    blocked us, did not answer or may not be asked, for `reason`."""

    url: str
    page: str
    """Address of the first page on which it stands."""
    text: str
    pages: int
    """Number of pages on which it stands."""
    state: LinkState = "unknown"
    reason: str = ""
    status: int | None = None
    final_url: str = ""
    """Where its redirects ended, '' if there were none."""
    checked_at: datetime | None = None
    """None if it was not asked for; up to a week before the measuring."""


class Measurements(BaseModel):
    """The file measurements.json of one portal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    portal: str
    chromium: str
    pages: tuple[MeasuredPage, ...] = ()
    """The home page first; empty in files of earlier versions."""
    measurements: tuple[Measurement, ...]
    lighthouse: tuple[LighthouseRun, ...]
    accessibility: tuple[AccessibilityCheck, ...] = ()
    display: tuple[DisplayCheck, ...] = ()
    pictures: tuple[Picture, ...] = ()
    security: tuple[HostSecurity, ...] = ()
    links: tuple[ExternalLink, ...] = ()
    links_reason: str = ""
    """Why links to other hosts were not asked for, '' if they were."""
