"""Shapes of areas: read from people's files, made into map bytes, and asked once who touches whom."""
