"""What is given and what may be seen: the company as arrays, its luck, its remembered past, and what planners see of it."""
