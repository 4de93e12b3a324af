"""Pairs phones: it makes the code that the panel shows, and nobody else can say whether a code is right."""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from device.files.complaint import brief
from device.mind.snapshot import Snapshot
from device.phones.paired import PairedPhones
from device.run.feed import Told
from device.run.orders import Answer, Do, OrderError, TellCore, fields, refused
from device.words.effects import ClosePairing, Effect, ForgetPhones, Heard, OpenPairing
from device.words.events import PairingEnded, PairingOpened, Tick
from device.words.instants import between
from device.words.ports import PAIRING_S, Clock

_log = logging.getLogger(__name__)

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No two of them look alike."""
_LENGTH = 6
WRONG_TRIES = 5
"""So many end a code."""
WRONG_TRIES_OF_ONE = 3
"""After so many an address isn't listened to until the next code. So a neighbour alone can't end it."""


@dataclass
class _Code:
    """A code and what has been tried. Of the code itself only the digest is known."""

    opened_at: float
    digest: bytes
    lasts_s: float = PAIRING_S
    is_spent: bool = False
    wrong: Counter[str] = field(default_factory=Counter)

    def counts(self, now: float) -> bool:
        """Whether a phone may still be paired by it."""
        return not self.is_spent and 0 <= between(self.opened_at, now) < self.lasts_s

    def takes(self, digest: bytes, sender: str, now: float) -> bool:
        """Use the code up if this is it; otherwise count a wrong try. Each try is compared, all of it."""
        is_right = hmac.compare_digest(digest, self.digest)
        if not self.counts(now) or self.wrong[sender] >= WRONG_TRIES_OF_ONE:
            return False
        if not is_right:
            self.wrong[sender] += 1
        self.is_spent = is_right or self.wrong.total() >= WRONG_TRIES
        return is_right


class Pairing:
    """Hears from the core when a code is wanted, and from the line what somebody has typed."""

    def __init__(self, phones: PairedPhones, tell: TellCore, clock: Clock, address: str) -> None:
        """`address` is where the page is, for the card."""
        self._phones, self._tell, self._clock, self._address = phones, tell, clock, address
        self._lock = threading.Lock()
        self._code = self._first = _no_code()

    @property
    def is_open(self) -> bool:
        """Whether a phone can be paired now."""
        return self._code.counts(self._clock.now())

    @property
    def orders(self) -> Mapping[str, Do]:
        """What the page may order of it."""
        return {"pair": self._pair, "forget": self._forget, "seen": self._seen}

    def perform(self, effect: Effect) -> None:
        """Open and close as the core says. It never waits for the disk."""
        match effect:
            case OpenPairing():
                self._open()
            case ClosePairing() | Heard(event=Tick()):
                # A tick is heard of at the end of a run only. The next one doesn't know the card.
                self.close()
            case ForgetPhones():
                threading.Thread(target=self._forget_all, name="phones").start()

    def close(self) -> None:
        """The code counts no more."""
        with self._lock:
            self._code = _no_code()

    def first_code(self) -> str:
        """A code for whoever starts the simulated desk, whose panel is on the page that they can't open yet.

        It lasts until it is used, since time may run fast at that desk.
        """
        code = _random()
        with self._lock:
            self._first = _Code(self._clock.now(), _digest(code), lasts_s=math.inf)
        return code

    def _open(self) -> None:
        code = _random()
        with self._lock:
            self._code = _Code(self._clock.now(), _digest(code))
        self._tell(lambda at: PairingOpened(at, self._address, code))

    # ---- on the thread of the line

    def _pair(self, to: Any) -> Answer:
        asked = fields("pair", to, **{"code": str, "hash": str, "name": str, "from": str})
        if not re.fullmatch("[0-9a-f]{64}", asked["hash"]):
            raise OrderError("{what} is no hash of a token", what=brief(asked["hash"]))
        if not self._spend(asked["code"], asked["from"]):
            # The same words whether it is wrong, too old or there is none.
            raise OrderError("no phone can be connected by this code; the panel shows the one that counts")
        name = ""
        try:
            phone = self._phones.add(asked["name"], asked["hash"])
            name = phone.name
        except OSError as error:
            _log.warning("a phone can't be paired: %s", _unwritten(error))
            raise _unwritten(error) from error
        finally:
            self._tell(partial(PairingEnded, name=name))
        _log.info("a phone is paired: %s", name)
        return {"phone": phone.id, "name": name}

    def _spend(self, given: str, sender: str) -> bool:
        """Whether it is the code on the panel, or the first one."""
        digest, now = _digest("".join(given.split()).upper()), self._clock.now()
        with self._lock:
            code, counted = self._code, self._code.counts(now)
            is_right = code.takes(digest, sender, now)
            is_first = self._first.takes(digest, sender, now)
        if counted and code.is_spent and not is_right:
            self._tell(PairingEnded)
        return is_right or is_first

    def _forget(self, to: Any) -> Answer:
        try:
            match to:
                case {"all": True, **rest} if not rest:
                    return {"names": [each.name for each in self._phones.forget_all()]}
                case {"phone": str() as phone_id, **rest} if not rest:
                    phone = self._phones.forget(phone_id)
                    if phone is not None:
                        return {"names": [phone.name]}
                    raise _unknown()
        except OSError as error:
            raise _unwritten(error) from error
        raise refused("forget", to, '{"phone": "..."}')

    def _seen(self, to: Any) -> Answer:
        try:
            if not self._phones.see(fields("seen", to, phone=str)["phone"]):
                raise _unknown()
        except OSError as error:
            raise _unwritten(error) from error
        return {}

    def _forget_all(self) -> None:
        try:
            self._phones.forget_all()
            _log.info("all phones are forgotten")
        except OSError as error:
            _log.error("%s", _unwritten(error))


class PairingTold:
    """Tells the followers whether a phone can be paired now, never by which code."""

    def __init__(self, pairing: Pairing, line: Told) -> None:
        self._pairing, self._line = pairing, line

    def look(self, snapshot: Callable[[], Snapshot]) -> None:  # noqa: ARG002 - the core doesn't know it
        """Tell it, if anybody follows."""
        self._line.stand("pairing", open=self._pairing.is_open)


def _no_code() -> _Code:
    """A code that nobody can know, spent."""
    return _Code(0.0, secrets.token_bytes(32), is_spent=True)


def _random() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))


def _digest(code: str) -> bytes:
    """Digests are of one length, whatever was typed."""
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()


def _unknown() -> OrderError:
    return OrderError("this phone isn't paired")


def _unwritten(error: OSError) -> OrderError:
    return OrderError("the list of phones can't be written: {error}", error=error.strerror or error)
