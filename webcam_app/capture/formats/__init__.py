"""Kinds of picture files, and how each becomes an image."""
