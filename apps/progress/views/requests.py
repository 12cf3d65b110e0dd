"""What the pages of progress read from a request."""

LONGEST_KEY = 18


def row_numbers(texts: list[str]) -> set[int]:
    """Return what are numbers of rows among the texts; nothing longer is any row's."""
    return {int(text) for text in texts if text.isdecimal() and len(text) <= LONGEST_KEY}
