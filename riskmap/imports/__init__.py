"""Import: a file of counts comes in, is checked cell by cell, previewed, committed to the ledger, undone."""

from riskmap.imports.batches import Committed, Preview, commit_batch, examine_batch, preview_batch
from riskmap.imports.undoing import undo_batch

__all__ = ["Committed", "Preview", "commit_batch", "examine_batch", "preview_batch", "undo_batch"]
