-- name: position
SELECT epoch, coalesce((SELECT max(seq) FROM record), 0) FROM lease;

-- name: take_lease
UPDATE lease SET holder = ?, epoch = epoch + 1 RETURNING epoch;

-- name: append
INSERT INTO record (seq, body) VALUES (?, ?);

-- name: last_seq
SELECT coalesce(max(seq), 0) FROM record;

-- name: read
SELECT seq, body FROM record WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: begin_snapshot
INSERT INTO snapshot (seq, format, engine_version, checksum) VALUES (?, ?, ?, ?) RETURNING id;

-- name: add_frame
INSERT INTO snapshot_frame (snapshot, position, body) VALUES (?, ?, ?);

-- name: finish_snapshot
UPDATE snapshot SET complete = 1 WHERE id = ?;

-- name: snapshots
SELECT id, format, seq, engine_version, checksum FROM snapshot WHERE complete = 1
ORDER BY seq DESC, id DESC LIMIT ?;

-- name: frames
SELECT body FROM snapshot_frame WHERE snapshot = ? ORDER BY position;

-- name: drop_old_frame
DELETE FROM snapshot_frame WHERE rowid = (
    SELECT rowid FROM snapshot_frame WHERE snapshot NOT IN (
        SELECT id FROM snapshot WHERE complete = 1 ORDER BY seq DESC, id DESC LIMIT ?
    ) LIMIT 1
) RETURNING rowid;

-- name: drop_old_snapshots
DELETE FROM snapshot WHERE id NOT IN (
    SELECT id FROM snapshot WHERE complete = 1 ORDER BY seq DESC, id DESC LIMIT ?
) AND NOT EXISTS (SELECT 1 FROM snapshot_frame WHERE snapshot = snapshot.id);
