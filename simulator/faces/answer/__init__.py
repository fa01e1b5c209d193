"""An answer that leaves the house: defined once, written as workbook, slides, PDF or page."""
