"""The lab: made-up cases through the desk's own code, to see what it decides."""

from wxdesk.lab.document import KINDS, LabDocumentInvalid, errors, run

__all__ = ["KINDS", "LabDocumentInvalid", "errors", "run"]
