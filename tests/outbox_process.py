"""The outbox as a process of its own, which can be killed: `python -m tests.outbox_process PORT JOURNAL FOLDER`.

Each line on its input says the instant of a fact that the device has told.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import READ, Attentive, one_round
from device.outbox.cursor import CursorFile
from device.outbox.outbox import Outbox
from device.topics.names import Topics
from device.topics.sent_message import send_again_of

TOPICS = Topics("unsit", "desk-1")


class Told:
    """What the device tells. An end of it is the end of the process."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._begun = b""
        self.deadline: float | None = None

    def wants(self) -> Mapping[int, int]:
        return {0: READ}

    def attend(self, ready: Mapping[int, int], now: float) -> None:
        if not ready:
            return
        told = os.read(0, 4096)
        if not told:
            sys.exit(0)
        *lines, self._begun = (self._begun + told).split(b"\n")
        for line in lines:
            self._outbox.told(float(line), now)


def main(port: int, journal: Path, folder: Path) -> None:
    cursor = CursorFile(folder)

    def hear(arrival: Arrival) -> None:
        outbox.send_again(send_again_of(arrival.payload))

    hooks = Hooks(
        connected=lambda _present: outbox.connected(),
        lost=lambda: outbox.lost(),
        message=hear,
    )
    backoff = Backoff(shortest_s=0.01, longest_s=0.1)
    manners = Manners(hears=[TOPICS.command("resend")])
    client = Client(Broker("127.0.0.1", port), "desk-1", hooks, manners, backoff)
    outbox = Outbox(TOPICS, journal, cursor, client.send, written_after_s=0.02, says_every_s=0.2)
    client.open()
    parts: list[Attentive] = [client, outbox, Told(outbox)]
    while True:
        one_round(parts, time.monotonic() + 60)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
