"""Writes what a stock Raspberry Pi OS reads at its first start, so that it becomes an Unsit: `make user-data`.

What is asked for comes from the environment, as the Makefile hands it over: ASKED_NAME and so on.
"""

from __future__ import annotations

import base64
import io
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import zipfile
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from device import __version__
from device.files.complaint import OneLineError
from systemd.making.countries import COUNTRIES
from systemd.making.description import SYSTEMD, described
from systemd.making.early_pictures import LANGUAGES, write_pictures
from systemd.making.python_packages import wheel

PROJECT = SYSTEMD.parent
PLACE = PROJECT / "dist/user-data"
_FIRST_BOOT = SYSTEMD / "first_boot"
REACHES = ("house", "this-computer")

_PYTHON = "3.13"
"""That of Debian 13, and so of Raspberry Pi OS Trixie."""
_PLATFORMS = [f"manylinux_2_{glibc}_aarch64" for glibc in range(17, 42)]
_EARLIEST_IN_A_ZIP = 315532800
_NOT_INSTALLED = ("first_boot", "image", "debian", "__pycache__")
"""The folders of systemd/ that systemd/install.sh doesn't read."""


class UserDataError(OneLineError):
    """What was asked for can't be: one line with what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class UserDataAsked:
    """What goes into the files."""

    name: str = "unsit"
    language: str = ""
    page: str = ""
    timezone: str = ""
    wifi_name: str = ""
    wifi_password: str = ""
    country: str = ""
    wheels: bool = False


def asked_of(told: Mapping[str, str]) -> UserDataAsked:
    """What the variables of the Makefile ask for. Raises UserDataError."""
    asked = UserDataAsked(
        name=told.get("NAME") or "unsit",
        language=told.get("LANGUAGE", ""),
        page=told.get("PAGE", ""),
        timezone=told.get("TIMEZONE", ""),
        wifi_name=told.get("WIFI_NAME", ""),
        wifi_password=told.get("WIFI_PASSWORD", ""),
        country=told.get("COUNTRY", ""),
        wheels=told.get("WHEELS", "") == "yes",
    )
    if not re.fullmatch("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", asked.name):
        raise _wrong("NAME", asked.name, "up to 63 of a to z, 0 to 9 and hyphens, with no hyphen at either end")
    _one_of("LANGUAGE", asked.language, LANGUAGES)
    _one_of("PAGE", asked.page, REACHES)
    _one_of("WHEELS", told.get("WHEELS", ""), ("yes",))
    if asked.timezone and asked.timezone not in zoneinfo.available_timezones():
        raise _wrong("TIMEZONE", asked.timezone, "a name such as Europe/Berlin")
    _check_wifi(asked)
    return asked


def _check_wifi(asked: UserDataAsked) -> None:
    if not asked.wifi_name:
        for name, value in (("WIFI_PASSWORD", asked.wifi_password), ("COUNTRY", asked.country)):
            if value:
                raise UserDataError(f"{name} goes with WIFI_NAME, which is missing")
        return
    if len(asked.wifi_name.encode()) > 32 or not asked.wifi_name.isprintable():
        raise _wrong("WIFI_NAME", asked.wifi_name, "1 to 32 bytes, none of them a control character")
    if not re.fullmatch("[ -~]{8,63}|[0-9a-fA-F]{64}", asked.wifi_password):
        # Its letters are nobody's business.
        length = len(asked.wifi_password)
        has = f"{length} characters" if re.fullmatch("[ -~]*", asked.wifi_password) else "letters that aren't ASCII"
        raise UserDataError(f"WIFI_PASSWORD has {has}; allowed: 8 to 63 of ASCII, or 64 of 0-9 and a-f")
    if asked.country not in COUNTRIES:
        raise _wrong("COUNTRY", asked.country, "the country that it stands in, in two capitals such as DE")


def _one_of(name: str, value: str, allowed: Iterable[str]) -> None:
    if value and value not in allowed:
        raise _wrong(name, value, " or ".join(allowed))


def _wrong(name: str, value: str, allowed: str) -> UserDataError:
    return UserDataError(f"{name}={value[:60]!r}; allowed: {allowed}")


# ---- the files


def user_data(asked: UserDataAsked, archive: bytes) -> str:
    """The text of user-data, with that archive in it."""
    template = Template((_FIRST_BOOT / "user-data.yaml").read_text("utf-8"))
    return template.substitute(
        version=__version__,
        name=asked.name,
        timezone=f"timezone: {asked.timezone}\n" if asked.timezone else "",
        unit=_indented((_FIRST_BOOT / "unsit-set-up.service").read_text("utf-8")),
        archive=_indented(base64.encodebytes(archive).decode("ascii")),
    )


def _indented(text: str) -> str:
    return textwrap.indent(text, " " * 6).strip()


def meta_data() -> str:
    """The text of meta-data: that all is on the card, and a name of our own, so that a card in use begins anew too."""
    return "dsmode: local\ninstance-id: unsit-set-up\n"


def network_config(asked: UserDataAsked) -> str:
    """The text of network-config, with the Wi-Fi."""
    # A text as JSON has it is one in YAML as well, whatever is in it.
    name, password = (json.dumps(text, ensure_ascii=False) for text in (asked.wifi_name, asked.wifi_password))
    return f"""\
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
      optional: true
  wifis:
    wlan0:
      dhcp4: true
      optional: true
      regulatory-domain: {json.dumps(asked.country)}
      access-points:
        {name}:
          password: {password}
