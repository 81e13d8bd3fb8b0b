"""Campaigns, phases, units, registrations, pledges and standings. An empty room so far."""
