"""Tables as spreadsheets and ERP systems export them: read within bounds, understood, and written as a company."""
