"""What stands beside a sheet's values: where formulas failed, which numbers show as percentages, how far it goes."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Marks:
    """The marks of one sheet by row and column from 0. An error is what its cell shows, empty where nothing was calculated."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Let the sheet go as far as a cell that holds something."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)
