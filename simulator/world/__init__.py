"""Given facts and their visible part: the company as arrays (network.py), luck (luck/), the planners' view (view/)."""
