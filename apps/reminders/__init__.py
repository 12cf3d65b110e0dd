"""Obligations that people are told of, each once."""
