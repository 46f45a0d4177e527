"""What the steps of an audit share, loaded once: imported in the process from which theirs are forked.

Libraries, phrases and vocabularies take a processor longer to load than most portals take to judge. Nothing
here may start a thread, a browser or Scrapy's reactor.
"""

from __future__ import annotations

import contextlib
import gc
from typing import get_args

import playwright.async_api  # noqa: F401

import crawler.visit  # noqa: F401
import dargah.steps  # noqa: F401
from crawler.phrases import Kind, said
from indicators.calibration import calibration
from indicators.detector import all_detectors
from indicators.interests import crawl_interests
from indicators.model import load_model


def _load() -> None:
    for kind in get_args(Kind):
        said(kind, "")
    crawl_interests()
    load_model()
    calibration()
    all_detectors()


# A file that somebody spoilt is the first step's to name.
with contextlib.suppress(Exception):
    _load()
gc.freeze()  # memory that no collection touches stays shared
