"""What is asked for next: what the indicators need first, a little of everything before all of one thing."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import StorageError
from crawler.frontier import Entry, Frontier, Kind
from tests.crawler.looking import Words

LOOKED_FOR = Words((("services", 10.0, "services"), ("contact", 6.0, "contact"), ("news", 5.0, "news")))
ALL: tuple[Kind, ...] = ("page", "file", "style")


def database(place: str = ":memory:") -> sqlite3.Connection:
    db = sqlite3.connect(place, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


def add(frontier: Frontier, path: str, *, text: str = "", depth: int = 1, kind: Kind = "page") -> None:
    url = f"https://portal.example/{path}"
    topics = frontier.topics(url, text)
    frontier.add(Entry(path, url, kind, depth, "link", None, text, 0.0, topics))


def take(frontier: Frontier, count: int = 100) -> list[str]:
    taken = []
    for _ in range(count):
        if (entry := frontier.begin(kinds=ALL)) is None:
            break
        frontier.done(entry.key)
        taken.append(entry.key)
    return taken


def test_the_items_of_one_section_do_not_keep_another_waiting() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    for number in range(30):
        add(frontier, f"services/{number}")
    add(frontier, "news", depth=2)
    add(frontier, "other")
    add(frontier, "contact", depth=2)
    taken = take(frontier)
    assert taken[0] == "services/0"
    assert taken.index("contact") < 5 and taken.index("news") < 6
    assert 5 < taken.index("other") < 20  # what nothing asks for waits, but not until the end of a section


def test_a_page_is_worth_the_most_that_one_of_its_topics_is() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    for number in range(9):
        add(frontier, f"services/{number}")
    assert len(take(frontier)) == 9
    add(frontier, "news/1")
    add(frontier, "services/contact")
    assert take(frontier) == ["services/contact", "news/1"]


def test_a_title_that_mentions_much_is_worth_less_than_a_name() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    add(frontier, "a/1", text="Minister opens new services, tells news of them to all who contact the office")
    add(frontier, "a/2", text="Latest news", depth=2)
    assert take(frontier) == ["a/2", "a/1"]


def test_what_was_only_mentioned_was_not_seen() -> None:
    mentioned, named = Frontier(database(), LOOKED_FOR), Frontier(database(), LOOKED_FOR)
    for frontier, text in (
        (mentioned, "Whoever asks for services in our branch offices"),
        (named, "Services"),
    ):
        for number in range(4):
            add(frontier, f"a/{number}", text=text)
        assert len(take(frontier)) == 4
        add(frontier, "services")
        add(frontier, "contact")
    assert take(mentioned) == ["services", "contact"]
    assert take(named) == ["contact", "services"]


def test_one_page_of_each_part_before_many_of_one() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    for number in range(20):
        add(frontier, f"articles/{number}")
    for part in ("laws", "people", "events"):
        add(frontier, f"{part}/x", depth=3)
    taken = take(frontier)
    assert set(taken[:4]) == {"articles/0", "laws/x", "people/x", "events/x"}


def test_what_many_pages_link_to_comes_before_what_one_does() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    for number in range(20):
        add(frontier, f"a/{number}")
    for _ in range(3):
        frontier.count_linking(["a/15"])
    frontier.count_linking(["a/7"])
    taken = take(frontier)
    assert taken[0] == "a/15" and taken.index("a/7") < 3


def test_that_one_more_page_links_to_it_tells_nothing_of_a_page_that_many_link_to() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    add(frontier, "a/1")
    add(frontier, "a/2")
    for _ in range(5):
        frontier.count_linking(["a/1"])
    for _ in range(50):
        frontier.count_linking(["a/2"])
    assert take(frontier) == ["a/1", "a/2"]


def test_a_better_link_to_a_queued_address_counts() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    add(frontier, "a")
    add(frontier, "b")
    add(frontier, "b", text="Contact")
    assert take(frontier) == ["b", "a"]


def test_without_interests_it_is_breadth_first() -> None:
    frontier = Frontier(database())
    add(frontier, "deep/services", depth=2)
    add(frontier, "a")
    add(frontier, "services")
    assert take(frontier) == ["a", "services", "deep/services"]


def test_an_address_that_was_put_back_was_not_begun() -> None:
    frontier = Frontier(database(), LOOKED_FOR)
    add(frontier, "a")
    for _ in range(3):
        entry = frontier.begin(kinds=ALL)
        assert entry is not None and frontier.attempts(entry.key) == 1
        frontier.put_back(entry.key)
    assert frontier.attempts("a") == 0


@given(st.lists(st.sampled_from(["services/", "news/", "contact/", "x/"]), max_size=20), st.integers(0, 20))
def test_the_order_is_the_same_after_an_interruption(paths: list[str], stopped_after: int) -> None:
    whole, cut = database(), database()
    for db in (whole, cut):
        frontier = Frontier(db, LOOKED_FOR)
        for number, path in enumerate(paths):
            add(frontier, f"{path}{number}")
            frontier.count_linking([f"{path}{number}" for number, path in enumerate(paths[: number // 2])])
    first = take(Frontier(cut, LOOKED_FOR), stopped_after)
    Frontier(cut, LOOKED_FOR).begin(kinds=ALL)  # in flight when the visit was killed
    assert first + take(Frontier(cut, LOOKED_FOR)) == take(Frontier(whole, LOOKED_FOR))


@pytest.mark.parametrize("rows", [30_000])
def test_the_next_address_is_found_without_reading_the_queue(tmp_path: Path, rows: int) -> None:
    db = database(str(tmp_path / "frontier"))
    frontier = Frontier(db, LOOKED_FOR)
    db.execute("BEGIN")
    for number in range(rows):
        add(frontier, f"{('services', 'news', 'x')[number % 3]}/{number}")
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    db.set_progress_handler(count, 1_000)
    take(frontier, 20)
    assert steps <= 20  # thousands of the database's instructions: far from one for each row


def test_a_queue_without_topics_is_gone_on_with() -> None:
    db = database()
    db.execute(
        "CREATE TABLE frontier (key TEXT PRIMARY KEY, url TEXT, kind TEXT, depth INTEGER, found_by TEXT,"
        " found_on INTEGER, text TEXT, priority REAL, state TEXT, attempts INTEGER, seq INTEGER)"
    )
    url = "https://portal.example/old"
    row = ("old", url, "page", 1, "link", None, "", 4.0, "queued", 0, 1)
    db.execute(f"INSERT INTO frontier VALUES ({', '.join('?' * len(row))})", row)
    frontier = Frontier(db, LOOKED_FOR)
    add(frontier, "contact")
    assert take(frontier) == ["contact", "old"]


def test_a_full_disk_can_be_told_across_processes(tmp_path: Path) -> None:
    error = StorageError(tmp_path, OSError(28, "No space left on device"))
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and "No space left" in str(again)
