"""Results as JSON documents and rows of tables: what there is to be told stands once, on each record."""

from uncertainty.results.encoding import Document, dump, encoded, row_of
from uncertainty.results.keys import record

__all__ = ["Document", "dump", "encoded", "record", "row_of"]
