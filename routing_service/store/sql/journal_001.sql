-- One desk's file. `record` is the truth; `snapshot` is a cache that may be dropped at any time.
CREATE TABLE record (
    seq  INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

-- One row: who acquired the desk last. An append of another epoch is refused in its transaction.
CREATE TABLE lease (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT NOT NULL,
    epoch  INTEGER NOT NULL
) STRICT;
INSERT INTO lease VALUES (1, '', 0);

-- Written frame by frame between commits, so that appends need not wait; `complete` comes last.
CREATE TABLE snapshot (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    seq            INTEGER NOT NULL,
    format         INTEGER NOT NULL,
    engine_version TEXT NOT NULL,
    checksum       BLOB NOT NULL,
    complete       INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE snapshot_frame (
    snapshot INTEGER NOT NULL REFERENCES snapshot (id),
    position INTEGER NOT NULL,
    body     BLOB NOT NULL,
    UNIQUE (snapshot, position)
) STRICT;
