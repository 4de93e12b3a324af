"""Somebody who knows every figure that was ever shown, exactly and without rounding, and whom each of them is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

FEW = 4
"""Up to so many people are a person: what is about them alone has leaked."""


def isolated(known: Iterable[Collection[object]]) -> frozenset[object] | None:
    """The few people about whom some sum of multiples of the known figures is, and about nobody else.

    Each figure is a mean, hence a sum, over some people. People who are in the same figures can't be told apart, so
    they make one column. A combination that is about some columns alone exists if the rank falls without them.
    """
    sums = [frozenset(each) for each in known if each]
    columns: dict[tuple[bool, ...], set[object]] = {}
    for person in set().union(*sums):
        columns.setdefault(tuple(person in each for each in sums), set()).add(person)
    whole = _rank(list(columns))
    for few in _few(columns):
        if _rank([column for column in columns if column not in few]) < whole:
            return frozenset().union(*(columns[each] for each in few))
    return None


def _few(columns: dict[tuple[bool, ...], set[object]]) -> Iterator[Collection[tuple[bool, ...]]]:
    small = [column for column, people in columns.items() if len(people) <= FEW]
    for count in range(1, FEW + 1):
        for some in combinations(small, count):
            if sum(len(columns[each]) for each in some) <= FEW:
                yield some


def _rank(columns: Sequence[Sequence[bool]]) -> int:
    rows = [[Fraction(each) for each in column] for column in columns]
    rank = 0
    for nth in range(len(rows[0]) if rows else 0):
        found = next((row for row in rows[rank:] if row[nth]), None)
        if found is None:
            continue
        rows.remove(found)
        rows.insert(rank, found)
        for row in rows[rank + 1 :]:
            share = row[nth] / found[nth]
            row[:] = [own - share * other for own, other in zip(row, found, strict=True)]
        rank += 1
    return rank
