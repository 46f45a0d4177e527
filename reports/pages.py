"""Writes the pages: one for the province, one per agency, one per agency and indicator, in each language.

Templates hold no words and no knowledge of the model. Everything that comes from a portal reaches them as
text and is escaped there; `foreign`, `web_address` and `place_of` are what they show it with.
"""

from __future__ import annotations

import posixpath
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crawler.portal import Names
from indicators.detectors import mobile_site_quality, portal_security
from indicators.model import Group, Indicator, Stage, Text
from indicators.records import Answer, Evidence, Finding, Points
from indicators.scoring import VIEWS, ItemScore, View
from indicators.thresholds import thresholds
from reports.archive import Copy
from reports.data import AgencyInput, ReportInput
from reports.loading import METRICS, grade, loaded_pages, measurement_of, taken
from reports.screenshots import Shot
from reports.spots import Spot
from reports.unfolded import boxes_in, broken_rules, findings_of, pictures_of, rule_words
from reports.words import Words, without_controls

HERE = Path(__file__).parent

_UNITS = {"ttfb": "ms", "fcp": "ms", "lcp": "ms", "tbt": "ms", "load": "ms"}
_FLAGS = frozenset(("viewport_meta", "menu_opener", "menu_opens", "quirks_mode"))
"""Measured as 1 for yes and 0 for no."""
_CHECKS = frozenset((*mobile_site_quality.WITNESSES, *portal_security.CHECKS))
"""Details that tell, as a fraction, how far a check is kept."""

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

TABLES = (
    ("scores.csv", "scores"),
    ("indicators.csv", "indicators"),
    ("evidence.csv", "evidence"),
    ("visits.csv", "visits"),
    ("measurements.csv", "measurements"),
    ("problems.csv", "problems"),
    ("report.json", "report"),
)

_LIMIT_UNITS = "ms|px|kib|mb|bytes|share"
_LIMIT = re.compile(
    rf".*?(_(?P<side>good|poor|least|most|very_high|high|medium|low))?(_(?P<unit>{_LIMIT_UNITS}))?"
)

_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


@dataclass
class Witnesses:
    """What can be opened beside the words: copies by (portal, archive record), pages' languages by (portal,
    page), the record of an address by (portal, address), screenshots by spot key, and by (portal, path) the
    files of Lighthouse and the pictures of measured pages."""

    copies: dict[tuple[str, str], Copy] = field(default_factory=dict)
    languages: dict[tuple[str, int], str] = field(default_factory=dict)
    records: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[tuple[str, int], str] = field(default_factory=dict)
    shots: Mapping[str, Shot] = field(default_factory=dict)
    lighthouse: dict[tuple[str, str], str] = field(default_factory=dict)
    pictures: dict[tuple[str, str], str] = field(default_factory=dict)

    def copy_of(self, portal: str, evidence: Evidence) -> str:
        """The copy's path with the spot's fragment, or ''."""
        copy = self.copies.get((portal, evidence.warc_record))
        return copy.address_of(Spot.of(evidence)) if copy else ""

    def copy_of_address(self, portal: str, url: str) -> str:
        record = self.records.get((portal, url), "")
        copy = self.copies.get((portal, record))
        return copy.path if copy else ""

    def shot_of(self, evidence: Evidence) -> Shot | None:
        return self.shots.get(Spot.of(evidence).key)


class Limit(NamedTuple):
    """Thresholds in words, together those of one reason; `source` is an address or says who set them."""

    words: tuple[str, ...]
    reason: Markup
    source: str


@dataclass(frozen=True)
class Item:
    """One indicator of one agency, ready to be shown."""

    indicator: Indicator
    score: ItemScore
    finding: Finding | None

    @property
    def disagrees(self) -> bool:
        return self.score.disagrees

    @property
    def open(self) -> bool:
        return self.score.final_points is None

    @property
    def seen(self) -> bool:
        """Settled by what stands on the portal."""
        return self.score.automatic is not None

    @property
    def hinted(self) -> bool:
        """Something on the portal hints at the answer without settling it."""
        return bool(self.score.suggested)

    @property
    def unfolds(self) -> bool:
        """Graded, with numbers behind it."""
        found = self.finding
        return self.indicator.mode == "graded" and found is not None and bool(found.details or found.pages)

    @property
    def no_hint(self) -> bool:
        """The portal was searched for hints in vain, which proves nothing."""
        looked = self.indicator.mode == "hint" and self.finding is not None and bool(self.finding.visited)
        return looked and not self.hinted and not self.seen


def items_of(report: ReportInput, agency: AgencyInput) -> list[Item]:
    """Every indicator, in the order of the stages."""
    return [
        Item(indicator, agency.scores.items[indicator.id], agency.by_indicator.get(indicator.id))
        for stage in report.model.stages
        for indicator in report.model.in_stage(stage.id)
    ]


