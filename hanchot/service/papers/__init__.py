"""Papers fed from the database: rows become a view, the view becomes a file, and who took which is recorded."""
