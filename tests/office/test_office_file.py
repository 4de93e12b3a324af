"""office.toml: what it may say, and one line for each thing that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.office.office_file import (
    _BROKER,
    _OWN,
    OFFICE_FILE,
    DesksBroker,
    Office,
    OfficeBroker,
    OfficeFileError,
    load_office,
)

HOST = '[broker]\nhost = "broker.example"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "office.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_host_is_enough(tmp_path: Path) -> None:
    office = load_office(written(tmp_path, HOST))
    assert office.broker == OfficeBroker("broker.example")
    assert office.broker.tls == "yes", "what people do at work isn't sent for all to read"
    assert office.desks == DesksBroker()
    assert office.database_url == f"sqlite:///{tmp_path}/office.db"
    assert office.keep_weeks == 26


def test_the_office_of_the_computer_keeps_its_things_where_services_do() -> None:
    office = Office(OFFICE_FILE, OfficeBroker("x"), DesksBroker())
    assert office.database_url == "sqlite:////var/lib/unsit-office/office.db"


def test_all_of_it_is_read(tmp_path: Path) -> None:
    office = load_office(
        written(
            tmp_path,
            'name = "Harbour Street"\ndatabase = "postgresql://unsit@db/office"\nkeep_weeks = 8\n'
            '[broker]\nhost = "10.0.0.7"\nport = 8884\ntls = "no"\nca = "/etc/unsit/ca.pem"\nuser = "collector"\n'
            'password = "/etc/unsit/password"\nversion = "3.1.1"\ntopic = "floor/unsit"\n'
            '[desks]\nhost = "floor.example"\nport = 1884\ntls = "yes"\nca = "/etc/unsit/floor.pem"\n',
        )
    )
    assert office.name == "Harbour Street"
    assert office.database_url == "postgresql+psycopg://unsit@db/office", "by the driver that we ask for"
    assert office.broker == OfficeBroker(
        "10.0.0.7", 8884, "no", "/etc/unsit/ca.pem", "collector", "/etc/unsit/password", "3.1.1", "floor/unsit"
    )
    assert office.desks == DesksBroker("floor.example", 1884, "yes", "/etc/unsit/floor.pem")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "broker.host is missing"),
        ('broker = "x"', "broker = 'x'; allowed: a table, [broker]"),
        ('[broker]\nhost = "a b"', "broker.host = 'a b'; allowed: the name or address"),
        ("[broker]\nhost = 7", "broker.host = 7"),
        (f"{HOST}port = 70000", "broker.port = 70000; allowed: a whole number from 0 to 65535"),
        (f"{HOST}port = true", "broker.port = true"),
        (f'{HOST}tls = "maybe"', 'broker.tls = \'maybe\'; allowed: "yes" or "no"'),
        (f'{HOST}ca = "ca.pem"', "broker.ca = 'ca.pem'; allowed: the name of a file from the root on"),
        (f'{HOST}user = "a:b"', "broker.user"),
        (f'{HOST}topic = "unsit/#"', "broker.topic = 'unsit/#'; allowed: the beginning of all topics"),
        (f'{HOST}topic = "$SYS"', "broker.topic"),
        (f"{HOST}hots = 1", "there is no broker.hots; nearest: host"),
        (f"keep_weeks = 0\n{HOST}", "keep_weeks = 0; allowed: a whole number from 1 to 520"),
        (f'database = "office.db"\n{HOST}', "database = 'office.db'; allowed: a URL such as"),
        (f'database = "postgresql://u:Sec@ret@x/y"\n{HOST}', "in a password, %40 for @ and %2F for /"),
        (f'database = "postgresql://u:a@Sec/ret@x/y"\n{HOST}', "in a password, %40 for @ and %2F for /"),
        (f'database = "mysql://root:Secret@x/y"\n{HOST}', "database = what is written; allowed: a URL"),
        (f'[broke]\nhost = "x"\n{HOST}', "there is no broke; nearest: broker"),
        (f"{HOST}[desks]\nuser = 1", "there is no desks.user"),
        ("[broker", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_file_the_key_and_what_is_allowed(
    tmp_path: Path, text: str, says: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(OfficeFileError) as told:
        load_office(file)
    assert str(told.value).startswith(f"{file}: ")
    assert says in str(told.value)
    assert "Secret" not in str(told.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OfficeFileError, match="can't be read: No such file"):
        load_office(tmp_path / "office.toml")


def test_the_docs_name_every_key() -> None:
    says = (Path(__file__).parents[2] / "docs/office.md").read_text("utf-8")
    keys = [*_OWN, *(f"broker.{key}" for key in _BROKER), "desks.host"]
    assert [key for key in keys if f"`{key}`" not in says] == []
