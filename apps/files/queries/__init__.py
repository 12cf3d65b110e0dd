"""Where contents lie, what they are, and what stands in them."""

from apps.files.queries.contents import folder, is_locked, open_content, path_of, suffix_of, type_of
from apps.files.queries.texts import readable_texts

__all__ = ["folder", "is_locked", "open_content", "path_of", "readable_texts", "suffix_of", "type_of"]
