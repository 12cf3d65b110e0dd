"""Properties are judged by what they find, not by how long a busy machine takes to look."""

from hypothesis import settings

settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")
