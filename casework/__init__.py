"""Cases: what holds the papers of one matter together, with their numbers, ledgers and log."""
