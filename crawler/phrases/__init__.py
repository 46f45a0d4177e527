"""What pages say, one file per language beside this one: that they are not what was asked for, what a search
is called, which buttons do something. A speaker extends a file or adds one; no code changes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from crawler.datafile import load_yaml
from crawler.text import AFTER, BEFORE, normalize

FOLDER = Path(__file__).parent

Kind = Literal[
    "not_found",
    "login_required",
    "login_page",
    "challenge",
    "parked",
    "error_page",
    "placeholder",
    "search",
    "changes",
    "acts",
    "sends",
    "rejects",
    "closes",
    "shows_more",
    "nothing_found",
    "did_you_mean",
]


class Phrases(BaseModel):
    """One language's phrases, as people write them; compared as whole words after `crawler.text.normalize`.
    A ``*`` at either end stands for anything glued to the word there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    # In the title or a heading, or in a page with hardly any other words:
    not_found: tuple[str, ...] = ()
    login_required: tuple[str, ...] = ()
    challenge: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()

    # In a page with hardly anything else on it:
    error_page: tuple[str, ...] = ()
    placeholder: tuple[str, ...] = ()
    """What stands where nobody has put a portal yet: the server's own welcome, a listing of files."""

    login_page: tuple[str, ...] = ()
    """Words of an address or a link that announce a log-in page: there it is no wall."""

    search: tuple[str, ...] = ()
    """Words of a search box, its button or its label."""

    changes: tuple[str, ...] = ()
    """Links of exactly these words are never followed: they change something."""

    acts: tuple[str, ...] = ()
    """Words of an address that stand for an act, not for a page; between them a hyphen, an underscore or
    nothing will do."""

    sends: tuple[str, ...] = ()
    """Buttons with these words, or those of `changes`, are never pressed."""

    # Exactly these words, counts and arrows apart, are what the button says:
    rejects: tuple[str, ...] = ()
    """Takes a consent banner off the page and consents to nothing that is not needed."""

    closes: tuple[str, ...] = ()
    """Takes any other notice off the page."""

    shows_more: tuple[str, ...] = ()
    """Shows more of a list on the same page."""

    # In the answer of a search:
    nothing_found: tuple[str, ...] = ()
    did_you_mean: tuple[str, ...] = ()
    """Offers another spelling."""


@cache
def phrases(kind: Kind) -> tuple[str, ...]:
    """The normalised phrases of one kind in all languages. Raises `crawler.datafile.DataFileError`."""
    return tuple(dict.fromkeys(normalize(phrase) for file in _files() for phrase in getattr(file, kind)))


@cache
def _files() -> tuple[Phrases, ...]:
    return tuple(load_yaml(path, Phrases) for path in sorted(FOLDER.glob("*.yaml")))


def said(kind: Kind, text: str) -> str:
    """The first phrase of the kind in a normalised text, '' if there is none."""
    found = [match for core, pattern in _patterns(kind) if core in text and (match := pattern.search(text))]
    return min(found, key=re.Match.start).group() if found else ""


@cache
def _patterns(kind: Kind) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each phrase with its pattern: looking for the bare phrase first is many times quicker."""
    return tuple((phrase.strip("*"), re.compile(_words(phrase))) for phrase in phrases(kind))


def _words(phrase: str) -> str:
    before = "" if phrase.startswith("*") else rf"(?:{BEFORE}|(?<=_))"
    after = "" if phrase.endswith("*") else rf"(?:{AFTER}|(?=_))"
    return f"{before}{re.escape(phrase.strip('*'))}{after}"
