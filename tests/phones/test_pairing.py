"""Pairing a phone: the right code once, in time, and nothing else; and who attacks it."""

from __future__ import annotations

import hmac
import itertools
import json
import logging
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.coach import Coach
from device.phones import pairing as pairing_module
from device.phones.paired import PairedPhones
from device.phones.pairing import LETTERS, WRONG_TRIES, WRONG_TRIES_OF_ONE, Pairing, PairingTold
from device.phones.phone_file import read_phones, write_phones
from device.phones.phones import Phones, hash_of
from device.run.calendar import Calendar
from device.run.clock import DeskWall, RecordedClock
from device.run.line import Line
from device.run.loop import Device
from device.run.orders import Orders, answered
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from device.words.effects import ClosePairing, ForgetPhones, OpenPairing, Silence
from device.words.events import Event, PairingEnded, PairingOpened, Tick
from device.words.ports import PAIRING_S
from tests.ear import Ear
from tests.waiting import until

REFUSED = {
    "fine": False,
    "why": {"text": "no phone can be connected by this code; the panel shows the one that counts", "values": {}},
}


class House:
    """A device without its loop, and what it tells the core."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "phones.json"
        self.clock, self.told = RecordedClock(), list[Event]()
        phones = PairedPhones(self.file, self.clock, DeskWall())
        self.pairing = Pairing(
            phones, lambda event: self.told.append(event(self.clock.at)), self.clock, "unsit.local:8016"
        )
        # Nobody is told to slow down: what holds here holds all the more on a line that takes ten orders a second.
        seconds = itertools.count()
        self.orders = Orders(self.pairing.orders, now=lambda: float(next(seconds)))

    def opens(self) -> str:
        """The button asks for a code; the panel shows it."""
        self.pairing.perform(OpenPairing())
        opened = self.told[-1]
        assert isinstance(opened, PairingOpened)
        return opened.code

    def order(self, do: str, to: Any) -> Any:
        """Its answer."""
        answer = answered(self.orders, do, to)
        json.dumps(answer)
        return answer

    def tries(self, code: str, sender: str = "192.168.1.7", token: str = "token", name: str = "Ada") -> Any:
        """The answer to somebody who types a code."""
        return self.order("pair", {"code": code, "hash": hash_of(token), "name": name, "from": sender})


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def wrong_codes() -> Iterator[str]:
    some = random.Random(20)
    return ("".join(some.choices(LETTERS, k=6)) for _ in itertools.count())


def test_a_code_is_six_letters_that_nobody_mistakes_and_another_each_time(house: House) -> None:
    codes = {house.opens() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 6 and set(code) <= set(LETTERS) for code in codes)
    assert not set("IO01") & set(LETTERS)
    assert all(opened.address == "unsit.local:8016" for opened in house.told if isinstance(opened, PairingOpened))


@pytest.mark.parametrize("typed", [str.upper, str.lower, lambda code: f" {code[:3]} {code[3:]}\n"])
def test_who_types_the_code_is_paired_and_the_panel_says_the_name(house: House, typed: Any) -> None:
    code = house.opens()
    house.clock.at = 119.999
    answer = house.tries(typed(code))
    assert answer == {"fine": True, "phone": answer["phone"], "name": "Ada"}
    phone = Phones(house.file).known("token")
    assert phone is not None
    assert phone.id == answer["phone"]
    assert house.told[-1] == PairingEnded(119.999, "Ada")


def test_a_code_is_for_one_phone(house: House) -> None:
    code = house.opens()
    assert house.tries(code)["fine"]
    assert house.tries(code, token="other") == REFUSED
    assert len(read_phones(house.file)) == 1


def test_a_wrong_an_old_a_put_away_and_no_code_at_all_are_answered_alike(house: House) -> None:
    assert house.tries("ABCDEF") == REFUSED
    code = house.opens()
    assert house.tries("ABCDEF") == REFUSED
    assert house.tries("") == REFUSED
    house.clock.at = PAIRING_S
    assert not house.pairing.is_open
    assert house.tries(code) == REFUSED
    code = house.opens()
    assert house.pairing.is_open
    house.pairing.perform(ClosePairing())
    assert not house.pairing.is_open
    assert house.tries(code) == REFUSED
    older, _ = house.opens(), house.opens()
    assert house.tries(older) == REFUSED
    assert read_phones(house.file) == ()
    house.pairing.perform(Silence())


def test_with_the_end_of_a_run_its_code_ends(tmp_path: Path) -> None:
    house, settings = House(tmp_path), Settings()
    device = Device(Coach(settings, repertoire(settings)), Calendar(settings, DeskWall()), [house.pairing])
    code = house.opens()
    device.hear(Tick(1.0))
    assert house.pairing.is_open
    device.end(2.0)
    assert house.tries(code) == REFUSED


def test_a_clock_that_is_set_back_opens_no_code_again(house: House) -> None:
    house.clock.at = 1000.0
    code = house.opens()
    house.clock.at = 999.0
    assert house.tries(code) == REFUSED


def test_one_neighbour_alone_cannot_end_a_code(house: House) -> None:
    code = house.opens()
    for wrong in itertools.islice(wrong_codes(), 100):
        assert house.tries(wrong, "192.168.1.66") == REFUSED
    assert house.tries(code, "192.168.1.66") == REFUSED, "who has guessed too often isn't heard, even if right"
    assert house.tries(code)["fine"]


def test_five_wrong_tries_end_a_code_and_the_panel_hears_of_it_once(house: House) -> None:
    code = house.opens()
    for nth, wrong in zip(range(20), wrong_codes(), strict=False):
        house.tries(wrong, f"192.168.1.{nth % 8}")
    assert [each for each in house.told if isinstance(each, PairingEnded)] == [PairingEnded(0.0)]
    assert house.tries(code, "192.168.1.99") == REFUSED
    assert not house.pairing.is_open


SENDERS = st.integers(0, 3)


@given(steps=st.lists(st.one_of(st.just("open"), st.just("close"), st.tuples(SENDERS, st.booleans()), SENDERS)))
def test_whatever_happens_only_the_right_code_pairs_once_in_time_and_within_the_tries(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    house = House(tmp_path_factory.getbasetemp())
    code, is_open, ends_at, wrong = "", False, 0.0, list[int]()
    for step in steps:
        match step:
            case "open":
                code, is_open, ends_at, wrong = house.opens(), True, house.clock.at + PAIRING_S, []
            case "close":
                house.pairing.perform(ClosePairing())
                is_open = False
            case int(minutes):
                house.clock.at += minutes * 60.0
            case (sender, is_right):
                may = is_open and house.clock.at < ends_at and wrong.count(sender) < WRONG_TRIES_OF_ONE
                assert house.tries(code if is_right else "??????", str(sender))["fine"] is (may and is_right)
                if may and not is_right:
                    wrong.append(sender)
                if may and (is_right or len(wrong) == WRONG_TRIES):
                    is_open = False


def test_each_try_is_compared_with_both_codes_as_digests_of_one_length_whatever_was_typed_and_whether_a_code_is_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[int, int]] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append((len(a), len(b)))
        return hmac.compare_digest(a, b)

    class Watched:
        compare_digest = staticmethod(compare)

    monkeypatch.setattr(pairing_module, "hmac", Watched)
    house.tries("ABCDEF")
    code = house.opens()
    for typed in ("", code[:5] + "?", "?" + code[1:], code + "A", "é" * 900, "\ud800", code, code):
        house.tries(typed)
    assert compared == [(32, 32)] * 9 * 2
    assert code not in repr(vars(house.pairing)), "only its digest is kept"


# ---- ten thousand guesses, on a real line

GUESSES = 10_000


def guesses(line: Path, senders: Iterator[str], codes: Iterator[str]) -> list[Any]:
    """Their answers."""
    answers = []
    with Ear(line) as page:
        for nth in range(GUESSES):
            to = {"code": next(codes), "hash": hash_of("thief"), "name": "thief", "from": next(senders)}
            page.says(json.dumps({"kind": "order", "nth": nth, "do": "pair", "to": to}) + "\n")
            answers.append(page.hears("answer"))
    return answers


@pytest.mark.parametrize("addresses", [1, GUESSES])
def test_ten_thousand_guesses_pair_nobody_and_the_owner_still_can(
    house: House, monkeypatch: pytest.MonkeyPatch, addresses: int
) -> None:
    # The line would make a flood of them wait.
    monkeypatch.setattr("device.run.line._breathe", lambda: None)
    line = Line(house.file.with_name("line"), lambda: None, obey=house.orders)
    try:
        code = house.opens()
        codes = (each for each in wrong_codes() if each != code)
        senders = (f"2001:db8::{nth % addresses:x}" for nth in itertools.count())
        answers = guesses(house.file.with_name("line"), senders, codes)
        assert {json.dumps({**each, "nth": 0}) for each in answers} == {
            json.dumps({"kind": "answer", "nth": 0, **REFUSED})
        }
        assert house.pairing.is_open is (addresses == 1)
        assert house.tries(code if addresses == 1 else house.opens())["fine"]
        assert [each.name for each in read_phones(house.file)] == ["Ada"]
    finally:
        line.close()


def test_who_guesses_while_no_code_is_open_is_not_remembered(house: House) -> None:
    for nth in range(1000):
        house.tries("ABCDEF", f"2001:db8::{nth:x}")
    assert len(house.pairing._code.wrong) == 0


# ---- what else it does


def test_a_phone_is_forgotten_and_out_at_once(house: House) -> None:
    phones = Phones(house.file)
    ids = [house.tries(house.opens(), token=each, name=each)["phone"] for each in ("one", "two", "three")]
    assert phones.known("one")
    assert house.order("forget", {"phone": ids[0]}) == {"fine": True, "names": ["one"]}
    assert phones.known("one") is None
    assert house.order("forget", {"phone": ids[0]})["why"]["text"] == "this phone isn't paired"
    assert house.order("seen", {"phone": ids[0]})["why"]["text"] == "this phone isn't paired"
    assert house.order("seen", {"phone": ids[1]}) == {"fine": True}
    assert house.order("forget", {"all": True}) == {"fine": True, "names": ["two", "three"]}
    assert phones.all() == ()


@pytest.mark.parametrize(
    ("do", "to"),
    [
        *(("pair", None), ("pair", {}), ("pair", {"code": "", "hash": 1, "name": "", "from": ""})),
        ("pair", {"code": "", "hash": "x" * 64, "name": "", "from": ""}),
        *(("forget", None), ("forget", {}), ("forget", {"all": False}), ("forget", {"phone": 3})),
        *(("forget", {"all": True, "phone": "x"}), ("seen", {}), ("seen", True)),
    ],
)
def test_what_is_no_order_is_refused_and_uses_up_nothing(house: House, do: str, to: Any) -> None:
    code = house.opens()
    to = {**to, "code": code} if isinstance(to, dict) and "code" in to else to
    answer = house.order(do, to)
    assert not answer["fine"]
    assert code not in json.dumps(answer), "what was typed isn't said again"
    assert house.tries(code)["fine"]


def test_a_list_that_cannot_be_written_is_said_and_the_code_is_used_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = house.tries(house.opens())["phone"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("device.phones.paired.write_phones", full)
    code = house.opens()
    house.clock.at = 3600.0
    code = house.opens()
    for do, to in (
        ("pair", {"code": code, "hash": "0" * 64, "name": "Bob", "from": "x"}),
        ("seen", {"phone": phone}),
        ("forget", {"phone": phone}),
    ):
        why = house.order(do, to)["why"]
        assert why["text"].format(**why["values"]) == "the list of phones can't be written: No space left on device"
    assert house.told[-1] == PairingEnded(3600.0)
    assert not house.pairing.is_open


def test_nothing_waits_for_the_disk_on_the_thread_of_the_loop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.tries(house.opens())
    disk, begun = threading.Event(), threading.Event()

    def slow(*told: Any) -> None:
        begun.set()
        disk.wait()
        write_phones(*told)

    monkeypatch.setattr("device.phones.paired.write_phones", slow)
    typed = threading.Thread(target=house.tries, args=(house.opens(),), kwargs={"token": "other"})
    typed.start()
    begun.wait()
    # All of these return, though the disk doesn't.
    for effect in (ForgetPhones(), OpenPairing(), ClosePairing()):
        house.pairing.perform(effect)
    assert not house.pairing.is_open
    disk.set()
    typed.join()
    until(lambda: read_phones(house.file) == ())


def test_a_disk_that_does_not_even_forget_is_told_of(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.file.mkdir()
    house.pairing.perform(ForgetPhones())
    until(lambda: "the list of phones can't be written" in caplog.text)


def test_no_code_is_in_the_log_or_in_what_followers_hear(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = house.file.with_name("line")
    line = Line(path, lambda: None, obey=house.orders)
    with Ear(path) as page:
        until(lambda: line.followed)
        told = PairingTold(house.pairing, line)
        code = house.opens()
        told.look(lambda: None)  # type: ignore[arg-type, return-value]
        assert page.hears() == {"kind": "pairing", "open": True}
        house.tries("ABCDEF")
        house.tries(code)
        told.look(lambda: None)  # type: ignore[arg-type, return-value]
        assert page.hears() == {"kind": "pairing", "open": False}
    line.close()
    assert caplog.messages == ["a phone is paired: Ada"]
    assert code not in repr(house.told)
