"""Papers of awards, from frozen content only; the same content gives the same bytes."""