def coverage(agency: AgencyInput, view: View) -> float:
    """The share of all points whose answer is known."""
    stages = [views[view] for views in agency.scores.stages.values()]
    maximum = sum(points.maximum for points in stages)
    return sum(points.coverage * points.maximum for points in stages) / maximum if maximum else 0.0


class Site:
    """Where each page lies. The first language stands at the top, the others in folders of their own."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)

    def top(self, language: str) -> str:
        return "" if language == self.languages[0] else f"{language}/"

    def province(self, language: str) -> str:
        return f"{self.top(language)}index.html"

    def agency(self, language: str, portal: str) -> str:
        return f"{self.top(language)}agencies/{portal}/index.html"

    def evidence(self, language: str, portal: str, indicator: str) -> str:
        return f"{self.top(language)}agencies/{portal}/{indicator}.html"


class Pages:
    """Renders the pages of one language."""

    def __init__(
        self, report: ReportInput, witnesses: Witnesses, site: Site, language: str, mends: Mapping[str, Names]
    ) -> None:
        self.report, self.witnesses, self.site, self.language = report, witnesses, site, language
        self.words = Words(language, report.time_zone)
        self.mends = mends
        self.items = {agency.portal.id: items_of(report, agency) for agency in report.agencies}
        others = [other for other in site.languages if other != language]
        self.twin = others[0] if others else None
        script = (HERE / "static" / "report.js").read_text(encoding="utf-8")
        self.environment = _environment()
        self.environment.globals.update(
            t=self.words,
            lang=language,
            twin_lang=self.twin,
            report=report,
            model=report.model,
            views=VIEWS,
            witnesses=witnesses,
            name=self.name,
            answer=self.answer,
            tone=self.tone,
            suggestion=self.suggestion,
            reason=self.reason,
            shows=self.shows,
            measured=self.measured,
            detail_name=self.detail_name,
            details=self.details,
            columns=self.columns,
            value=self.value,
            worded=worded,
            broken_rules=broken_rules,
            rule_words=rule_words,
            pictures_of=pictures_of,
            boxes_in=boxes_in,
            findings_of=findings_of,
            web_address=web_address,
            place_of=place_of,
            plain=without_controls,
            coverage=coverage,
            points_text=self.points_text,
            script=Markup(script),  # noqa: S704  (our own file)
            script_hash=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
            tables=TABLES,
            metrics=METRICS,
            grade=grade,
            limits_of=self._limits,
            categories=CATEGORIES,
        )
        self._sentences = [(_as_pattern(said), own) for said, own in self.words.tree["sentences"].items()]
        self._templates = {
            kind: self.environment.get_template(f"{kind}.html.jinja")
            for kind in ("province", "agency", "evidence")
        }

    def write(self, root: Path) -> Iterator[str]:
        """Writes all pages; yields each one's path when it is written."""
        language = self.language
        yield self._write(root, "province", self.site.province, (), {"items_by_portal": self.items})
        for agency in self.report.agencies:
            items = self.items[agency.portal.id]
            own = {
                "agency": agency,
                "items": items,
                "stages": self._stages(items),
                "loaded": loaded_pages(agency.measurements),
                "taken": taken(agency.measurements),
            }
            yield self._write(root, "agency", self.site.agency, (agency.portal.id,), own)
            for index, item in enumerate(items):
                values = {
                    "agency": agency,
                    "item": item,
                    "finding": item.finding,
                    "previous": items[index - 1] if index else None,
                    "next": items[index + 1] if index + 1 < len(items) else None,
                    "mend": self._mend(item),
                    "mends": self._check_mends(item),
                    "agency_page": self.site.agency(language, agency.portal.id),
                }
                args = (agency.portal.id, item.indicator.id)
                yield self._write(root, "evidence", self.site.evidence, args, values)

    def _write(
        self, root: Path, kind: str, address: Any, args: tuple[str, ...], values: dict[str, Any]
    ) -> str:
        path: str = address(self.language, *args)
        here = posixpath.dirname(path)

        def to(target: str) -> str:
            """The address of another file of the report, seen from this page."""
            file, mark, fragment = target.partition("#")
            return posixpath.relpath(file, here or ".") + mark + fragment

        text = self._templates[kind].render(
            **values,
            to=to,
            province_page=self.site.province(self.language),
            agency_address=lambda portal: self.site.agency(self.language, portal),
            evidence_address=lambda portal, indicator: self.site.evidence(self.language, portal, indicator),
            twin=to(address(self.twin, *args)) if self.twin else "",
        )
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return path

    def _stages(self, items: list[Item]) -> list[tuple[Stage, list[tuple[Group, list[Item]]]]]:
        model = self.report.model
        stages = []
        for stage in model.stages:
            own = [item for item in items if item.indicator.stage == stage.id]
            groups = [
                (group, [item for item in own if item.indicator.group == group.id]) for group in model.groups
            ]
            stages.append((stage, [(group, members) for group, members in groups if members]))
        return stages

    def _mend(self, item: Item) -> str:
        """What to do, where the audit found less than the best answer."""
        if item.score.automatic is None or item.score.automatic_points is None:
            return ""
        if item.score.automatic_points >= item.indicator.maximum:
            return ""
        mend = self.mends.get(item.indicator.id)
        return self.name(mend) if mend else ""

    def _check_mends(self, item: Item) -> list[tuple[str, str]]:
        """(check, what to do) for each number behind a level that is a share of less than the whole."""
        found = item.finding
        return [
            (check, self.name(mend))
            for check, value in (found.details.items() if found else ())
            if isinstance(value, int | float) and value < 1
            if (mend := self.mends.get(f"{item.indicator.id}.{check}"))
        ]

    def name(self, names: Names | Text) -> str:
        return without_controls(names.fa if self.language == "fa" else names.en)

    def answer(self, indicator: str, given: Answer | None) -> str:
        """An answer in the words of the indicator's own scale."""
        if given is None:
            return self.words("answer.not_answered")
        if given.option is None:
            return self.words("answer.points_only", points=given.points or 0)
        if given.option == "unknown":
            return self.name(self.report.model.unknown_option)
        if given.option == "not_applicable":
            return self.words("answer.not_applicable")
        scale = self.report.model.scale_of(indicator)
        options = {option.id: option for option in (*scale.options, scale.zero)}
        return self.name(options[given.option].name) if given.option in options else given.option

    def suggestion(self, indicator: str, suggested: Sequence[str]) -> str:
        """The options that a hint speaks for, in the words of the scale: one, "at least" one, or a range."""
        scale = self.report.model.scale_of(indicator)
        names = {option.id: self.name(option.name) for option in (*scale.options, scale.zero)}
        shown = [names.get(option, option) for option in suggested]
        if len(shown) == 1:
            return shown[0]
        if tuple(suggested) == scale.option_ids[: len(suggested)]:
            return self.words("answer.at_least", option=shown[-1])
        return self.words("answer.between", worst=shown[-1], best=shown[0])

    def tone(self, indicator: str, given: Answer | None, points: float | None) -> str:
        """How an answer is coloured, by the share of the points that it earns."""
        if given is None or points is None or given.option in ("unknown", "not_applicable"):
            return "open"
        share = points / self.report.model.indicator(indicator).maximum
        return "good" if share >= 0.75 else "fair" if share >= 0.4 else "poor" if share > 0 else "nil"

    def reason(self, text: str) -> Markup:
        """A reason or an outcome in words: a sentence that the locale knows, or ``code: more`` with its code
        put into words; any other text is shown as it was written."""
        if said := self._sentence(text):
            return said
        head, colon, rest = text.partition(":")
        for group in ("outcome", "reason"):
            if found := self.words.phrase(group, head.strip()):
                told = self._sentence(rest.strip()) or foreign(rest.strip())
                more = Markup(" ({})").format(told) if colon and rest.strip() else Markup("")
                return Markup("{}{}").format(found, more)
        return foreign(text)

    def measured(self, agency: AgencyInput, evidence: Evidence) -> str:
        """What was measured, as a person reads it; '' for evidence that is no measured value."""
        one = measurement_of(agency.measurements, evidence)
        if one is None or one.value is None:
            return ""
        plain = one.unit in ("count", "ratio")
        said = self.value(one.name, one.value) if plain else self.words.measure(one.value, one.unit)
        return said if one.device == "none" else f"{said} · {self.words(f'device.{one.device}')}"

    def _sentence(self, text: str) -> Markup | None:
        for pattern, sentence in self._sentences:
            if match := pattern.fullmatch(text):
                blanks = {name: self.reason(value) for name, value in match.groupdict().items()}
                return Markup(sentence).format(**blanks)  # noqa: S704  (our own words)
        return None

    def shows(self, note: str) -> Markup:
        found = self.words.phrase("shows", note)
        return Markup("{}").format(found) if found else foreign(note.replace("_", " "))

    def detail_name(self, name: str) -> Markup:
        found = self.words.phrase("detail", name) or self.words.phrase("shows", name)
        return Markup("{}").format(found) if found else foreign(name.replace("_", " "), lang="en")

    def details(self, finding: Finding) -> list[tuple[str, str, list[Limit]]]:
        """(name, value, limits) of the numbers behind a verdict."""
        return [
            (name, self.value(name, value), self._limits(name, finding.limits.get(name, ())))
            for name, value in finding.details.items()
        ]

    def columns(self, finding: Finding) -> list[tuple[str, list[Limit]]]:
        """The names of the numbers that any page has, with those limits that `details` does not show."""
        names = dict.fromkeys(name for page in finding.pages for name in page.values)
        return [
            (name, [] if name in finding.details else self._limits(name, finding.limits.get(name, ())))
            for name in names
        ]

    def _limits(self, name: str, listed: Sequence[str] = ()) -> list[Limit]:
        """The thresholds that a number was held against: those listed, and those that bear
        its name: ``services`` for itself, ``lcp_good_ms``, ``lcp_poor_ms`` and ``weight_lcp`` for ``lcp``."""
        stem = re.sub(r"_(bytes|ms|px|share)$", "", name)
        own = re.compile(
            rf"{re.escape(name)}|({re.escape(name)}|{re.escape(stem)})_(good|poor|least|most)(_({_LIMIT_UNITS}))?"
            rf"|weight_{re.escape(name)}"
        )
        wanted = (self._limit(key, name) for key in thresholds() if key in listed or own.fullmatch(key))
        return [
            Limit(tuple(word for one in alike for word in one.words), reason, source)
            for (reason, source), alike in groupby(wanted, lambda one: (one.reason, one.source))
        ]

    def _limit(self, key: str, name: str) -> Limit:
        threshold = thresholds()[key]
        match = _LIMIT.fullmatch(key)
        side, unit = (match["side"], match["unit"]) if match else (None, None)
        value = threshold.value * 1024 if unit == "kib" else threshold.value
        if key.startswith("weight_"):
            side, text = "weight", self.words.number(value)
        else:
            text = self.value("_bytes" if unit == "kib" else f"_{unit}" if unit else name, value)
        source = self.words.phrase("source", threshold.source)
        return Limit(
            (self.words(f"limit.{side or 'least'}").format(value=text),),
            self.reason(threshold.reason),
            source or threshold.source,
        )

    def value(self, name: str, value: float | int | str | bool | None) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.words("answer.yes" if value else "answer.no")
        if isinstance(value, str):  # a word that was found, or why there is no number
            return self._sentence(value) or without_controls(value)
        if name in _UNITS:
            return self.words.measure(float(value), _UNITS[name])
        for ending, unit in (("_ms", "ms"), ("_bytes", "bytes"), ("_px", "px"), ("_seconds", "s")):
            if name.endswith(ending):
                return self.words.measure(float(value), unit)
        if name in _FLAGS and value in (0, 1):
            return self.words("answer.yes" if value else "answer.no")
        share = name.endswith(("share", "_ratio")) or (name in _CHECKS and isinstance(value, float))
        if share and 0 <= value <= 1:
            return self.words.percent(float(value))
        return self.words.number(value, 3)

    def points_text(self, points: float, maximum: float) -> str:
        return self.words("number.of", points=points, maximum=maximum)


