"""The tracking sheet: the Excel file that a department fills in in the field, out and back in."""
