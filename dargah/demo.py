"""The demo province as the command uses it: serve it, take in its questionnaires."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import demo
from dargah.store import Store
from demo.province import PORTALS, Province

DEMO_FOLDER = Path(demo.__file__).parent
DEMO_AGENCIES = DEMO_FOLDER / "agencies.yaml"
