"""Papers of a campaign, as plain values that ``core.letters`` sets. Their words are ours."""
