-- `customer` is a keyed hash, never a name; `wrapped` opens with the master key only.
-- Deleting a row is what erases a customer: all text sealed under `id` is unreadable from then on.
CREATE TABLE customer_key (
    customer BLOB PRIMARY KEY,
    id       BLOB NOT NULL,
    wrapped  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
