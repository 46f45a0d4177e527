"""The history of runs: what is kept, and that nothing is kept half."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from dargah.store import Store
from indicators.records import Answer

NOW = datetime(2026, 3, 21, 5, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(tmp_path / "runs")


def add_run(store: Store, run_id: str = "r1") -> None:
    store.add_run(run_id, province="p", agencies_file="a.yaml", model="m", portals=["b", "a"], at=NOW)


def answer(portal: str = "a", option: str = "yes") -> Answer:
    return Answer(
        portal=portal,
        indicator="news",
        question="58",
        source="self_reported",
        option=option,
        points=1.6,
        at=NOW,
    )


def test_steps_keep_the_order_of_the_agencies(store: Store) -> None:
    add_run(store)
    assert store.portals("r1") == ["b", "a"]
    assert [(s.portal, s.step) for s in store.steps("r1")][:2] == [("b", "crawl"), ("b", "measure")]
    assert store.steps("r1")[-1].step == "report"


def test_a_step_remembers_when_and_why(store: Store) -> None:
    add_run(store)
    store.set_step("r1", "a", "crawl", "running", at=NOW)
    store.set_step("r1", "a", "crawl", "failed", at=NOW, reason="broke", cpu_seconds=1.5)
    step = next(s for s in store.steps("r1") if (s.portal, s.step) == ("a", "crawl"))
    assert (step.state, step.reason, step.cpu_seconds) == ("failed", "broke", 1.5)
    assert step.started_at == NOW and step.finished_at == NOW


def test_times_come_back_in_utc(store: Store) -> None:
    add_run(store)
    row = store.run("r1")
    assert row is not None and row.started_at == NOW and row.started_at.tzinfo is UTC


def test_answers_come_back_as_they_were_oldest_first(store: Store) -> None:
    store.add_answers("p", [answer(option="yes")], batch="1")
    store.add_answers("p", [answer(option="no")], batch="2")
    store.add_answers("elsewhere", [answer()], batch="1")
    assert [a.option for a in store.answers("p")] == ["yes", "no"]
    assert store.answers("p")[0] == answer(option="yes")


def test_a_batch_is_kept_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(IntegrityError):
        store.add_answers("p", [answer("b"), answer("a"), answer("a")], batch="1")
    assert store.answers("p") == []
