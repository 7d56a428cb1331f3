"""Results as JSON documents, the form that other people's programs read (format 1)."""

from uncertainty.documents.document import FORMAT, Document, document, dump, settings_document
from uncertainty.documents.reproduction import check_document
from uncertainty.documents.sensitivity import sensitivity_document
from uncertainty.documents.studies import diff_document, figures_document, studies_document

__all__ = [
    "FORMAT",
    "Document",
    "check_document",
    "diff_document",
    "document",
    "dump",
    "figures_document",
    "sensitivity_document",
    "settings_document",
    "studies_document",
]
