"""Turn a reading list of papers into a roundup post."""

__version__ = "0.1.0"
