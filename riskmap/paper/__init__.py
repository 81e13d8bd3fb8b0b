"""Paper: the map and the table of a day as files that can be handed on, printed and checked.

Always in Vietnamese, whoever asks: they are official papers, and the same evidence gives the same bytes.
"""
