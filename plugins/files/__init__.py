"""Records as CSV, JSON lines, XLSX and Parquet."""
