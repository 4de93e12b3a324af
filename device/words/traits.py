"""The traits of stretches that a person can choose by: area, needs, clothes and conditions."""

from __future__ import annotations

from enum import Enum


class Area(Enum):
    """The part of the body that a stretch is for."""

    HIP_FLEXORS = "hip_flexors"
    PSOAS = "psoas"
    GLUTES = "glutes"
    HIP_ROTATION = "hip_rotation"
    ADDUCTORS = "adductors"
    QUADS = "quads"
    CORE = "core"
    LOW_BACK = "low_back"
    UPPER_BACK = "upper_back"
    CHEST = "chest"
    NECK = "neck"
    CIRCULATION = "circulation"

    @property
    def is_hips(self) -> bool:
        """Whether it is one of the hip areas, which every routine includes."""
        return self in _HIPS


_HIPS = frozenset({Area.HIP_FLEXORS, Area.PSOAS, Area.GLUTES, Area.HIP_ROTATION, Area.ADDUCTORS})


NEEDS = ("space", "wall", "desk", "chair", "floor")
"""What a stretch may need; `chair` is one that can't roll."""


CLOTHES = ("skirt", "tight")
"""Clothes in which some stretches can't be done."""


CONDITIONS = ("hip replacement", "knee", "back", "shoulder", "pregnancy", "balance")
"""Conditions with which some stretches should be left out."""
