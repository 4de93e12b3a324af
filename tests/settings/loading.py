"""Settings as words on the command line make them, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from device.settings.settings import Settings
from device.settings.settings_file import SettingsError, load_settings


def loaded(*overrides: str) -> Settings:
    return load_settings(None, overrides, places=[])[0]


def complaint(*overrides: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(*overrides)
    line = str(caught.value)
    assert "\n" not in line
    return line
