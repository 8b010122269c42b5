-- Ended items of one desk, made from the journal and made anew from it whenever wanted.
-- Instants are microseconds UTC; `body` is the item as core held it, its text sealed.
CREATE TABLE item (
    id          TEXT PRIMARY KEY,
    number      TEXT NOT NULL,
    customer    TEXT NOT NULL,
    queue       TEXT NOT NULL,
    priority    TEXT NOT NULL,
    state       TEXT NOT NULL,
    opened_at   INTEGER NOT NULL,
    resolved_at INTEGER,
    ended_at    INTEGER NOT NULL,
    breached    INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE INDEX item_queue ON item (queue, id);
CREATE INDEX item_ended ON item (ended_at);

-- One row per promise of an item. `breached_at` stays when a late report corrects the breach.
CREATE TABLE clock (
    item         TEXT NOT NULL REFERENCES item (id),
    name         TEXT NOT NULL,
    state        TEXT NOT NULL,
    due          INTEGER,
    met_at       INTEGER,
    breached_at  INTEGER,
    corrected_at INTEGER,
    elapsed      INTEGER NOT NULL,
    PRIMARY KEY (item, name)
) STRICT, WITHOUT ROWID;

-- One row: everything that ended up to this record of the journal is here.
CREATE TABLE fed (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO fed VALUES (1, 0);
