"""`unsit mqtt`: how the desk stands with its broker, and the process that talks to it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from device.commands.asking import (
    EX_CONFIG,
    EX_UNAVAILABLE,
    CommandError,
    Commands,
    command,
    say,
    takes_settings,
)
from device.files.installation import brings, comes_with
from device.run.line import SERVICE
from device.settings.settings import MqttSettings, Settings
from device.settings.settings_file import load_settings

if TYPE_CHECKING:
    from device.mqtt.service import MqttService
    from device.mqtt.talks import Talk
    from device.topics.names import Topics

_RUNTIME = Path("/run/unsit-mqtt")
_NO_BROKER = "no broker is named in the settings: mqtt.host; docs/mqtt.md says how"


def offer(commands: Commands) -> None:
    """Add the command, and the one below it."""
    mqtt = command(commands, "mqtt", _tell, "say how the desk stands with its MQTT broker")
    below = mqtt.add_subparsers(title="commands", metavar="COMMAND")
    run = command(below, "run", _run, "follow the device and talk to the broker, as the service does")
    run.add_argument(
        "--line",
        type=Path,
        default=SERVICE,
        metavar="SOCKET",
        help="the socket of the running device; without it the service's",
    )
    takes_settings(mqtt)
    takes_settings(run, also_before=True)


def _settings(asked: argparse.Namespace) -> Settings:
    # No page may change what counts here.
    return load_settings(asked.config, asked.overrides)[0]


def _run(asked: argparse.Namespace) -> int:
    settings = _settings(asked)
    if not settings.mqtt.host:
        raise CommandError(_NO_BROKER, EX_CONFIG)
    try:
        from device.mqtt.broker import BrokerError, broker_of, topics_of
        from device.mqtt.journal_talks import add_journal
        from device.mqtt.service import STATUS, BothEnds, MqttService, talk_to_broker
    except ModuleNotFoundError as error:
        raise CommandError(f"a broker takes {error.name}, which {comes_with('mqtt')}", EX_UNAVAILABLE) from error
    try:
        broker = broker_of(settings.mqtt)
    except BrokerError as error:
        raise CommandError(str(error), EX_CONFIG) from error
    topics = topics_of(settings.mqtt)
    folder = os.environ.get("RUNTIME_DIRECTORY")
    ends = BothEnds(asked.line, broker, topics, settings.mqtt.share)
    service = MqttService(ends, status=Path(folder) / STATUS if folder else None)
    add_journal(service, settings, topics)
    talk_to_broker(service, [*_for_home_assistant(settings, topics, service)])
    return 0


def _for_home_assistant(settings: Settings, topics: Topics, service: MqttService) -> Iterator[Talk]:
    """What takes the desk away from where Home Assistant was shown it before, and what shows it."""
    from device.mqtt.announcing import AnnouncingTalk, ShownAt, WithdrawingTalk, shown_where, spoken
    from device.outbox.cursor import cursor_folder

    shown = ShownAt(cursor_folder(settings))
    where = shown_where(settings.mqtt, topics)
    yield WithdrawingTalk(where, shown, service.client, service.say_again, visits=settings.mqtt.share == "days")
    if where is not None:
        yield AnnouncingTalk(where, shown, service.client, spoken(settings.languages.folder), service.say_again)


# ---- telling


def _tell(asked: argparse.Namespace) -> int:
    settings = _settings(asked)
    if not settings.mqtt.host:
        say(f"{_NO_BROKER[0].upper()}{_NO_BROKER[1:]}.")
        return 0
    for line in (*_standing(settings.mqtt), *_sent(settings)):
        say(line)
    return 0


def _standing(mqtt: MqttSettings) -> Iterator[str]:
    from device.mqtt.broker import topics_of, where

    yield f"broker: {where(mqtt)}{f', as {mqtt.user}' * bool(mqtt.user)}"
    yield f"topics: {topics_of(mqtt).root}/..."
    yield f"shares: {mqtt.share}"
    yield f"service: {_service()}"


def _sent(settings: Settings) -> Iterator[str]:
    """How far the broker has heard the journal."""
    from device.outbox.cursor import cursor_folder, kept_cursor
    from device.topics.message_form import NoMessageError

    try:
        cursor = kept_cursor(cursor_folder(settings))
    except PermissionError:
        yield "heard: only root and its own user may know: try sudo"
        return
    except (OSError, NoMessageError) as error:
        yield f"heard: it can't be read: {error.strerror if isinstance(error, OSError) else error}"
        return
    if cursor is None:
        yield "heard: nothing so far"
        return
    if cursor.book:
        yield f"facts heard: {'none' if cursor.facts is None else f'up to {cursor.facts}'} of journal {cursor.book}"
    yield f"days heard: {'none' if cursor.days is None else f'up to {cursor.days}'}"
    if cursor.missing:
        yield f"forgotten before they could be sent, if there were any: {cursor.missing}"


def _service() -> str:
    """What the service has written about itself."""
    try:
        told = json.loads((_RUNTIME / "status.json").read_text("utf-8"))
        since = str(told["since"]).replace("T", " ")[:16]
        return f"connected since {since}" if told["connected"] else f"not connected since {since}: {told['why']}"
    except PermissionError:
        return "only root and its own user may know: try sudo"
    except OSError:
        return f"it isn't there: `{brings('mqtt')}` sets it up; one in a terminal tells only there"
    except (ValueError, KeyError, TypeError):
        return "what it says about itself isn't understood"
