"""The databases that an office may have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.office.store import TABLES, OfficeStore
from tests.postgres import BIN, Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that runs."""
    if BIN is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL here; sudo apt install postgresql")
    server = Postgres().start()
    yield server
    server.stop()
    server.delete()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The URL of an empty database there."""
    with closing(OfficeStore(postgres.url)) as store, store.changing() as connection:
        TABLES.drop_all(connection)
    return postgres.url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/office.db"
    asked: str = request.getfixturevalue("postgres_url")
    return asked


@pytest.fixture
def store(url: str) -> Iterator[OfficeStore]:
    """An empty database, laid out."""
    with closing(OfficeStore(url)) as made:
        made.lay_out()
        yield made
