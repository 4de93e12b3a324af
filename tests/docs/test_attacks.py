"""What docs/page.md says about what somebody may try: for each row there is a test of it."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCS = (TESTS.parent / "docs/page.md").read_text("utf-8")
TRIED = {
    "look around without being paired": "test_a_stranger_gets_the_same_answer_whatever_there_is_at_an_address",
    "ten thousand guesses": "test_ten_thousand_guesses_of_one_come_to_five_tries_and_nobody_else_notices",
    "use a stolen cookie after its phone was forgotten": (
        "test_an_open_page_of_a_phone_that_is_forgotten_is_cut_off_before_it_hears_another_word"
    ),
    "point a host name of theirs at the Pi (DNS rebinding)": (
        "test_a_name_that_points_here_without_being_ours_gets_nothing_even_with_the_cookie"
    ),
    "send a change from a page of another site, or by a form": (
        "test_a_change_from_another_site_is_refused_though_the_cookie_comes_along"
    ),
    "show the page in a frame, to have you click": "test_no_page_may_be_shown_in_a_frame_or_load_from_elsewhere",
    "have a browser or a messenger open the address with the code beforehand": (
        "test_a_code_is_not_spent_by_what_only_looks_ahead"
    ),
    "smuggle headers or a second request through a proxy": "test_nothing_is_smuggled_through_nginx",
    "claim to be forwarded by a proxy": "test_forwarded_headers_of_whoever_is_no_proxy_are_not_believed",
    "send a cookie made to be hard to read": ("test_a_cookie_made_to_be_hard_to_read_takes_no_longer_than_another"),
    "hold two hundred slow connections open": "test_a_neighbour_with_two_hundred_slow_connections_keeps_nobody_out",
    "ask without end": "test_a_neighbour_who_asks_without_end_is_told_to_wait_and_nobody_else_is",
    "open and drop five hundred pages": "test_after_five_hundred_reconnects_nothing_is_left_of_them",
    "let wrong settings start the page again and again": (
        "test_settings_that_are_wrong_cost_one_start_and_not_one_after_the_other"
    ),
}


def rows() -> list[str]:
    """What somebody may try, of the table below "Who may ask"."""
    table = DOCS.partition("## Who may ask")[2].partition("| what somebody may try |")[2].partition("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[2:]]


def test_each_thing_that_somebody_may_try_has_a_test() -> None:
    assert rows() == list(TRIED)
    there = {
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }
    assert [test for test in TRIED.values() if test not in there] == []
