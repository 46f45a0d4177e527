"""The demo province as the command uses it: serve it, take in its questionnaires."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import demo
from dargah.agencies import load_agencies
from dargah.questionnaire.reading import Reader
from dargah.store import Store
from demo.province import PORTALS, Province
from indicators.model import load_model

DEMO_FOLDER = Path(demo.__file__).parent
DEMO_AGENCIES = DEMO_FOLDER / "agencies.yaml"
BATCH = "demo questionnaires"


@contextmanager
def demo_province(without: Collection[str] = ()) -> Iterator[dict[str, str]]:
    """Serves the province on its usual ports; gives the address of each portal, '' where it is down.

    Raises `demo.province.ProvinceError` where a port is taken.
    """
    with Province(without=without) as province:
        yield {
            service.id: province.url(service.id) if province.serving(service.id) else ""
            for service in PORTALS
        }


def import_demo_questionnaires(store: Store) -> int:
    """Takes in the questionnaires of the demo's agencies, once per store. Returns how many answers."""
    agencies = load_agencies(DEMO_AGENCIES)
    if BATCH in store.batches(agencies.id):
        return 0
    reader = Reader(load_model(), agencies.agencies)
    at = datetime.now(UTC)
    answers = [
        answer
        for agency in agencies.agencies
        for answer in reader.read(
            [DEMO_FOLDER / "portals" / agency.id / "questionnaire.csv"], at, agency=agency.id
        )
    ]
    return store.add_answers(agencies.id, answers, batch=BATCH)
