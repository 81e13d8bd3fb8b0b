"""Files of units: written for an area, filled by people, read back with all their faults, and committed."""

from campaign.unit_files.batches import (
    UnitFileChanged,
    UnitFileRefused,
    commit_units,
    examine_units,
    keep_unit_file,
)
from campaign.unit_files.book import write_units
from campaign.unit_files.reading import UnitFile, read_units

__all__ = [
    "UnitFile",
    "UnitFileChanged",
    "UnitFileRefused",
    "commit_units",
    "examine_units",
    "keep_unit_file",
    "read_units",
    "write_units",
]
