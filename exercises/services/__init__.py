"""The only writers of plans, their rows, papers and links."""
