"""Files of registrations: written for one's own units, filled by people, read with all faults, committed."""

from campaign.registration_files.book import write_registrations
from campaign.registration_files.committing import RegistrationFileRefused, commit_registrations
from campaign.registration_files.reading import Line, RegistrationFile, read_registrations

__all__ = [
    "Line",
    "RegistrationFile",
    "RegistrationFileRefused",
    "commit_registrations",
    "read_registrations",
    "write_registrations",
]
