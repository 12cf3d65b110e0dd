"""What changes plans: taking in a published plan and the schemes it is scored by."""

from apps.plans.actions.published import Loaded, PublishedFileMissing, SchemeMissing, load_published
from apps.plans.actions.schemes import load_schemes
from apps.plans.actions.sums import PrintedSumDiffers

__all__ = ["Loaded", "PrintedSumDiffers", "PublishedFileMissing", "SchemeMissing", "load_published", "load_schemes"]
