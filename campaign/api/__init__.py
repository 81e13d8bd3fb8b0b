"""The public API of campaigns: plans as data."""
