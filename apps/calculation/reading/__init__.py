"""The words of a plan become figures: target cells, actual cells, and the printed form of what was read."""

from apps.calculation.reading.actuals import read_actual
from apps.calculation.reading.printing import written
from apps.calculation.reading.results import ActualReading, Reading, ReadOperator
from apps.calculation.reading.targets import read_target

__all__ = ["ActualReading", "ReadOperator", "Reading", "read_actual", "read_target", "written"]
