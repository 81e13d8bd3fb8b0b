"""The public API's ground floor: how it is asked, how it answers, and the areas themselves."""
