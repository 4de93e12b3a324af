"""The office's database: who is enrolled, and the days and facts that desks have sent."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError

_PATIENCE_S = 5
"""How long to wait for another process that writes, or for a server."""
_LAYING_OUT = 0x756E736974
"""The number of an advisory lock of PostgreSQL."""
_READS, _ALONE = "unsit_reads", "unsit_alone"
"""Options of a connection: whether its transactions only read; whether it is in none."""

TABLES = sql.MetaData()
DESK = sql.Table(
    "desk", TABLES,
    sql.Column("id", sql.String(64), primary_key=True),
    sql.Column("since", sql.Date, primary_key=True),
    sql.Column("team", sql.String(64), nullable=False),
    sql.Column("gone", sql.Date),
)  # fmt: skip
"""A stay of a desk in a team. It holds the days from `since` on and before `gone`; NULL if it is still there."""
DAY = sql.Table(
    "day", TABLES,
    sql.Column("desk", sql.String(64), primary_key=True),
    sql.Column("day", sql.Date, primary_key=True),
    *(sql.Column(name, sql.Integer, nullable=False)
      for name in ("seated_min", "longest_min", "bouts", "breaks", "dues", "taken", "in_time")),
    sql.Column("came", sql.DateTime, nullable=False),
)  # fmt: skip
"""A desk's totals of a day. `came` is when it came here, in UTC."""
FACT = sql.Table(
    "fact", TABLES,
    sql.Column("desk", sql.String(64), primary_key=True),
    sql.Column("book", sql.String(8), primary_key=True),
    sql.Column("run", sql.BigInteger, primary_key=True),
    sql.Column("nth", sql.BigInteger, primary_key=True),
    sql.Column("fact", sql.String(64), nullable=False),
    sql.Column("at", sql.String(40), nullable=False),
    sql.Column("day", sql.Date, nullable=False, index=True),
    sql.Column("details", sql.Text, nullable=False),
)  # fmt: skip
"""A fact of a desk. `at` is local time with its offset, as the desk wrote it; `day` is its date."""
HEARD = sql.Table(
    "heard", TABLES,
    sql.Column("desk", sql.String(64), primary_key=True),
    sql.Column("book", sql.String(8), primary_key=True),
    sql.Column("run", sql.BigInteger),
    sql.Column("nth", sql.BigInteger),
    sql.Column("asked", sql.DateTime),
)  # fmt: skip
"""Up to where nothing of a book is missing; `asked` is when it was last ordered again, in UTC."""
TOLD = sql.Table(
    "told", TABLES,
    sql.Column("week", sql.Date, primary_key=True),
    sql.Column("says", sql.Text, nullable=False),
)  # fmt: skip
"""What the report has shown about a week, by its Monday: figures of teams, as JSON."""
_DESKS = (DAY.c.desk, FACT.c.desk, HEARD.c.desk, DESK.c.id)
"""The columns in which a desk is named."""
META = sql.Table("unsit", TABLES, sql.Column("layout", sql.Integer, primary_key=True))
LAYOUT = 1


class StoreError(Exception):
    """The database can't be used now; one line."""


class RowError(StoreError):
    """The database refuses a row, and always will; one line."""


@dataclass(frozen=True, slots=True, order=True)
class Membership:
    """A desk in a team: from `since` on and before `gone`."""

    desk: str
    since: date
    team: str
    gone: date | None


Row: TypeAlias = Mapping[str, Any]
"""A row by the names of its columns."""


