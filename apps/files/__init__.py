"""Stored files, each once, under the hash of its content."""
