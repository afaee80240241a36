"""Papers out: Word, Excel, CSV and the zip of a dossier, from plain views. Knows nothing of rows, pages or letters."""