"""


def settings(asked: UserDataAsked) -> str:
    """The text of the settings file, which whoever has the card may go on with."""
    return (
        f'# The settings of Unsit: README.md of the sources has them all.\n\n[screens]\nlanguage = "{asked.language}"\n'
    )


def archive_of(asked: UserDataAsked, built: Path) -> bytes:
    """What is unpacked at the first start. The same sources give the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        laid = Path(folder)
        _store(built, laid / built.name)
        shutil.copytree(SYSTEMD, laid / "systemd", ignore=lambda _, names: [n for n in names if n in _NOT_INSTALLED])
        shutil.copy(_FIRST_BOOT / "set_up.py", laid)
        write_pictures(laid / "pictures")
        order = {"version": __version__, "language": asked.language or "en", "page": asked.page}
        (laid / "order.json").write_text(json.dumps(order), "utf-8")
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for file in sorted(laid.rglob("*")):
                tar.add(file, str(file.relative_to(laid)), recursive=False, filter=_of_nobody)
    return lzma.compress(packed.getvalue(), check=lzma.CHECK_SHA256, preset=9)


def _of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() else 0o644
    return member


def _store(built: Path, to: Path) -> None:
    """The wheel without its own compression, so that xz gets all of it: that is a third less."""
    with zipfile.ZipFile(built) as packed, zipfile.ZipFile(to, "w") as stored:
        for member in sorted(packed.infolist(), key=lambda member: member.filename):
            stored.writestr(zipfile.ZipInfo(member.filename), packed.read(member))


# ---- making them


def built_wheel(folder: Path) -> Path:
    """The wheel of the sources as they are."""
    # From a copy, since what builds it leaves files where the sources are.
    sources = folder / "sources"
    sources.mkdir()
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, sources)
    for name in ("device", "hardware"):
        shutil.copytree(PROJECT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
    return wheel(sources, folder, _EARLIEST_IN_A_ZIP)


def fetch_wheels(asked: UserDataAsked, to: Path) -> None:
    """The libraries, for a Pi that won't have a network. Raises UserDataError."""
    parts = ["device", *(["page"] if asked.page else [])]
    libraries = [described().parts[part].libraries for part in parts]
    # pip takes hashes from all files at once, or from none.
    platforms = [word for platform in _PLATFORMS for word in ("--platform", platform)]
    _pip(
        *("download", "--dest", str(to), "--no-deps", "--require-hashes", "--only-binary=:all:"),
        *("--python-version", _PYTHON, *platforms),
        *(word for file in libraries for word in ("--requirement", str(file))),
    )


def _pip(*words: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise UserDataError(f"pip {words[0]} went wrong: {ran.stdout.strip().splitlines()[-1]}")


def make(asked: UserDataAsked, to: Path = PLACE) -> Iterator[str]:
    """Write the files into a folder of their own, and say what to do with them. Raises UserDataError."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = archive_of(asked, built_wheel(Path(folder)))
    (to / "user-data").write_text(user_data(asked, archive), "utf-8")
    (to / "meta-data").write_text(meta_data(), "utf-8")
    shown = to.relative_to(PROJECT) if to.is_relative_to(PROJECT) else to
    yield f"In {shown}, for the card's first partition; {_in_words(asked)}:"
    yield "  user-data      Unsit, and how it is set up"
    yield "  meta-data      that all of it is on the card"
    if asked.language:
        (to / "unsit.toml").write_text(settings(asked), "utf-8")
        yield "  unsit.toml     the settings"
    if asked.wifi_name:
        secret = to / "network-config"
        secret.touch(0o600)
        secret.write_text(network_config(asked), "utf-8")
        yield "  network-config the Wi-Fi; its password can be read there, and on the card, by whoever holds it"
    if asked.wheels:
        fetch_wheels(asked, to / "unsit")
        yield "  unsit          the libraries, so that it needs no network; a folder"


def _in_words(asked: UserDataAsked) -> str:
    # A variable with a slip in its name would else go unnoticed till the card has been written.
    page = (
        f"with the page for {'the house' if asked.page == 'house' else 'this computer'}"
        if asked.page
        else "without the page"
    )
    wifi = f"for the Wi-Fi {asked.wifi_name}" if asked.wifi_name else "without a Wi-Fi of its own"
    return f"named {asked.name}, {page}, {wifi}, in {asked.timezone or 'the time zone of the system'}"


def main() -> int:
    """Do what the environment asks for; 64 if that can't be."""
    told = {name.removeprefix("ASKED_"): value for name, value in os.environ.items() if name.startswith("ASKED_")}
    try:
        for line in make(asked_of(told)):
            print(line)
    except UserDataError as error:
        print(error, file=sys.stderr)
        return 64
    return 0


if __name__ == "__main__":
    sys.exit(main())
