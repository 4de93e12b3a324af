"""The words of the page in other languages: none is left in English, neither in its files nor before one's eyes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from device.commands.page import page_beside
from device.desk import virtual_desk
from device.files.complaint import Complaint, ContentError
from device.history.day_words import COLUMNS, SIGNS
from device.journal.reader import DETAILS
from device.languages.language_files import ENGLISH, SETTINGS, language_files, languages
from device.languages.phrases import HALF, Phrases, explained, phrases
from device.page.orders import NAMES
from device.page.texts import Texts, texts_in
from device.settings import settings_file
from device.settings.settings import JournalSettings, PageSettings, Screens
from device.settings.settings_file import setting_docs
from device.settings.table import GROUPS, rules, table
from device.stages import calibration
from device.topics.discovery import COMPONENTS
from device.words.traits import Area
from tests.rig import HALF_HOURLY, Browser, Page, Rig, Window, ask
from tests.waiting import until

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "device/page/static"
OTHERS = [language for language in languages() if language != ENGLISH]
JSON = {"content-type": "application/json"}
TEXT = r'"((?:[^"\\]|\\.)*)"'
MODE = re.compile(r"[a-z]+: ")


def said_by_pages() -> set[str]:
    return {text for page in STATIC.rglob("*.html") for text in texts_in(str(page.relative_to(STATIC)))}


def said_by_scripts() -> set[str]:
    said = set()
    for script in STATIC.rglob("*.js"):
        source = script.read_text("utf-8")
        for called, inside in calls(source, "say", "many", "sayEither"):
            # Of a control that says now one thing and now another, the first is its name in the page.
            said |= set(re.findall(TEXT, inside)[1 if called == "sayEither" else 0 :])
        for listed in re.findall(r"hz \? (\[.*\]) : (\[.*\]);", source):
            said |= {text for each in listed for text in re.findall(TEXT, each)}
    # What is no text but a way to write a date or a name.
    return said - {"_", "numeric", "short"}


def said_by_server() -> set[str]:
    sources = [file.read_text("utf-8") for file in (PROJECT / "device/page").glob("*.py")]
    said = (inside for source in sources for _, inside in calls(source, "say"))
    return {found[1] for inside in said if (found := re.match(rf"\s*{TEXT}", inside))} - {" "}


WRONG = ("is out of bounds", "can't be a path", "is none of them")
"""What is wrong with a single value of a setting."""


def complained_of() -> set[str]:
    """What may be wrong with what hands do, with the journal, an order and a calibration; and how one ended."""
    said = set(DETAILS) | {says for _, says in virtual_desk._ALLOWED.values() if isinstance(says, str)}
    said |= {HALF, *calibration._SAID.values()}
    journal = (f"device/journal/{file.stem}" for file in (PROJECT / "device/journal").glob("*.py"))
    calibrating = ("device/stages/calibration", "device/desk/calibrating")
    settings = ("device/settings/settings_file", "device/settings/layers", "device/changes/changes")
    orders = (
        *settings,
        "device/changes/orders",
        "device/run/orders",
        "device/phones/pairing",
        "device/commands/desk",
        "device/page/follower",
    )
    for module in ("device/desk/virtual_desk", *journal, *calibrating, *orders, "device/commands/page"):
        for node in ast.walk(ast.parse((PROJECT / f"{module}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "Complaint",
                "HandsError",
                "JournalError",
                "NoAnswerError",
                "OrderError",
                "SettingsError",
                "TypeError",
            ):
                said |= set(constants_in(node.args[0]))
    return said | {*settings_file._MUST_BE.values(), *WRONG}


def said_of_settings() -> set[str]:
    """What settings, their groups and their choices are called, and what is allowed where no bounds say it."""
    said = {text for group in GROUPS for text in (group.title, group.about, *group.names.values())}
    for row in table(setting_docs()):
        if not row["where"] and (row["kind"] == "choices" or row["key"] == "stretches.clothes"):
            said |= {str(each).replace("_", " ") for each in row["options"]}
        said |= set(row["words"].values())
        # The device's own languages and stretches are there to choose from.
        is_free = row["key"] not in ("screens.language", "stretches.leave_out")
        if is_free and not row["options"] and row["low"] is None and not row["where"]:
            said.add(row["allowed"])
    return said | {each["why"] for each in rules()}


def calls(source: str, *names: str) -> Iterator[tuple[str, str]]:
    """Each call of these, and all that stands between its parentheses."""
    for begun in re.finditer(rf"\b({'|'.join(names)})\(", source):
        depth, at = 1, begun.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(source[at], 0)
            at += 1
        yield begun[1], source[begun.end() : at - 1]


def said_by_device() -> set[str]:
    """The English texts of the modules that tell how things stand and what has happened."""
    said = {area.value.replace("_", " ") for area in Area} | {"left", "right"}
    for module in ("state_feed", "fact_sentences"):
        tree = ast.parse((PROJECT / f"device/screens/{module}.py").read_text("utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else None
            # Names of facts and of their details are one word, what is said has several.
            if isinstance(text, str) and (" " in text.strip() or text in _SINGLE):
                said.add(text)
    return said


def said_of_days() -> set[str]:
    """What a day came to, in words."""
    said = {*COLUMNS, *SIGNS.values()}
    tree = ast.parse((PROJECT / "device/history/day_words.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said |= {text for each in node.args for text in constants_in(each) if " " in text.strip() or "{" in text}
            if getattr(node.func, "id", "") == "DayFigure":
                said |= set(constants_in(node.args[0]))
        if isinstance(node, ast.Assign):
            said |= {text for text in constants_in(node.value) if "{" in text}
    return said


def constants_in(source: ast.AST) -> Iterator[str]:
    for node in ast.walk(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said_on_brokers() -> set[str]:
    """What Home Assistant calls the parts of a desk."""
    return {each.name for each in COMPONENTS if each.name}


_COMPLAINS = ("Complaint", "HandsError", "JournalError")
_SINGLE = {"finish", "Done", "Shown"}
_NOT_SAID = {"; ", ", ", ": ", "   "}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_the_page_says_is_missing_in_another_language(language: str) -> None:
    said = phrases(language).said
    everything = (
        said_by_pages()
        | said_by_scripts()
        | said_by_device()
        | said_of_days()
        | said_of_settings()
        | said_by_server()
        | complained_of()
        | said_on_brokers()
    )
    assert len(everything) > 250
    assert sorted(text for text in everything - _NOT_SAID if text not in said) == []
    assert sorted(said.keys() - everything) == [], "nobody says these any more"


@pytest.mark.parametrize("language", OTHERS)
def test_every_setting_is_explained_in_another_language_and_none_that_is_not_there(language: str) -> None:
    (file,) = language_files(language, SETTINGS, "")
    own = file.tables()
    assert sorted(setting_docs().keys() - own.keys()) == []
    assert sorted(own.keys() - setting_docs().keys()) == []
    assert explained(language)["limits.due_after"] == own["limits.due_after"]


def test_what_a_language_lacks_is_said_in_english_and_filled_in() -> None:
    say = Phrases("xx", {"in {time}": "nach {time}"})
    assert say("in {time}", time="0:12") == "nach 0:12"
    assert say("{count} taken", count=2) == "2 taken"
    assert explained("xx") == setting_docs()
    assert phrases("xx").said == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('"in {time}" = "nach {zeit}"', "xx/page.toml: \"in {time}\": fills in ['zeit']; allowed: ['time']"),
        ('"in {time}" = "nach {time"', 'xx/page.toml: "in {time}": '),
        ('"in {time}" = "nach {time!r}"', 'xx/page.toml: "in {time}": fills in {time!r}; allowed: {time}'),
        ('"now" = "jetzt {"', 'xx/page.toml: "now": '),
        ("in", "xx/page.toml: not valid TOML: "),
        ("now = 5", 'xx/page.toml: "now": is 5; allowed: text'),
        (
            '["{count} breaks"]\nfew = "{n}"',
            "xx/page.toml: \"{count} breaks\": few: fills in ['n']; allowed: ['count']",
        ),
        (
            '["{count} breaks"]\nsome = "{count}"',
            'xx/page.toml: "{count} breaks": some: is no form; allowed: zero, one',
        ),
    ],
)
def test_a_mistake_in_it_is_told_in_a_line(words: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx/page.toml").write_text(words, "utf-8")
    with pytest.raises(ContentError) as caught:
        phrases("xx", str(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}/{told}")
    assert "\n" not in told


def test_texts_are_put_into_a_page_as_text() -> None:
    texts = Texts("xx", {"Now": "<b>&"})
    page = texts.page("day/day.html")
    assert "&lt;b&gt;&amp;" in page
    assert '<html lang="xx">' in page
    assert "{{" not in page
    assert "<script>alert" not in texts.page("shared/missing.html", path="/<script>alert(1)</script>")


def test_a_complaint_may_call_its_values_what_it_likes() -> None:
    complaint = Complaint("{text}, {self}, {complaint}", text="a", self="b", complaint=Complaint("{text}", text="c"))
    assert Texts().tell(complaint) == phrases("en", "").tell(complaint) == "a, b, c"


def test_every_page_links_to_all_that_this_device_has_and_marks_itself() -> None:
    page = Texts().page("day/day.html")
    assert page.count('aria-current="page"') == 1
    assert '<a href="/day" aria-current="page"' in page
    assert [re.search(f'id="{each}" hidden', page) is None for each in ("to-seat", "to-phones", "to-desk")] == [
        *(True, False, False)
    ]
    page = Texts().page("day/day.html", ["/phones", "/"])
    assert 'id="to-phones" hidden' not in page
    assert 'id="to-desk" hidden' not in page


# ---- before one's eyes

EVERYTHING = """() => {
  const said = [];
  for (const each of document.querySelectorAll("body *, title")) {
    if (["SCRIPT", "NOSCRIPT", "KBD", "CODE"].includes(each.tagName)) continue;
    for (const name of ["aria-label", "alt", "title", "data-on", "data-off", "data-empty"])
      if (each.hasAttribute(name)) said.push(each.getAttribute(name));
    for (const node of each.childNodes) if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent);
  }
  return said;
}"""

SAME = {
    # What is called so in both languages, and the names that settings' values have.
    *("unsit", "pause", "psoas", "bytes", "name", "browser", "gpio", "oled", "piezo", "proxy", "hand", "minute"),
    *("operation", "still", "couple", "hours", "half", "hourly", "turns", "preset", "passive", "active"),
    *("none", "contact", "addr", "person", "sensors", "falls", "calibrate", "anna", "bob"),
    *("computer", "core", "deutsch", "down", "drift", "english", "glutes", "hips", "house", "journal", "kind", "move"),
    *("pins", "port", "quiet", "sensor", "stand", "such", "this", "upper"),
    *("json", "sqlite", "code", "deutsch", "english", "lies"),
    *("gpiod", "lgpio", "rpigpio", "chair", "floor", "stretches", "make", "run", "page", "high", "list", "toml"),
    *("assistant", "broker", "home", "homeassistant", "mqtt"),
}
A_PATH = re.compile(r"\S*[/_=]\S*|\S+\.\S+")


def words_in(text: str) -> Iterator[str]:
    return (word.lower() for word in re.findall(r"[A-Za-zÄÖÜäöüß]{4,}", A_PATH.sub(" ", text)))


def words_of(page: Page) -> Iterator[str]:
    for text in page.evaluate(EVERYTHING):
        yield from words_in(text)


def walked(window: Window, rig: Rig) -> set[str]:
    """Every word that somebody comes across who goes through a break, a mishap and a recorded day, and looks back."""
    page = window.page
    seen: set[str] = set()

    def look() -> None:
        seen.update(words_of(page))

    page.goto(rig.address)
    page.locator("#state b").wait_for()
    look()
    page.click("#sit")
    page.locator("#chair.taken").wait_for()
    look()
    page.click("#skip")
    page.locator("#facts .due").wait_for()
    look()
    page.click("#skip")
    page.locator("#facts .sound").wait_for()
    look()
    page.click("#push")
    page.locator("#facts .acknowledged").wait_for()
    look()
    page.click("#chair")
    page.click("[data-speed='10']")
    page.locator("#facts .left").wait_for()
    look()
    page.click("[data-speed='1']")
    page.locator("#facts .stretch_started").wait_for()
    look()
    page.click("[data-speed='60']")
    page.locator("#facts .guide_ended").wait_for()
    look()
    page.click("#power")
    page.locator("#glass-says:visible").wait_for()
    look()
    page.click("#power")
    page.locator("#facts .power_cut").wait_for()
    page.click("#panel-off")
    page.click("#noise")
    page.click("#clock-on")
    page.locator("#facts .clock_stepped").wait_for()
    look()
    page.goto(f"{rig.address}day")
    page.locator("#areas > *").first.wait_for()
    page.locator("#day-strip .seated").first.wait_for()
    look()
    for address, there in (("settings", "#groups:visible"), ("stretches", "#routine li"), ("seat", ".advice li")):
        page.goto(f"{rig.address}{address}")
        page.locator(there).first.wait_for()
        look()
    page.goto(rig.address)
    page.click("#recorded")
    page.locator("#facts .full_break").first.wait_for()
    page.click("#chair")
    rig.live._soon(lambda: rig.live.clock.jump(32_380))
    page.locator("#over:visible").wait_for()
    look()
    page.goto(f"{rig.address}day")
    page.locator("#back:visible").wait_for()
    look()
    for address, part in (("nowhere", "h2"), ("phones", "#none:not(:empty)"), ("welcome?again", "#step-1")):
        page.goto(f"{rig.address}{address}")
        page.locator(part).first.wait_for()
        look()
    return seen


SEEN_FROM_OUTSIDE: list[tuple[str, str, bytes | None, dict[str, str]]] = [
    ("GET", "/nothing", None, {}),
    ("GET", "/hands", None, {}),
    ("GET", "/days.json?last=soon", None, {}),
    ("GET", "/days.json?last=9999-01-01", None, {}),
    ("GET", "/days.json?first=2020-01-01&last=2026-01-01", None, {}),
    ("GET", "/days.json", None, {"Host": "pi.local"}),
    ("GET", "/days.json", None, {"Host": ""}),
    ("GET", "/days.json", None, {"Origin": "http://evil.example"}),
    ("GET", "/live", None, {"Sec-Fetch-Site": "cross-site"}),
    ("POST", "/hands", b"x" * 3000, JSON),
    ("POST", "/hands", b"{}", {}),
    ("POST", "/hands", b"{", JSON),
    ("POST", "/hands", b"{}", JSON),
    ("POST", "/hands", b'{"do": "xxx", "to": true}', JSON),
    ("POST", "/hands", b'{"do": "seat", "to": 1}', JSON),
    ("POST", "/hands", b'{"do": "speed", "to": 0.5}', JSON),
    ("POST", "/hands", b'{"do": "step", "to": 1e9}', JSON),
    ("POST", "/hands", b'{"do": "never", "to": ""}', JSON),
    ("POST", "/hands", b'{"do": "calibrate", "to": true}', JSON),
    ("POST", "/hands", b'{"do": "there", "to": "up"}', JSON),
    ("POST", "/orders", b"{}", JSON),
    ("POST", "/orders", b'{"do": "pair", "to": true}', JSON),
    ("POST", "/orders", b'{"do": "mute", "to": {"for_s": 1}}', JSON),
    ("POST", "/orders", b'{"do": "mute", "to": {"until": "soon"}}', JSON),
    ("POST", "/orders", b'{"do": "choose", "to": {"name": "language", "value": "xx"}}', JSON),
    ("POST", "/orders", b'{"do": "forget", "to": {"phone": "00000000"}}', JSON),
    ("GET", "/download/report?last=2020-03-02", None, {}),
    ("POST", "/forget", b"{}", JSON),
    ("POST", "/forget", b'{"day": "2020-01-01"}', JSON),
]


def test_what_the_german_page_refuses_it_refuses_in_german(tmp_path: Path) -> None:
    said: dict[str, list[str]] = {}
    for language in ("en", "de"):
        file = tmp_path / language / "journal.db"
        file.parent.mkdir()
        journal = JournalSettings(file=str(file))
        settings = replace(HALF_HOURLY, screens=Screens(language=language, safety_s=0.0), journal=journal)
        with Rig(tmp_path / language, settings).running() as rig:
            until(lambda rig=rig: rig.hand("seat", False) == 204)  # type: ignore[misc]
            answers = [rig.ask(*each) for each in SEEN_FROM_OUTSIDE]
        assert [status < 400 for status, _ in answers] == [False] * len(answers)
        for content in (b"no journal at all" * 100, b""):
            for beside in file.parent.glob("journal.db*"):
                beside.unlink()
            file.write_bytes(content)
            page = replace(settings, page=PageSettings(port=0))
            with page_beside(page, tmp_path / "nobody") as address:
                answers += [ask(address, "POST", "/hands", b"{}", JSON), ask(address, "GET", "/bouts.json")]
                days = json.loads(ask(address, "GET", "/days.json")[1])
                answers.append((200, days["trouble"].replace(str(file), "")))
        said[language] = [text for _, text in answers]
    assert all(said["en"])
    assert "no journal" in said["en"][-1] or "empty file" in said["en"][-1]
    both = zip(said["en"], said["de"], strict=True)
    left = {word for english, german in both for word in {*words_in(german)} & {*words_in(english)}}
    assert sorted(left - SAME - HANDS) == []


HANDS = {
    *(*calibration.STEPS, *virtual_desk._ALLOWED, *NAMES, "pair"),
    *("true", "false", "first", "last", "hosts", "localhost", "json", "language", "soon", "zone"),
}
"""Words that are no text but what is sent."""


def test_where_the_pages_own_server_is_gone_nothing_english_is_said(browser: Browser, tmp_path: Path) -> None:
    settings = replace(HALF_HOURLY, screens=Screens(language="de", safety_s=0.0))
    context = browser.new_context()
    window = Window(context)
    with Rig(tmp_path, settings).running() as rig:
        window.page.route("**/*.json*", lambda route: route.abort())
        window.page.goto(f"{rig.address}day")
        window.waits_for("#trouble", "Der Server der Seite antwortet nicht.")
        assert "fetch" not in window.text("#trouble")
    context.close()


def test_whoever_walks_through_the_german_page_meets_no_english_word(browser: Browser, tmp_path: Path) -> None:
    seen = {}
    for language in ("en", "de"):
        (tmp_path / language).mkdir()
        settings = replace(HALF_HOURLY, screens=Screens(language=language, safety_s=0.0))
        context = browser.new_context()
        window = Window(context)
        with Rig(tmp_path / language, settings).running() as rig:
            seen[language] = walked(window, rig)
        context.close()
    assert len(seen["en"]) > 300
    left = sorted((seen["de"] & seen["en"]) - SAME)
    assert not left, " ".join(left)


@pytest.mark.parametrize("page", sorted((PROJECT / "device/page/static").rglob("*.html")), ids=lambda page: page.stem)
def test_no_two_parts_of_a_page_have_the_same_name(page: Path) -> None:
    names = re.findall(r'\bid="([^"]+)"', page.read_text("utf-8"))
    assert sorted(names) == sorted(set(names))
