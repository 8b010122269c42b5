"""The embedded store: one encrypted SQLite file and one writer thread per desk."""
