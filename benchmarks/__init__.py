"""What the portal reaches on this machine, beside other tools at the same work: ``python -m benchmarks``."""
