"""Made-up figures for a look around, and their removal: labelled everywhere, from a fixed seed, gone with one command."""

from apps.progress.actions.demonstration.loading import DEMONSTRATION_DAY, Demonstration, NoPlan, load_demonstration
from apps.progress.actions.demonstration.people import DOMAIN, TooShort
from apps.progress.actions.demonstration.removal import Removed, remove_demonstration

__all__ = [
    "DEMONSTRATION_DAY",
    "DOMAIN",
    "Demonstration",
    "NoPlan",
    "Removed",
    "TooShort",
    "load_demonstration",
    "remove_demonstration",
]
