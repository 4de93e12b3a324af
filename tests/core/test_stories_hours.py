"""Stories of a day with meetings, hours and plans, on simulated time."""

from __future__ import annotations
