"""Which form goes with which number, against samples that Unicode's CLDR gives for each rule."""

from __future__ import annotations

import pytest

from device.languages.plurals import RULES, forms_of

SAMPLES = {
    "japanese": {"other": [0, 1, 2, 5, 100]},
    "english": {"one": [1], "other": [0, 2, 11, 21]},
    "french": {"one": [0, 1], "other": [2, 17]},
    "czech": {"one": [1], "few": [2, 3, 4], "other": [0, 5, 19, 22]},
    "polish": {"one": [1], "few": [2, 4, 22, 24, 102], "many": [0, 5, 12, 14, 21, 112]},
    "russian": {"one": [1, 21, 101], "few": [2, 4, 22, 102], "many": [0, 5, 11, 14, 111, 112]},
    "croatian": {"one": [1, 21, 101], "few": [2, 4, 22], "other": [0, 5, 11, 14, 111]},
    "lithuanian": {"one": [1, 21, 101], "few": [2, 9, 22, 102], "other": [0, 10, 11, 20, 111]},
    "latvian": {"zero": [0, 10, 11, 20, 111], "one": [1, 21, 101], "other": [2, 9, 22]},
    "romanian": {"one": [1], "few": [0, 2, 16, 101, 119], "other": [20, 35, 100, 120]},
    "slovenian": {"one": [1, 101, 201], "two": [2, 102], "few": [3, 4, 103], "other": [0, 5, 11, 100]},
    "irish": {"one": [1], "two": [2], "few": [3, 6], "many": [7, 10], "other": [0, 11, 25]},
}


@pytest.mark.parametrize("rule", RULES)
def test_numbers_take_the_forms_that_cldr_gives_them(rule: str) -> None:
    taken = {n: form for form, numbers in SAMPLES[rule].items() for n in numbers}
    assert {n: RULES[rule](n) for n in taken} == taken
    assert list(forms_of(rule)) == [
        form for form in ("zero", "one", "two", "few", "many", "other") if form in SAMPLES[rule]
    ]