class OfficeStore:
    """The database, on SQLite or PostgreSQL. Every method raises StoreError."""

    def __init__(self, url: str) -> None:
        """Nothing is opened yet."""
        try:
            self._engine = sql.create_engine(url, **_options(url))
        except ModuleNotFoundError as error:
            raise StoreError(f"the database takes {error.name}: pip install 'unsit[postgresql]'") from error
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            # What they say of it may have its password in it.
            raise StoreError("the database's URL makes no sense") from error
        # A password may stand in the query, too.
        self.shown = self._engine.url.set(query={}).render_as_string(hide_password=True)
        if self._is_sqlite:
            sql.event.listen(self._engine, "connect", _as_wal)
            sql.event.listen(self._engine, "begin", _begin)

    @property
    def _is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def lay_out(self) -> None:
        """Make the tables that aren't there."""
        with self._telling():
            if self._is_sqlite and self._engine.url.database:
                _make_for_owner(Path(self._engine.url.database))
        with self.changing() as connection:
            if not self._is_sqlite:
                # Others may do the same at this moment; PostgreSQL would say that a type is there already.
                connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_LAYING_OUT)))
            TABLES.create_all(connection)
            found = connection.execute(sql.select(META.c.layout)).scalars().all()
            if not found:
                self.insert(connection, META, [{"layout": LAYOUT}])
        if found and max(found) > LAYOUT:
            raise StoreError(f"{self.shown}: is of a newer Unsit: layout {max(found)}, this one knows {LAYOUT}")

    def close(self) -> None:
        """Close all connections; the next call opens one again."""
        self._engine.dispose()

    # ---- desks

    def stays(self) -> Sequence[Membership]:
        """Every stay of every desk, in order."""
        with self.reading() as connection:
            rows = connection.execute(sql.select(DESK).order_by(DESK.c.id, DESK.c.since)).all()
        return [Membership(row.id, row.since, row.team, row.gone) for row in rows]

    def enrolled(self, among: Collection[str] | None = None) -> Mapping[str, date]:
        """The desks that are enrolled now, all or some, and the first day from which anything of them is stored."""
        asked = sql.select(DESK.c.id, DESK.c.since, DESK.c.gone).order_by(DESK.c.id, DESK.c.since)
        if among is not None:
            asked = asked.where(DESK.c.id.in_(among))
        with self.reading() as connection:
            stays = connection.execute(asked).all()
        first: dict[str, date] = {}
        gone: dict[str, date | None] = {}
        for desk, since, until in stays:
            # A move to another team is no gap; what is from before a gap is stored already, or never.
            if gone.get(desk) != since:
                first[desk] = since
            gone[desk] = until
        return {desk: since for desk, since in first.items() if gone[desk] is None}

    def enrol(self, desk: str, team: str, today: date) -> None:
        """From today on the desk is in that team; if it was in another, it leaves that one."""
        with self.changing() as connection:
            self._close_stay(connection, desk, today)
            self.insert(connection, DESK, [{"id": desk, "since": today, "team": team, "gone": None}])
            same_day = (DESK.c.id == desk) & (DESK.c.since == today)
            connection.execute(sql.update(DESK).where(same_day).values(team=team, gone=None))

    def leave(self, desk: str, today: date) -> None:
        """From today on nothing more of the desk is stored; what is there stays until it is old."""
        with self.changing() as connection:
            self._close_stay(connection, desk, today)

    def knows(self, desk: str) -> bool:
        """Whether anything is stored of it."""
        with self.reading() as connection:
            asked = (sql.select(each).where(each == desk).limit(1) for each in _DESKS)
            return any(connection.execute(each).all() for each in asked)

    def delete_desk(self, desk: str) -> int:
        """Delete all that is known of the desk; returns how many rows that was."""
        with self.changing() as connection:
            return sum(connection.execute(sql.delete(each.table).where(each == desk)).rowcount for each in _DESKS)

    # ---- days and facts

    def add(self, days: Sequence[Row], facts: Sequence[Row]) -> None:
        """Store them; those that are there already stay as they are."""
        with self.changing() as connection:
            self.insert(connection, DAY, days)
            self.insert(connection, FACT, facts)

    def days(self, since: date, before: date) -> Sequence[sql.Row[Any]]:
        """The days of those dates, each with `team`, the one that its desk was in on that day."""
        stay = (DESK.c.id == DAY.c.desk) & (DESK.c.since <= DAY.c.day)
        stay &= DESK.c.gone.is_(None) | (DESK.c.gone > DAY.c.day)
        asked = sql.select(DAY, DESK.c.team).join(DESK, stay).where(DAY.c.day >= since, DAY.c.day < before)
        with self.reading() as connection:
            return connection.execute(asked.order_by(DAY.c.day, DAY.c.desk)).all()

    def delete_before(self, oldest: date) -> int:
        """Delete days and facts from before that date, and stays that had ended; returns how many rows that was."""
        old = [(DAY, DAY.c.day), (FACT, FACT.c.day), (DESK, DESK.c.gone)]
        with self.changing() as connection:
            count = sum(connection.execute(sql.delete(table).where(column < oldest)).rowcount for table, column in old)
            left = sql.delete(HEARD).where(HEARD.c.desk.not_in(sql.select(DESK.c.id)))
            return count + connection.execute(left).rowcount

    def days_before(self, oldest: date) -> Sequence[date]:
        """From which days before that date there is anything about any desk."""
        with self.reading() as connection:
            return connection.execute(sql.select(DAY.c.day).where(DAY.c.day < oldest).distinct()).scalars().all()

    # ---- told weeks

    def told(self, monday: date) -> str | None:
        """What was told about that week; None if nothing was."""
        with self.reading() as connection:
            return connection.execute(sql.select(TOLD.c.says).where(TOLD.c.week == monday)).scalar()

    def keep_told(self, monday: date, says: str) -> str:
        """Keep what is told about that week; returns what was kept, which may be what another process told."""
        with self.changing() as connection:
            self.insert(connection, TOLD, [{"week": monday, "says": says}])
            return str(connection.execute(sql.select(TOLD.c.says).where(TOLD.c.week == monday)).scalar_one())

    def delete_told_before(self, oldest: date) -> None:
        """Delete what was told about weeks from before that date."""
        with self.changing() as connection:
            connection.execute(sql.delete(TOLD).where(TOLD.c.week < oldest))

    def scrub(self) -> None:
        """Leave nothing of deleted rows in the database's files. It takes a moment, in which nobody else can write."""
        with self._telling(), self._engine.connect() as connection:
            if not self._is_sqlite:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                alone.exec_driver_sql(f"VACUUM FULL {', '.join(TABLES.tables)}")
                return
            connection.execution_options(**{_ALONE: True})
            for order in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.exec_driver_sql(order)

    # ---- within

    def insert(self, connection: sql.Connection, table: sql.Table, rows: Sequence[Row]) -> None:
        """Insert those rows whose key isn't there, within a transaction."""
        if rows:
            insert = sqlite.insert if self._is_sqlite else postgresql.insert
            keys = [column.name for column in table.primary_key]
            # Two that insert the same rows in different orders would wait for each other.
            ordered = sorted(rows, key=lambda row: [row[key] for key in keys])
            connection.execute(insert(table).on_conflict_do_nothing(), ordered)

    @staticmethod
    def _close_stay(connection: sql.Connection, desk: str, today: date) -> None:
        there = (DESK.c.id == desk) & DESK.c.gone.is_(None)
        connection.execute(sql.update(DESK).where(there).values(gone=today))

    @contextmanager
    def changing(self) -> Iterator[sql.Connection]:
        """A transaction for several changes: all of them happen, or none."""
        with self._telling(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """A transaction that changes nothing, and keeps nobody else from it."""
        with self._telling(), self._engine.connect() as connection:
            yield connection.execution_options(**{_READS: True})

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind = RowError if isinstance(error, DataError | IntegrityError) else StoreError
            raise kind(f"{self.shown}: {(str(error.orig) or type(error.orig).__name__).splitlines()[0]}") from error
        except OSError as error:
            raise StoreError(f"{self.shown}: {error.strerror or error}") from error


def _options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": _PATIENCE_S}}
    # A server that is gone without a word is noticed.
    gone = {"connect_timeout": _PATIENCE_S, "tcp_user_timeout": 20_000, "keepalives_idle": 10}
    return {"pool_pre_ping": True, "connect_args": gone}


def _as_wal(connection: Any, _: object) -> None:
    # The driver's own way of beginning a transaction would let two that have read wait for each other's write.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # What is committed is acknowledged, so it must be on the disk.
    connection.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten.
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: sql.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_ALONE):
        connection.exec_driver_sql("BEGIN" if options.get(_READS) else "BEGIN IMMEDIATE")


def _make_for_owner(file: Path) -> None:
    """Make the file, for its owner's eyes; if root does so, for the owner of the folder."""
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return
    try:
        if os.geteuid() == 0:
            folder = os.stat(file.parent)
            os.fchown(opened, folder.st_uid, folder.st_gid)
    finally:
        os.close(opened)
