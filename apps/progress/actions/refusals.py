"""What the actions say when they refuse."""


class Refused(Exception):
    """A change that a rule forbids; the message is the sentence that a person reads, in the language of the request.

    `entry_id` names the cell that stands in the way, None where it is not one cell.
    """

    def __init__(self, sentence: str, entry_id: int | None = None) -> None:
        super().__init__(sentence)
        self.entry_id = entry_id

    @property
    def sentence(self) -> str:
        """Return the sentence."""
        return str(self.args[0])
