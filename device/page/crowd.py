"""Keeps strangers from taking all connections, and from asking too often. It never holds up a paired phone."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection

Peer = tuple[str, int]
"""Address and port of the other end of a connection."""
MOST_STRANGERS = 60
"""How many connections strangers may have together."""
MOST_EACH = 20
"""How many of them from one address."""
_SENDERS = 1024
"""How many addresses are remembered. Whoever hasn't asked for longest is forgotten."""


class Crowd:
    """All open connections. Who has too many loses the oldest, so that another one always gets in."""

    def __init__(self, proxies: Collection[str] = ()) -> None:
        """Behind one of the proxies there are many people, so its connections aren't limited."""
        self._proxies = proxies
        self._strangers: OrderedDict[Peer, Callable[[], None]] = OrderedDict()
        self._phones: dict[Peer, tuple[str, Callable[[], None]]] = {}

    def come(self, peer: Peer, hang_up: Callable[[], None]) -> None:
        """A connection is made; nobody knows yet by whom."""
        self._strangers[peer] = hang_up
        theirs = self._limited()
        if theirs[peer[0]] > MOST_EACH:
            self._drop_oldest(peer[0])
        elif theirs.total() > MOST_STRANGERS:
            self._drop_oldest(theirs.most_common(1)[0][0])

    def _limited(self) -> Counter[str]:
        return Counter(address for address, _ in self._strangers if address not in self._proxies)

    def _drop_oldest(self, address: str) -> None:
        oldest = next(peer for peer in self._strangers if peer[0] == address)
        self._strangers.pop(oldest)()

    def trust(self, peer: Peer, phone: str) -> None:
        """A paired phone asks on this connection."""
        known = self._phones.get(peer)
        hang_up = self._strangers.pop(peer, None) or (known and known[1])
        if hang_up:
            self._phones[peer] = (phone, hang_up)

    def go(self, peer: Peer) -> None:
        """A connection has ended."""
        self._strangers.pop(peer, None)
        self._phones.pop(peer, None)

    def expel(self, known: Collection[str]) -> None:
        """Hang up on every phone that isn't known any more, in the middle of a word if need be."""
        for peer, (phone, hang_up) in list(self._phones.items()):
            if phone not in known:
                del self._phones[peer]
                hang_up()


class Ration:
    """So many times at once, and after that once in so many seconds; each address has its own."""

    def __init__(self, at_once: int, again_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._again_s, self._now = at_once, again_s, now
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """How much each address has used, and as of when."""

    def take(self, address: str) -> bool:
        """Use it once; False if there is nothing left."""
        now = self._now()
        used, at = self._used.pop(address, (0.0, now))
        used = max(0.0, used - (now - at) / self._again_s)
        fine = used + 1 <= self._at_once
        self._used[address] = (used + 1 if fine else used, now)
        if len(self._used) > _SENDERS:
            self._used.popitem(last=False)
        return fine

    def give_back(self, address: str) -> None:
        """What was taken last was no harm, and doesn't count."""
        if address in self._used:
            used, at = self._used[address]
            self._used[address] = (max(0.0, used - 1), at)
