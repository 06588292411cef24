"""One paper for every row of a table: rows, what their columns mean, the run and its report."""
