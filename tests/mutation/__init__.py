"""A mutation run: plant bugs of every kind in the code that decides, and count those that no test finds."""
