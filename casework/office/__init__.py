"""What an office keeps and shows besides its cases: rosters, inspections, publication, recordings, review."""
