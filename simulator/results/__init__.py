"""What came out: the books read, measures, money, comparisons with intervals, the value bridge, verification."""
