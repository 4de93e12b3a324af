"""The packages in fresh Debians: installed, used, upgraded, taken back, removed and purged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.package.debians import Debian, Kind, fresh
from tests.package.versions import ALL, LIVED, NEWER, OLDER, apt_installs, packages_of, version_here

pytestmark = pytest.mark.package
HERE = version_here()
KINDS = (Kind("trixie", "amd64"), Kind("forky", "amd64"), Kind("trixie", "arm64"), Kind("trixie", "armhf"))
_SETTINGS = "[limits]\npreset = 'hourly'\n[page]\nport = 8099\n"


def kept_files(debian: Debian) -> str:
    """What a person would miss, in a line each."""
    return debian.says("sha256sum /etc/unsit/unsit.toml /var/lib/unsit/journal.db; cat /etc/unsit/calendars/work")


@pytest.fixture(scope="module", params=KINDS, ids=str)
def bare(request: pytest.FixtureRequest, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Debian:
    """One that never heard of Unsit."""
    return fresh(request.param, tmp_path_factory.mktemp("bare") / "changes", packages)


@pytest.fixture(scope="module")
def older(bare: Debian, tmp_path_factory: pytest.TempPathFactory) -> Debian:
    """It has the version before this one, with settings, the address of a calendar, and a journal."""
    older = bare.above(tmp_path_factory.mktemp("older") / "changes")
    said = older.says(
        f"mkdir -p /etc/unsit && printf {_SETTINGS!r} >/etc/unsit/unsit.toml\n{apt_installs(OLDER)}"
        f"echo an-address >/etc/unsit/calendars/work\n{LIVED}"
    )
    assert "sudo unsit meetings add work" in said
    return older


@pytest.fixture
def debian(older: Debian, tmp_path: Path) -> Debian:
    """The same, to be changed."""
    return older.above(tmp_path / "changes")


def test_it_runs_and_all_of_it_is_compiled(debian: Debian) -> None:
    assert debian.says("unsit --version").strip() == f"unsit {OLDER}"
    assert "hip_lunge" in debian.says("unsit stretches")
    assert 'preset = "hourly"' in debian.says("unsit settings")
    assert "That was an hour at the desk" in debian.says("unsit demo")
    assert "No calendar is named" in debian.says("unsit meetings")
    assert "No broker is named" in debian.says("unsit mqtt")
    sources, compiled = debian.says(
        f"cd /usr/lib/unsit/{OLDER}; find . -name '*.py' | wc -l; find . -name '*.pyc' | wc -l"
    ).split()
    assert int(sources) == int(compiled) > 300
    asks = "from gpiozero import Device; from importlib.metadata import entry_points as e"
    asks += "; print(e(group='gpiozero_pin_factories', name='gpiod'), Device.__module__)"
    assert "hardware.gpio" in debian.says(f'/usr/lib/unsit/current/python -c "{asks}"')


def test_the_page_answers_and_calendars_are_read_by_a_process_of_their_own(debian: Debian) -> None:
    looks = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8099/').status)"
    said = debian.says(
        "unsit page & page=$!; for n in $(seq 60); do sleep 1; "
        f'python3 -c "{looks}" 2>/dev/null && break; done; kill $page'
    )
    assert "\n200\n" in f"\n{said}\n"
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "DTSTART:20300101T100000Z", "END:VEVENT", "END:VCALENDAR")
    calendar = "\\n".join(lines)
    said = debian.says(
        f"printf '{calendar}' >/srv/team.ics; install -d -o unsit-meetings -g unsit-meetings /var/lib/unsit-meetings; "
        "unsit meetings refresh --set 'meetings.calendar=[\"/srv/team.ics\"]'"
    )
    assert "team" in said


def test_an_upgrade_keeps_settings_and_journal_and_nothing_of_the_version_before(debian: Debian) -> None:
    before = kept_files(debian)
    debian.says(apt_installs(HERE))
    assert debian.says("unsit --version").strip() == f"unsit {HERE}"
    assert kept_files(debian) == before
    assert sorted(debian.says("ls /usr/lib/unsit").split()) == sorted([HERE, "current"])
    assert debian.says("dpkg --audit") == ""
    exported = debian.says("unsit export --day 2026-03-02")
    assert exported.count("\n") > 20


def test_a_mistake_in_the_settings_leaves_no_upgrade_half_done(debian: Debian) -> None:
    said = debian.says(f"echo '[page' >/etc/unsit/unsit.toml\n{apt_installs(HERE)}")
    assert "/etc/unsit/unsit.toml" in said
    assert "Then: sudo dpkg-reconfigure unsit-page" in said
    assert debian.says("dpkg --audit; cat /etc/unsit/unsit.toml").strip() == "[page"
    listens = "cat /etc/systemd/system/unsit-page.socket.d/10-reach.conf"
    assert "127.0.0.1:8099" in debian.says(listens)
    mended = "printf '[page]\\nport = 8098\\n' >/etc/unsit/unsit.toml"
    said = debian.says(f"{mended}; dpkg-reconfigure unsit-page; {listens}")
    assert "127.0.0.1:8098" in said


def test_going_back_is_refused_in_words_and_changes_nothing(debian: Debian) -> None:
    debian.says(apt_installs(NEWER))
    before = kept_files(debian)
    refused = debian.runs(f"dpkg --install {packages_of(HERE)}")
    assert refused.returncode != 0
    assert f"Unsit {NEWER} has written the settings and the journal here, and {HERE} may not" in refused.stdout
    assert debian.says("unsit --version").strip() == f"unsit {NEWER}"
    assert kept_files(debian) == before
    # An older one after a removal is the same.
    debian.says("apt-get -qq -y remove unsit")
    refused = debian.runs(f"dpkg --install {packages_of(HERE, 'unsit')}")
    assert refused.returncode != 0
    assert "may not understand them" in refused.stdout


def test_what_is_removed_leaves_what_a_person_has_made_and_finds_it_again(debian: Debian) -> None:
    before = kept_files(debian)
    debian.says("apt-get -qq -y remove unsit")
    assert kept_files(debian) == before
    assert (
        debian.runs("command -v unsit || ls /usr/lib/unsit /usr/lib/systemd/system/unsit*").stdout.count("No such") == 2
    )
    assert debian.runs("ls /etc/systemd/system/unsit-page.socket.d /var/lib/unsit-meetings").returncode != 0
    debian.says(apt_installs(HERE))
    assert kept_files(debian) == before
    assert "hip_lunge" in debian.says("unsit stretches")


def test_purging_asks_nothing_leaves_nothing_and_says_where_the_journal_was(debian: Debian) -> None:
    said = debian.says(f"apt-get -qq -y purge {' '.join(ALL)}")
    assert "the journal was in /var/lib/unsit, your settings in /etc/unsit" in said
    left = debian.says("find / -xdev -path /mnt -prune -o -path /proc -prune -o -iname '*unsit*' -print").split()
    assert [each for each in left if not each.startswith(("/tmp/", "/usr/share/doc"))] == []
    users = debian.says("grep -o '^unsit[a-z-]*' /etc/passwd").split()
    assert sorted(users) == ["unsit", "unsit-meetings", "unsit-mqtt", "unsit-page"], "by Debian's custom users stay"
    debian.says(apt_installs(HERE, "unsit"))
    assert "# Unsit's settings in force, all of them defaults." in debian.says("unsit settings")


def test_beside_an_installation_from_the_sources_it_is_refused_with_what_to_do(bare: Debian, tmp_path: Path) -> None:
    debian = bare.above(tmp_path / "changes")
    refused = debian.runs(
        f"mkdir -p /opt/unsit/bin; touch /opt/unsit/bin/unsit; dpkg --install {packages_of(HERE, 'unsit')}"
    )
    assert refused.returncode != 0
    assert "First, in the checkout: sudo make uninstall (your settings and the journal stay)" in refused.stdout


def test_on_the_card_of_a_pi_i2c_is_on_and_the_page_is_for_the_house(bare: Debian, tmp_path: Path) -> None:
    debian = bare.above(tmp_path / "changes")
    config = "/boot/firmware/config.txt"
    said = debian.says(
        f"mkdir -p /boot/firmware; echo arm_64bit=1 >{config}\n{apt_installs(HERE, 'unsit', 'unsit-page')}"
    )
    assert "the page is there for the house" in said or "page is there for the house" in said
    once = debian.says(f"cat {config}")
    assert re.search(r"^arm_64bit=1\n(.*\n)*\[all\]\n(.*\n)*dtparam=i2c_arm=on", once)
    assert "ListenStream=0.0.0.0:8016" in debian.says("cat /etc/systemd/system/unsit-page.socket.d/10-reach.conf")
    assert "8016" in debian.says("cat /etc/avahi/services/unsit.service")
    # Whoever takes it out again has a reason.
    debian.says(f"echo arm_64bit=1 >{config}; dpkg --install {packages_of(NEWER, 'unsit', 'unsit-page')}")
    assert debian.says(f"cat {config}") == "arm_64bit=1\n"
    debian.says("apt-get -qq -y remove unsit-page")
    assert debian.runs("ls /etc/avahi/services/unsit.service").returncode != 0
