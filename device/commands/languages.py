"""`unsit languages`: lists the languages, and the words that each lacks."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

from device.commands.asking import EX_USAGE, CommandError, Commands, command, settings_of, takes_settings
from device.languages.language_files import STRETCHES, WORDS, languages, own_languages, passed_over
from device.languages.phrases import missing_phrases
from device.languages.screen_words import missing_words, vocabulary
from device.settings.settings import Settings
from device.stretches.repertoire import all_stretches, missing_cues, missing_texts


def offer(commands: Commands) -> None:
    """Add the command."""
    parser = command(commands, "languages", _list_languages, "list the languages, and what each of them lacks")
    parser.add_argument("language", metavar="LANGUAGE", nargs="?", help="list what this one lacks, such as de")
    takes_settings(parser)


def _list_languages(asked: argparse.Namespace) -> int:
    settings = settings_of(asked)
    known = languages(settings.languages.folder)
    if asked.language is None:
        print("\n".join([_about(settings, each) for each in known]))
        for each in passed_over(settings.languages.folder):
            print(f"{each} is passed over: it would have to be named by two small letters, such as pl")
        return 0
    if asked.language not in known:
        raise CommandError(f'there is no language "{asked.language}"; allowed: {", ".join(known)}', EX_USAGE)
    for file, keys in _lacking(settings, asked.language).items():
        print(f"{file}: {_how_many(keys)}")
        for key in keys:
            print(f"  {key}")
    return 0


def _about(settings: Settings, language: str) -> str:
    folder = settings.languages.folder
    own = own_languages(folder).get(language)
    lacking = _lacking(settings, language)
    says = "; ".join(f"{file} {_how_many(keys)}" for file, keys in lacking.items() if keys) or "lacks nothing"
    name = vocabulary(language, folder).text("language.name")
    return f"{language}  {name:12}  {says}{f' ({own})' if own else ''}"


def _lacking(settings: Settings, language: str) -> Mapping[str, Sequence[str]]:
    """The keys that each file lacks. Raises ContentError if a file can't be used."""
    folder = settings.languages.folder
    spoken = replace(settings, screens=replace(settings.screens, language=language))
    all_stretches(spoken)
    words = [*missing_words(language, folder), *(f"cues.{cue}" for cue in missing_cues(language, folder))]
    return {WORDS: words, STRETCHES: missing_texts(spoken), **missing_phrases(language, folder)}


def _how_many(keys: Sequence[str]) -> str:
    return f"lacks {len(keys)}" if keys else "lacks nothing"
