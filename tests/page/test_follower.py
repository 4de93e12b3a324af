"""The page's end of the line: what it makes of a device that is short of room, odd or gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from device.page.follower import Follower, NoAnswerError, OpenPage
from tests.waiting import WITHIN_S


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.page.follower._AGAIN_S", 0.001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "line"


def followed(path: Path, says: bytes, times: int, look: Callable[[Follower, list[Any]], object]) -> None:
    """A device that says this to whoever comes and hangs up; after so many times, look at what a page has heard."""

    async def follow() -> None:
        called = asyncio.Semaphore(0)

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            called.release()
            writer.write(says)
            writer.close()

        server = await asyncio.start_unix_server(answer, path)
        follower = Follower(path)
        page = follower.open_page()
        following = asyncio.create_task(follower.run())
        for _ in range(times):
            await asyncio.wait_for(called.acquire(), WITHIN_S)
        assert not following.done()
        look(follower, heard(page))
        following.cancel()
        server.close()

    # On another thread, since Playwright may have a loop on this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, follow()).result()


def heard(page: OpenPage) -> list[Any]:
    """What it would be told now."""
    return [*page._passing, *page._standing.values()]


def test_where_there_are_followers_enough_open_pages_hear_nothing_of_it(path: Path) -> None:
    def look(_: Follower, told: list[Any]) -> None:
        assert told == [{"kind": "afresh"}, {"kind": "link", "up": False}]

    followed(path, b"", 5, look)


@pytest.mark.parametrize("says", [b"[1]\n", b'{"kind": ["x"]}\n', b"{}\n", b"no json\n", b"\xff\n", b"x" * (2 << 20)])
def test_what_is_not_understood_is_a_device_that_has_gone(
    path: Path, says: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    followed(path, says, 3, lambda *_: None)
    assert "isn't understood" in caplog.text


def test_who_comes_again_forgets_first_and_hears_everything(path: Path) -> None:
    fact = b'{"kind": "fact", "fact": "sat", "t": 1}\n'

    def look(follower: Follower, told: list[Any]) -> None:
        assert [each["kind"] for each in told[:3]] == ["afresh", "afresh", "fact"]
        again = heard(follower.open_page())
        assert again[0] == {"kind": "afresh"}

    followed(path, fact, 2, look)


def test_a_device_that_stands_still_is_noticed_and_time_stands_until_it_is_heard_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.page.follower._ANSWERS_WITHIN_S", 0.0)

    async def follow() -> None:
        device: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        server = await asyncio.start_unix_server(lambda *ends: device.put(ends), path)
        follower = Follower(path)
        following = asyncio.create_task(follower.run())
        asked, says = await device.get()
        for at, answers in ((1.0, True), (2.0, False), (3.0, True)):
            says.write(b'{"kind": "time", "at": %f, "speed": 1}\n' % at)
            while follower.latest.get("time", {}).get("at") != at:
                await asyncio.sleep(0)
            assert follower.latest["link"]["up"]
            assert follower.instant() > at
            await follower.look()
            assert json.loads(await asked.readline()) == {"kind": "ask"}
            if not answers:
                await follower.look()
                assert follower.latest["link"] == {"kind": "link", "up": False, "silent": True}
                assert follower.instant() == at
                assert heard(follower.open_page())[1:] == [
                    {"kind": "link", "up": False, "silent": True},
                    {**follower.latest["time"], "age": pytest.approx(0, abs=WITHIN_S)},
                ]
        says.close()
        while follower.latest.keys() != {"link"}:
            await asyncio.sleep(0.001)
        following.cancel()
        server.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, follow()).result(WITHIN_S)


class Ordering:
    """A follower, and the device's end of its line."""

    def __init__(self, path: Path) -> None:
        self.follower, self._path = Follower(path), path
        self._called: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    def does(self, story: Callable[[Ordering], Coroutine[Any, Any, None]]) -> None:
        """Live through it."""

        async def live() -> None:
            server = await asyncio.start_unix_server(lambda *ends: self._called.put(ends), self._path)
            following = asyncio.create_task(self.follower.run())
            self.hears, self.says = await self._called.get()
            await asyncio.wait_for(story(self), WITHIN_S)
            self.says.close()
            while self.follower.latest.keys() != {"link"} or self.follower.latest["link"]["up"]:
                await asyncio.sleep(0.001)
            following.cancel()
            server.close()

        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, live()).result(WITHIN_S)

    async def ordered(self) -> Any:
        """The next order that the device hears."""
        return json.loads(await self.hears.readline())

    def answers(self, nth: int, **answer: Any) -> None:
        """The device answers so."""
        self.says.write(json.dumps({"kind": "answer", "nth": nth, **answer}).encode() + b"\n")


def test_each_order_gets_its_own_answer_whatever_their_turn_and_no_page_hears_of_it(path: Path) -> None:
    async def story(device: Ordering) -> None:
        page = device.follower.open_page()
        orders = [asyncio.create_task(device.follower.order("mute", {"for_s": each})) for each in (60, 120)]
        first, second = await device.ordered(), await device.ordered()
        assert first == {"kind": "order", "nth": first["nth"], "do": "mute", "to": {"for_s": 60}}
        device.answers(second["nth"], fine=False, why={"text": "no", "values": {}})
        device.answers(99, fine=True)
        device.answers(first["nth"], fine=True, phone="x")
        assert await orders[0] == {"fine": True, "phone": "x"}
        assert await orders[1] == {"fine": False, "why": {"text": "no", "values": {}}}
        assert "answer" not in device.follower.latest
        assert "answer" not in {each["kind"] for each in heard(page)}

    Ordering(path).does(story)


def test_an_order_without_an_answer_in_time_says_so_and_a_late_answer_is_for_nobody(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.page.follower._DOES_WITHIN_S", 0.05)

    async def story(device: Ordering) -> None:
        with pytest.raises(NoAnswerError, match="doesn't answer"):
            await device.follower.order("sound", True)
        late = await device.ordered()
        device.answers(late["nth"], fine=True)
        device.says.write(b'{"kind": "device"}\n')
        assert await device.follower.device(WITHIN_S)

    Ordering(path).does(story)


def test_an_order_to_a_device_that_goes_or_has_gone_says_so_at_once(path: Path) -> None:
    async def story(device: Ordering) -> None:
        order = asyncio.create_task(device.follower.order("sound", True))
        await device.ordered()
        device.says.close()
        with pytest.raises(NoAnswerError, match="has gone"):
            await order
        nobody = Follower(path.with_name("nobody"))
        with pytest.raises(NoAnswerError, match="no device answers"):
            await nobody.order("sound", True)

    Ordering(path).does(story)
