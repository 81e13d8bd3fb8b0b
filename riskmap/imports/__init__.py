"""Import: a file of counts comes in, is checked cell by cell, previewed, and committed to the ledger."""

from riskmap.imports.batches import Preview, commit_batch, preview_batch

__all__ = ["Preview", "commit_batch", "preview_batch"]
