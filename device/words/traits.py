"""What stretches differ in, so that a person can choose by it: the area, what they take, clothes and conditions."""

from __future__ import annotations

from enum import Enum


class Area(Enum):
    """What a stretch is good for."""

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
        """One of those that every routine has."""
        return self in _HIPS


_HIPS = frozenset({Area.HIP_FLEXORS, Area.PSOAS, Area.GLUTES, Area.HIP_ROTATION, Area.ADDUCTORS})


NEEDS = ("space", "wall", "desk", "chair", "floor")
"""What a stretch may take: `chair` is one that can't roll."""


CLOTHES = ("skirt", "tight")
"""What some stretches can't be done in."""


CONDITIONS = ("hip replacement", "knee", "back", "shoulder", "pregnancy", "balance")
"""Who should leave some stretches out."""
