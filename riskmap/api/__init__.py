"""The public API of the risk map: levels, frames, totals, counts, and why."""
