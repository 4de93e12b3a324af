"""What each topic of a desk is called."""

from __future__ import annotations

from device.topics.names import COMMANDS, STATES, Topics, made_up_name

DESK = Topics("office/third-floor", "desk-7")


def test_every_topic_of_a_desk_is_its_own() -> None:
    told = [DESK.availability, DESK.event, DESK.button, DESK.facts, DESK.days, DESK.sent, DESK.refused]
    told += [DESK.offer, *map(DESK.state, STATES), *map(DESK.command, COMMANDS)]
    assert len(set(told)) == len(told)
    assert all(each.startswith("office/third-floor/desk-7/") for each in told)
    assert DESK.state("seated") == "office/third-floor/desk-7/state/seated"
    assert DESK.offer == "office/third-floor/desk-7/offer"


def test_a_command_is_known_by_its_topic() -> None:
    assert DESK.commands == "office/third-floor/desk-7/set/+"
    assert DESK.commanded(DESK.command("mute")) == "mute"
    for other in (DESK.offer, DESK.state("mute"), f"{DESK.command('mute')}/more", "office/desk-8/set/mute"):
        assert DESK.commanded(other) is None


def test_a_made_up_name_is_always_the_same_and_tells_nothing_of_the_computer() -> None:
    name = made_up_name("8f0c3c9f6b1e4a53a2f4f1b6f1d9c001\n")
    assert name == made_up_name("8f0c3c9f6b1e4a53a2f4f1b6f1d9c001")
    assert name != made_up_name("8f0c3c9f6b1e4a53a2f4f1b6f1d9c002")
    assert len(name) == len("desk-") + 8
    assert "8f0c3c9f" not in name
