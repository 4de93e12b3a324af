"""`make user-data`: what it writes is well-formed, the same from the same sources, and refuses what can't be."""

from __future__ import annotations

import base64
import io
import lzma
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import textwrap
from pathlib import Path

import pytest

from systemd.making.description import described
from systemd.making.early_pictures import LANGUAGES, early_screens
from systemd.making.user_data import UserDataAsked, UserDataError, asked_of, built_wheel, make, network_config
from tests.check_unit import PROJECT, scratch_root, verify
from tests.tools import takes

WIFI = {"WIFI_NAME": "Haus am See", "WIFI_PASSWORD": "sieben Zwerge", "COUNTRY": "DE"}
VARIANTS = [
    {},
    {"NAME": "desk-2", "LANGUAGE": "de", "TIMEZONE": "Europe/Berlin", "PAGE": "house"},
    {"WIFI_NAME": "\"': {[$x`é", "WIFI_PASSWORD": "\\\"'#: $(x)`&%", "COUNTRY": "CH"},
]


def made(told: dict[str, str], to: Path) -> Path:
    """The folder with what is written for that."""
    list(make(asked_of(told), to))
    return to


def unpacked(user_data: Path, to: Path) -> Path:
    """What the set-up finds."""
    found = re.search(r"encoding: b64\n    content: \|\n((?: {6}.*\n)+)", user_data.read_text("utf-8"))
    assert found
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(base64.b64decode(found[1])))) as tar:
        tar.extractall(to, filter="data")
    return to


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is written when nothing is asked for."""
    return made({}, tmp_path_factory.mktemp("plain") / "made")


@takes({"cloud-init": "cloud-init"})
@pytest.mark.parametrize("told", VARIANTS)
def test_cloud_init_finds_nothing_wrong_with_it(told: dict[str, str], tmp_path: Path) -> None:
    folder = made(told, tmp_path / "made")
    asked = subprocess.run(
        ["cloud-init", "schema", "--config-file", str(folder / "user-data")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert "Valid" in asked.stdout


@takes({"shellcheck": "shellcheck"})
def test_shellcheck_finds_nothing_wrong_with_the_command_in_it(plain: Path) -> None:
    command = (plain / "user-data").read_text("utf-8").partition("\n  - |\n")[2].partition("\n\n")[0]
    assert command.lstrip().startswith("if [ ! -e /var/lib/unsit-set-up/done ]")
    asked = subprocess.run(
        ["shellcheck", "--shell=sh", "-"], input=textwrap.dedent(command), capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stdout


@takes({"systemd-analyze": "systemd"})
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    root = scratch_root(tmp_path)
    shutil.copy(PROJECT / "systemd/first_boot/unsit-set-up.service", root / "etc/systemd/system")
    assert verify(root, "unsit-set-up.service") == ""


def test_the_same_sources_give_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    again = made({}, tmp_path / "again")
    assert {file.name: file.read_bytes() for file in again.iterdir()} == {
        file.name: file.read_bytes() for file in plain.iterdir()
    }
    assert {file.name for file in plain.iterdir()} == {"user-data", "meta-data"}


def test_it_brings_all_that_is_installed_and_all_pictures(plain: Path, tmp_path: Path) -> None:
    laid = unpacked(plain / "user-data", tmp_path)
    for part in described().parts.values():
        for source in [part.libraries, *(file.source for file in part.files if file.kind != "link")]:
            assert (laid / source.relative_to(PROJECT)).read_bytes() == source.read_bytes()
    pictures = {f"{screen.name}.{language}" for screen in early_screens() for language in LANGUAGES}
    assert {file.name for file in (laid / "pictures").iterdir()} >= pictures
    ran = subprocess.run(
        ["bash", "-c", "source systemd/install.sh; described boot_config; ls \"$sources\"/unsit-*.whl"],
        cwd=laid, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines() == [*described().boot_config, str(next(laid.glob("unsit-*.whl")))]


def test_the_wheel_in_it_is_the_one_of_these_sources(plain: Path, tmp_path: Path) -> None:
    laid = unpacked(plain / "user-data", tmp_path / "laid")
    (tmp_path / "venv").mkdir()
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target"]
    for nth, wheel in enumerate((next(laid.glob("*.whl")), built_wheel(tmp_path / "venv"))):
        subprocess.run([*install, str(tmp_path / str(nth)), str(wheel)], check=True)
    ours, theirs = (
        {str(file.relative_to(tmp_path / nth)): file.read_bytes() for file in (tmp_path / nth).rglob("*.toml")}
        for nth in "01"
    )
    assert ours == theirs
    assert ours


def test_a_password_of_the_wifi_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = made(WIFI, tmp_path / "made")
    assert stat.S_IMODE((folder / "network-config").stat().st_mode) == 0o600
    for file in folder.iterdir():
        assert (WIFI["WIFI_PASSWORD"] in file.read_text("utf-8")) == (file.name == "network-config")


def test_any_letters_of_a_wifi_are_told_as_they_are() -> None:
    asked = asked_of(VARIANTS[2])
    text = network_config(asked)
    assert '        "\\"\': {[$x`é":\n          password: "\\\\\\"\'#: $(x)`&%"\n' in text


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"NAME": "a b"}, "NAME='a b'; allowed: up to 63 of a to z, 0 to 9 and hyphens, with no hyphen at either end"),
        ({"NAME": "-a"}, "NAME='-a'; allowed: "),
        ({"NAME": "a" * 64}, "NAME='" + "a" * 60 + "'; allowed: up to 63"),
        ({"NAME": "Ünsit\n"}, "NAME='Ünsit\\n'; allowed: "),
        ({"LANGUAGE": "fr"}, "LANGUAGE='fr'; allowed: en or de"),
        ({"PAGE": "world"}, "PAGE='world'; allowed: house or this-computer"),
        ({"TIMEZONE": "Mars"}, "TIMEZONE='Mars'; allowed: a name such as Europe/Berlin"),
        ({"WHEELS": "true"}, "WHEELS='true'; allowed: yes"),
        ({**WIFI, "WIFI_NAME": "x" * 33}, "WIFI_NAME="),
        ({**WIFI, "WIFI_PASSWORD": "funf5"}, "WIFI_PASSWORD has 5 characters; allowed: 8 to 63 of ASCII, or 64"),
        ({**WIFI, "WIFI_PASSWORD": ""}, "WIFI_PASSWORD has 0 characters"),
        ({**WIFI, "WIFI_PASSWORD": "fünfzehn"}, "WIFI_PASSWORD has letters that aren't ASCII; allowed: 8 to 63"),
        ({**WIFI, "COUNTRY": "XX"}, "COUNTRY='XX'; allowed: the country that it stands in, in two capitals such as DE"),
        ({**WIFI, "COUNTRY": ""}, "COUNTRY=''; allowed: "),
        ({"COUNTRY": "DE"}, "COUNTRY goes with WIFI_NAME, which is missing"),
        ({"WIFI_PASSWORD": "sieben Zwerge"}, "WIFI_PASSWORD goes with WIFI_NAME, which is missing"),
    ],
)
def test_what_cant_be_is_refused_in_one_line(told: dict[str, str], line: str) -> None:
    with pytest.raises(UserDataError) as refused:
        asked_of(told)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def asked_by_make(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask for a thing that is refused, as its user would, in the environment of somebody else's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "user-data", f"ENVIRONMENT={sys.prefix}", *words],
        cwd=PROJECT,
        env={**environment, "LANGUAGE": "en_GB:en", "NAME": "SOME PC"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_hands_over_each_letter_and_nothing_of_the_environment() -> None:
    said = asked_by_make("PAGE=$x `y` \"'\\").stderr.splitlines()
    assert said[0] == "PAGE='$x `y` \"\\'\\\\'; allowed: house or this-computer"


def test_nothing_is_asked_for_by_default() -> None:
    assert asked_of({}) == UserDataAsked()
