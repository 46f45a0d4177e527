"""The history of all runs, in SQLite by default, in any database that SQLAlchemy reaches by its URL.

What a run saw and judged stands in its own files; the store knows which runs there are, how far each step
came, the answers of agencies and analysts, and the findings and scores by which runs are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import (
    DateTime,
    ForeignKey,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    select,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from indicators.records import Answer, Finding
from indicators.scoring import VIEWS, PortalScores

Step = Literal["crawl", "measure", "detect", "score", "report"]
PORTAL_STEPS: tuple[Step, ...] = ("crawl", "measure", "detect", "score")
STEPS: tuple[Step, ...] = (*PORTAL_STEPS, "report")
State = Literal["pending", "running", "done", "failed"]

WHOLE_RUN = ""
"""In place of a portal id: the step is of the run as a whole (the report)."""


class UtcTime(TypeDecorator[datetime]):
    """Keeps times as UTC; SQLite would forget the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: object) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, _dialect: object) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcTime}  # noqa: RUF012  SQLAlchemy's own form


class RunRow(Base):
    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    province: Mapped[str]
    agencies_file: Mapped[str]
    model: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class StepRow(Base):
    __tablename__ = "steps"

    run: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    portal: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cpu_seconds: Mapped[float | None]


class AnswerRow(Base):
    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("province", "portal", "question", "indicator", "source", "batch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(index=True)
    portal: Mapped[str]
    indicator: Mapped[str]
    question: Mapped[str]
    source: Mapped[str]
    option: Mapped[str | None]
    points: Mapped[float | None]
    who: Mapped[str]
    at: Mapped[datetime | None]
    note: Mapped[str]
    batch: Mapped[str]


class FindingRow(Base):
    __tablename__ = "findings"

    run: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    portal: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str | None]
    reason: Mapped[str]
    confidence: Mapped[float]
    detector: Mapped[str]
    version: Mapped[int]


class ScoreRow(Base):
    __tablename__ = "scores"

    run: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    portal: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    view: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[float]
    maximum: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    coverage: Mapped[float]


class Store:
    """All that is known of runs. One instance per process."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url)
        if url.startswith("sqlite"):
            event.listen(self.engine, "connect", _prepare_sqlite)
        Base.metadata.create_all(self.engine)

    @classmethod
    def at(cls, home: Path) -> Store:
        """The store of a folder of runs; the folder is made if it is missing."""
        home.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{home / 'dargah.sqlite'}")

    def close(self) -> None:
        self.engine.dispose()

    # runs

    def add_run(
        self,
        run_id: str,
        *,
        province: str,
        agencies_file: str,
        model: str,
        portals: Sequence[str],
        at: datetime,
    ) -> None:
        with Session(self.engine) as session, session.begin():
            session.add(
                RunRow(
                    id=run_id,
                    province=province,
                    agencies_file=agencies_file,
                    model=model,
                    started_at=at,
                )
            )
            session.flush()
            places = [(p, s) for p in portals for s in PORTAL_STEPS] + [(WHOLE_RUN, "report")]
            session.add_all(
                StepRow(run=run_id, portal=portal, step=step, position=position, state="pending")
                for position, (portal, step) in enumerate(places)
            )

    def runs(self) -> list[RunRow]:
        """Newest first."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(RunRow).order_by(RunRow.started_at.desc(), RunRow.id.desc())))

    def run(self, run_id: str) -> RunRow | None:
        with Session(self.engine, expire_on_commit=False) as session:
            return session.get(RunRow, run_id)

    def finish_run(self, run_id: str, at: datetime | None) -> None:
        with Session(self.engine) as session, session.begin():
            row = session.get_one(RunRow, run_id)
            row.finished_at = at

    # steps

    def steps(self, run_id: str) -> list[StepRow]:
        """In the order of the portals in agencies.yaml, then of the steps."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(
                session.scalars(select(StepRow).where(StepRow.run == run_id).order_by(StepRow.position))
            )

    def portals(self, run_id: str) -> list[str]:
        return list(dict.fromkeys(s.portal for s in self.steps(run_id) if s.portal != WHOLE_RUN))

    def set_step(
        self,
        run_id: str,
        portal: str,
        step: Step,
        state: State,
        *,
        at: datetime,
        reason: str = "",
        cpu_seconds: float | None = None,
    ) -> None:
        with Session(self.engine) as session, session.begin():
            row = session.get_one(StepRow, (run_id, portal, step))
            row.state, row.reason = state, reason
            if state == "running":
                row.started_at, row.finished_at = at, None
            else:
                row.finished_at = at if state in ("done", "failed") else None
                row.cpu_seconds = cpu_seconds

    # answers

    def add_answers(self, province: str, answers: Iterable[Answer], *, batch: str) -> int:
        """Keeps a batch of answers, all of them or, on any error, none. Returns how many."""
        rows = [
            AnswerRow(province=province, batch=batch, **a.model_dump(exclude={"source"}), source=a.source)
            for a in answers
        ]
        with Session(self.engine) as session, session.begin():
            session.add_all(rows)
        return len(rows)

    def answers(self, province: str) -> list[Answer]:
        """All answers of a province, oldest first: where one was given twice, the later one stands."""
        with Session(self.engine) as session:
            rows = session.scalars(
                select(AnswerRow).where(AnswerRow.province == province).order_by(AnswerRow.id)
            )
            return [
                Answer.model_validate({name: getattr(row, name) for name in Answer.model_fields})
                for row in rows
            ]

    def batches(self, province: str) -> set[str]:
        with Session(self.engine) as session:
            query = select(AnswerRow.batch).where(AnswerRow.province == province).distinct()
            return set(session.scalars(query))

    # results

    def keep_findings(self, run_id: str, portal: str, findings: Iterable[Finding]) -> None:
        with Session(self.engine) as session, session.begin():
            session.execute(delete(FindingRow).where(FindingRow.run == run_id, FindingRow.portal == portal))
            session.add_all(
                FindingRow(
                    run=run_id,
                    portal=portal,
                    indicator=f.indicator,
                    answer=f.answer,
                    reason=f.reason,
                    confidence=f.confidence,
                    detector=f.detector,
                    version=f.version,
                )
                for f in findings
            )

    def keep_scores(self, run_id: str, scores: PortalScores) -> None:
        with Session(self.engine) as session, session.begin():
            session.execute(delete(ScoreRow).where(ScoreRow.run == run_id, ScoreRow.portal == scores.portal))
            session.add_all(
                ScoreRow(
                    run=run_id,
                    portal=scores.portal,
                    stage=stage,
                    view=view,
                    **points[view].model_dump(exclude={"answered", "indicators"}),
                )
                for stage, points in scores.stages.items()
                for view in VIEWS
            )

    def scores(self, run_id: str) -> list[ScoreRow]:
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(ScoreRow).where(ScoreRow.run == run_id)))


def _prepare_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()
