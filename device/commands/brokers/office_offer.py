"""`unsit office offer`: suggests a preset to desks. Their owners take it or don't, and nobody here hears which."""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta

from device.commands.asking import EX_CONFIG, EX_UNAVAILABLE, EX_USAGE, CommandError, Commands, command, say
from device.commands.brokers.office_asking import need_libraries, office_of, store_of, takes_office
from device.files.alphabet import LETTERS
from device.settings.settings import LONGEST_NAME
from device.settings.settings_file import PRESETS_S
from device.words.facts import FARTHEST

_LASTS = timedelta(weeks=4)
_UNNAMED = "The office"


def offer_below(commands: Commands) -> None:
    """Add the command."""
    offer = command(commands, "offer", _offer, "suggest a preset to desks; nothing changes unless somebody takes it")
    takes_office(offer, also_before=True)
    offer.add_argument("preset", choices=tuple(PRESETS_S), metavar="PRESET", help=", ".join(PRESETS_S))
    offer.add_argument("--team", metavar="TEAM", help="the desks of this team; without it all desks")
    offer.add_argument(
        "--till",
        type=_date,
        metavar="DATE",
        help="the last day on which it may be taken, such as 2027-01-07; without it in four weeks",
    )
    offer.add_argument(
        "--from",
        dest="by",
        metavar="NAME",
        help=f"who suggests it, in up to {LONGEST_NAME} letters; without it the office's name",
    )


def _offer(asked: argparse.Namespace) -> int:
    office, today = office_of(asked), datetime.now().astimezone().date()
    by, till = _name(asked.by, office.name), _till(asked.till, today)
    need_libraries()
    from device.access.enrolling import user_for
    from device.access.users import Role
    from device.office.offering import OfferingError, id_of, suggest
    from device.office.session import OfficeBrokerError, office_broker
    from device.topics.suggestion import Suggestion

    with store_of(office) as store:
        stays = [each for each in store.stays() if each.gone is None]
    teams = sorted({each.team for each in stays})
    if asked.team is not None and asked.team not in teams:
        raise CommandError(f"--team: there is no {asked.team:.60}; there are {', '.join(teams) or 'none'}", EX_USAGE)
    desks = sorted({each.desk for each in stays if asked.team in (None, each.team)})
    if not desks:
        raise CommandError("no desk is enrolled; `unsit office enrol` does so", EX_UNAVAILABLE)
    try:
        broker = office_broker(office, user_for(office, Role.OFFERING))
        suggest(office, broker, desks, Suggestion(id_of(asked.preset, today), asked.preset, by, till))
    except OfficeBrokerError as error:
        raise CommandError(str(error), EX_CONFIG) from error
    except OfferingError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    say(f"Suggested to {len(desks)} desk{'s' * (len(desks) != 1)}, till {till}: {asked.preset}, from {by}.")
    say("Each desk asks whoever sits there. What they answer stays at the desk.")
    return 0


def _name(given: str | None, office: str) -> str:
    """Who suggests it. Raises CommandError for a name that a panel has no room or no letters for."""
    name = " ".join((office or _UNNAMED).split()) if given is None else given
    if 1 <= len(name) <= LONGEST_NAME and name == " ".join(name.split()) and set(name) <= LETTERS:
        return name
    says = f"the panel has room for {LONGEST_NAME} letters of Latin alphabets"
    raise CommandError(f"{name!r:.70} doesn't fit: {says}; say --from NAME", EX_USAGE)


def _till(given: date | None, today: date) -> date:
    till = today + _LASTS if given is None else given
    if not today <= till <= today + FARTHEST:
        raise CommandError(f"--till {till}: allowed are {today} to {today + FARTHEST}", EX_USAGE)
    return till


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text:.60} is no date; write it as 2027-01-07") from None
