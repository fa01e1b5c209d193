"""Results read from the books: runs (run.py), measures (kpis/), money (money/), comparisons (compare.py), verification."""