def worded(finding: Finding, name: str) -> bool:
    """Whether a number of the pages is told in words."""
    return any(isinstance(page.values.get(name), str) for page in finding.pages)


def foreign(text: str, lang: str = "") -> Markup:
    """Text that is not ours, in its own direction."""
    tag = f' lang="{lang}"' if _LANGUAGE_TAG.fullmatch(lang) else ""
    return Markup('<bdi class="foreign"{}>{}</bdi>').format(Markup(tag), without_controls(text))  # noqa: S704


def web_address(url: str) -> str:
    """The address if it may stand in a link: http or https and nothing else; '' otherwise."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    clean = without_controls(url.strip())
    return clean if parts.scheme in ("http", "https") and parts.hostname and clean == url.strip() else ""


def place_of(url: str) -> str:
    """An address as people read it: without scheme, decoded, cut in the middle where it is long."""
    text = without_controls(unquote(re.sub(r"^https?://", "", url.strip())))
    text = text.removesuffix("/") if text.count("/") == 1 else text
    return text if len(text) <= 90 else f"{text[:55]}…{text[-30:]}"


def _as_pattern(sentence: str) -> re.Pattern[str]:
    """``{url} was not visited: {why}`` as a pattern with its blanks as groups; ``{url}`` is an address."""
    blanks = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(sentence))
    return re.compile(blanks.replace("(?P<url>.+?)", r"(?P<url>https?://\S+?)"), re.DOTALL)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals["foreign"] = foreign
    environment.filters["iso"] = _iso
    return environment


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="minutes")


__all__ = ["Pages", "Points", "Site", "Witnesses", "foreign", "items_of", "place_of", "web_address"]
