"""The systemd unit: what must hold in it, and what systemd itself says of it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from device.journal.place import changes_file, journal_to_read
from device.meetings.addresses import _SERVICE, address_of
from device.meetings.spans_file import spans_file
from device.mqtt.broker import CREDENTIAL, broker_of
from device.office.office_file import OFFICE_FOLDER
from device.settings.settings import MqttSettings, Settings
from device.settings.settings_file import PLACES
from hardware.panel.early import NO_PANEL
from tests.check_unit import (
    COLLECTOR,
    DROP_IN,
    DROP_INS,
    EARLY,
    MEETINGS,
    MOST_EXPOSED,
    MOST_EXPOSED_TO_A_BROKER,
    MOST_EXPOSED_WITH_NETWORK,
    MQTT,
    PAGE,
    PROJECT,
    SOCKET,
    TIMER,
    UNIT,
    add_drop_in,
    exposure,
    has_systemd_analyze,
    scratch_root,
    verify,
)

# On CI it has to be there: a check that steps aside unseen is none.
asks_systemd = pytest.mark.skipif(
    not has_systemd_analyze() and not os.environ.get("CI"), reason="no systemd-analyze here to ask"
)


def keys(file: Path) -> dict[str, list[str]]:
    """What a unit file says, by key."""
    said: dict[str, list[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            said.setdefault(key, []).append(value)
    return said


@pytest.fixture(scope="module")
def unit() -> dict[str, list[str]]:
    return keys(UNIT)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return scratch_root(tmp_path)


def test_lgpio_finds_a_working_directory_of_its_own_that_it_can_write(unit: dict[str, list[str]]) -> None:
    (folder,) = unit["WorkingDirectory"]
    environment = dict(setting.split("=", 1) for setting in unit["Environment"])
    assert environment["LG_WD"] == folder
    assert folder == f"/run/{unit['RuntimeDirectory'][0]}"
    assert unit["RuntimeDirectoryMode"] == ["0750"], "written to by nobody else"


def test_the_journal_has_a_folder_of_its_own(unit: dict[str, list[str]]) -> None:
    assert unit["StateDirectory"] == ["unsit"]
    assert journal_to_read(Settings()) == Path("/var/lib/unsit/journal.db")


def test_a_settings_error_is_not_tried_again_but_all_else_is(unit: dict[str, list[str]]) -> None:
    assert unit["Restart"] == ["always"]
    assert unit["RestartPreventExitStatus"] == [str(os.EX_CONFIG)]


def test_the_watchdog_listens_to_the_device_itself(unit: dict[str, list[str]]) -> None:
    assert unit["Type"] == ["notify"]
    assert unit["NotifyAccess"] == ["main"]
    assert unit["WatchdogSec"] == ["30"]
    assert "AF_UNIX" in unit["RestrictAddressFamilies"][0].split(), "READY and WATCHDOG go through a unix socket"


def test_the_buzzer_is_silenced_after_any_kind_of_death(unit: dict[str, list[str]]) -> None:
    assert unit["ExecStopPost"] == ["-/opt/unsit/bin/unsit silence"]


def test_gpiozero_can_look_up_the_board(unit: dict[str, list[str]]) -> None:
    assert "ProcSubset" not in unit, "gpiozero reads /proc/cpuinfo"


def test_gpio_and_i2c_are_allowed_whatever_their_numbers(unit: dict[str, list[str]]) -> None:
    assert unit["DevicePolicy"] == ["closed"]
    assert unit["DeviceAllow"] == ["char-gpiochip rw", "char-i2c rw"]


def test_the_user_and_the_groups_of_the_unit_are_made_at_install(unit: dict[str, list[str]]) -> None:
    made = {tuple(line.split()[:2]) for line in (PROJECT / "systemd/unsit.sysusers").read_text("utf-8").splitlines()}
    assert ("u", unit["User"][0]) in made
    assert {("g", group) for group in unit["SupplementaryGroups"][0].split()} <= made


def test_the_settings_can_be_read_where_they_are_looked_for(unit: dict[str, list[str]]) -> None:
    assert unit["ProtectHome"] == ["yes"]
    assert not [place for place in PLACES if place.is_relative_to("/home") or place.is_relative_to("/root")]


def test_the_drop_in_opens_what_rpi_gpio_writes_to() -> None:
    assert keys(DROP_IN) == {"DeviceAllow": ["/dev/gpiomem rw"], "ProtectKernelTunables": ["no"]}


def test_the_page_may_read_the_journal_and_follow_the_device_and_no_more(unit: dict[str, list[str]]) -> None:
    page = keys(PAGE)
    assert page["User"] != unit["User"], "else it could stop the device, or write into its journal"
    assert page["SupplementaryGroups"] == unit["User"]
    assert unit["StateDirectoryMode"] == unit["RuntimeDirectoryMode"] == ["0750"]
    assert unit["UMask"] == ["0027"], "what the device writes its group may read"
    assert "ReadWritePaths" not in page
    assert page["ProtectSystem"] == ["strict"]
    made = (PROJECT / "systemd/unsit.sysusers").read_text("utf-8").splitlines()
    assert "m unsit-page unsit" in made


def test_neither_the_device_nor_the_page_has_a_network_and_the_page_hears_on_systemds_socket(
    unit: dict[str, list[str]],
) -> None:
    page, socket = keys(PAGE), keys(SOCKET)
    for each in (page, unit):
        assert each["IPAddressDeny"] == ["any"]
        assert "IPAddressAllow" not in each
        assert each["PrivateNetwork"] == ["yes"]
        assert each["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert page["Requires"] == [SOCKET.name]
    assert SOCKET.name in page["After"][0].split()
    # As it ships, and until an installation says otherwise, only this computer is heard.
    assert socket["ListenStream"] == [f"127.0.0.1:{Settings().page.port}"]
    assert (socket["IPAddressDeny"], socket["IPAddressAllow"]) == (["any"], ["localhost"])


def test_the_page_starts_when_somebody_asks_and_ends_when_nobody_does() -> None:
    page, socket = keys(PAGE), keys(SOCKET)
    assert page["ExecStart"] == ["/opt/unsit/bin/unsit page --ends-after 10min"]
    assert page["Restart"] == ["on-failure"], "its own end is none"
    assert page["RestartPreventExitStatus"] == [str(os.EX_CONFIG)]
    assert socket["WantedBy"] == ["sockets.target"]
    assert "WantedBy" not in page
    assert page["Also"] == [SOCKET.name]


def test_the_reader_of_calendars_has_a_network_and_the_device_may_read_its_spans(
    unit: dict[str, list[str]],
) -> None:
    meetings = keys(MEETINGS)
    assert meetings["RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"]
    assert meetings["SocketBindDeny"] == ["any"], "it asks, and nobody asks it"
    assert meetings["User"] not in (unit["User"], keys(PAGE)["User"])
    assert "SupplementaryGroups" not in meetings, "neither the journal nor the line to the device"
    assert (meetings["StateDirectory"], meetings["StateDirectoryMode"]) == (["unsit-meetings"], ["0750"])
    assert spans_file(Settings()) == Path("/var/lib/unsit-meetings/spans.json")
    made = (PROJECT / "systemd/unsit.sysusers").read_text("utf-8").splitlines()
    members = [line for line in made if line.startswith("m ") and line.endswith(" unsit-meetings")]
    assert members == ["m unsit unsit-meetings"]


def test_the_addresses_are_handed_over_by_systemd_under_the_names_that_are_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name, _, folder = keys(MEETINGS)["LoadCredential"][0].partition(":")
    assert folder == str(_SERVICE)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    # Of a folder systemd makes a file for each that is in it, and joins the names with _.
    (tmp_path / f"{name}_work").write_text("https://calendar.example/x.ics")
    assert address_of("work").secret == "https://calendar.example/x.ics"


def test_who_talks_to_a_broker_listens_to_nobody_and_may_only_read_what_the_device_has(
    unit: dict[str, list[str]],
) -> None:
    mqtt = keys(MQTT)
    assert mqtt["RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"]
    assert mqtt["SocketBindDeny"] == ["any"], "it calls the broker, and nobody calls it"
    assert mqtt["User"] not in (unit["User"], keys(PAGE)["User"], keys(MEETINGS)["User"])
    assert mqtt["SupplementaryGroups"] == unit["User"]
    assert (mqtt["StateDirectory"], mqtt["StateDirectoryMode"]) == (["unsit-mqtt"], ["0700"])
    assert "ReadWritePaths" not in mqtt
    assert mqtt["ProtectSystem"] == ["strict"]
    made = (PROJECT / "systemd/unsit.sysusers").read_text("utf-8").splitlines()
    assert [line for line in made if line.startswith("m unsit-mqtt")] == ["m unsit-mqtt unsit"]
    assert not [line for line in made if line.startswith("m ") and line.endswith(" unsit-mqtt")]


def test_whatever_ends_it_it_is_started_again_but_for_wrong_settings() -> None:
    mqtt = keys(MQTT)
    assert mqtt["ExecStart"] == ["/opt/unsit/bin/unsit mqtt run"]
    assert mqtt["Restart"] == ["on-failure"]
    assert mqtt["StartLimitIntervalSec"] == ["0"]
    assert mqtt["RestartPreventExitStatus"] == [str(os.EX_CONFIG)]
    assert (mqtt["Type"], mqtt["NotifyAccess"], mqtt["WatchdogSec"]) == (["notify"], ["main"], ["5min"])
    assert mqtt["WantedBy"] == ["multi-user.target"]


def test_the_password_is_handed_over_under_the_name_that_is_looked_for_and_an_empty_one_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mqtt = keys(MQTT)
    assert mqtt["LoadCredential"] == [f"{CREDENTIAL}:/etc/unsit/{CREDENTIAL}"]
    # With a default of the same name, a file that isn't there is no reason not to start.
    assert mqtt["SetCredential"] == [f"{CREDENTIAL}:\\n"]
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / CREDENTIAL).write_text("\n")
    own = tmp_path / "own"
    own.write_text("of the settings\n")
    assert broker_of(MqttSettings(host="broker", user="desk")).password == ""
    assert broker_of(MqttSettings(host="broker", user="desk", password=str(own))).password == "of the settings"
    (tmp_path / CREDENTIAL).write_text("handed over\n")
    assert broker_of(MqttSettings(host="broker", user="desk", password=str(own))).password == "handed over"


def test_calendars_are_read_soon_after_a_start_and_every_quarter_of_an_hour() -> None:
    meetings, timer = keys(MEETINGS), keys(TIMER)
    assert meetings["Type"] == ["oneshot"]
    assert "WantedBy" not in meetings
    assert meetings["ExecStart"] == ["/opt/unsit/bin/unsit meetings refresh"]
    assert meetings["SuccessExitStatus"] == [str(os.EX_UNAVAILABLE)]
    assert timer["OnBootSec"] == ["1min"]
    assert timer["OnUnitInactiveSec"] == ["15min"]
    assert "RandomizedDelaySec" in timer
    assert timer["WantedBy"] == ["timers.target"]


@asks_systemd
def test_systemd_finds_nothing_wrong_with_the_reader_of_calendars(root: Path) -> None:
    assert verify(root, MEETINGS.name) == ""
    assert verify(root, TIMER.name) == ""
    assert exposure(root, MEETINGS.name) <= MOST_EXPOSED_WITH_NETWORK


@asks_systemd
def test_systemd_finds_nothing_wrong_with_the_one_that_talks_to_a_broker(root: Path) -> None:
    assert verify(root, MQTT.name) == ""
    assert exposure(root, MQTT.name) <= MOST_EXPOSED_TO_A_BROKER


@asks_systemd
def test_systemd_finds_nothing_wrong_with_the_page(root: Path) -> None:
    assert verify(root, PAGE.name) == ""
    assert verify(root, SOCKET.name) == ""
    assert exposure(root, PAGE.name) <= exposure(root)


@asks_systemd
def test_systemd_finds_nothing_wrong_with_the_unit(root: Path) -> None:
    assert verify(root) == ""


@asks_systemd
@pytest.mark.parametrize("drop_in", DROP_INS, ids=lambda drop_in: drop_in.name)
def test_systemd_finds_nothing_wrong_with_a_drop_in(root: Path, drop_in: Path) -> None:
    add_drop_in(root, drop_in)
    assert verify(root) == ""


@asks_systemd
def test_systemd_would_tell_of_a_mistake(root: Path) -> None:
    unit = root / "etc/systemd/system/unsit.service"
    unit.write_text(unit.read_text("utf-8") + "\n[Service]\nWatchdogsec=30\n", "utf-8")
    assert "WatchdogSec" in verify(root) or "Watchdogsec" in verify(root)


@asks_systemd
def test_the_service_is_well_sandboxed(root: Path) -> None:
    assert exposure(root) <= MOST_EXPOSED


@asks_systemd
@pytest.mark.parametrize("drop_in", DROP_INS, ids=lambda drop_in: drop_in.name)
def test_a_drop_in_keeps_most_of_the_sandbox(root: Path, drop_in: Path) -> None:
    tight = exposure(root)
    add_drop_in(root, drop_in)
    # A device more counts for less than the tenth to which systemd rounds.
    assert tight <= exposure(root) <= MOST_EXPOSED


def test_the_service_may_ask_the_kernel_whether_the_clock_is_right(unit: dict[str, list[str]]) -> None:
    """ProtectClock, or a filter that comes last and takes them away, would have it answer "not permitted"."""
    assert "ProtectClock" not in unit
    assert {"adjtimex", "clock_adjtime", "clock_adjtime64"} <= set(unit["SystemCallFilter"][-1].split())
    assert unit["CapabilityBoundingSet"] == [""], "setting the clock takes a capability"


def test_the_collector_of_an_office_has_a_folder_of_its_own_and_is_started_again_but_for_a_wrong_file() -> None:
    collector = keys(COLLECTOR)
    assert collector["ExecStart"] == ["/opt/unsit/bin/unsit office collect"]
    assert collector["RestartPreventExitStatus"] == [str(os.EX_CONFIG)]
    assert collector["StateDirectory"] == [OFFICE_FOLDER.name]
    assert OFFICE_FOLDER.parent == Path("/var/lib")
    assert collector["StateDirectoryMode"] == ["0700"]
    assert collector["ProtectSystem"] == ["strict"]


@asks_systemd
def test_systemd_finds_nothing_wrong_with_the_collector_either(root: Path) -> None:
    assert verify(root, COLLECTOR.name) == ""
    assert exposure(root, COLLECTOR.name) <= MOST_EXPOSED_TO_A_BROKER


def test_the_greeting_waits_for_nothing_and_nothing_waits_for_it(unit: dict[str, list[str]]) -> None:
    early = keys(EARLY)
    assert early["DefaultDependencies"] == ["no"]
    assert early["WantedBy"] == ["sysinit.target"]
    assert early["Before"] == ["shutdown.target"]
    assert not {"Requires", "Wants", "BindsTo", "RequiresMountsFor"} & early.keys()
    assert "PrivateTmp" not in early, "it would wait for /tmp"
    assert not [each for each in unit.get("After", []) if EARLY.name in each]
    assert early["SuccessExitStatus"] == [str(NO_PANEL)], "a device without a panel is in order"


def test_the_greeting_goes_by_the_files_of_the_device_and_gives_way_to_it(unit: dict[str, list[str]]) -> None:
    words = shlex.split(keys(EARLY)["ExecStart"][0])
    assert words[:4] == ["/usr/bin/python3", "-I", "-S", "-E"]
    told = [words[at + 1] for at, word in enumerate(words) if word == "--settings"]
    assert {str(place) for place in PLACES[:2]} | {str(changes_file(Settings()))} == set(told)
    assert told[-1] == str(changes_file(Settings())), "what was changed on the page counts most"
    assert words[words.index("--until") + 1] == f"/run/{unit['RuntimeDirectory'][0]}"
    assert keys(EARLY)["DeviceAllow"] == ["char-i2c rw"]
    assert "systemd-modules-load.service" in keys(EARLY)["After"][0].split(), "before it, no class is called i2c"


@asks_systemd
def test_systemd_finds_nothing_wrong_with_the_greeting(root: Path) -> None:
    assert verify(root, EARLY.name) == ""
    assert exposure(root, EARLY.name) <= MOST_EXPOSED
