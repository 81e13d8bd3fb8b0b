"""Shortlists, dossiers and decisions. An empty room so far."""
