-- name: fed
SELECT seq FROM fed;

-- name: set_fed
UPDATE fed SET seq = max(seq, ?);

-- name: put_item
INSERT INTO item (
    id, number, customer, queue, priority, state, opened_at, resolved_at, ended_at, breached, body
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    number = excluded.number, customer = excluded.customer, queue = excluded.queue,
    priority = excluded.priority, state = excluded.state, opened_at = excluded.opened_at,
    resolved_at = excluded.resolved_at, ended_at = excluded.ended_at,
    breached = excluded.breached, body = excluded.body;

-- name: drop_clocks
DELETE FROM clock WHERE item = ?;

-- name: put_clock
INSERT INTO clock (item, name, state, due, met_at, breached_at, corrected_at, elapsed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: get
SELECT body FROM item WHERE id = ?;

-- name: get_numbered
SELECT body FROM item WHERE number = ? ORDER BY id DESC LIMIT 1;

-- name: page
SELECT body FROM item
WHERE id > :after AND (:queue = '' OR queue = :queue) AND (:state = '' OR state = :state)
ORDER BY id LIMIT :limit;

-- name: page_of_queue
SELECT body FROM item
WHERE queue = :queue AND id > :after AND (:state = '' OR state = :state)
ORDER BY id LIMIT :limit;

-- name: count_items
SELECT priority, count(*) FROM item WHERE ended_at >= ? AND ended_at < ? GROUP BY priority;

-- name: count_outcomes
SELECT
    item.priority,
    clock.name,
    count(*) FILTER (WHERE clock.state = 'met' OR clock.corrected_at IS NOT NULL),
    count(*) FILTER (WHERE clock.breached_at IS NOT NULL AND clock.corrected_at IS NULL)
FROM item JOIN clock ON clock.item = item.id
WHERE item.ended_at >= ? AND item.ended_at < ?
GROUP BY item.priority, clock.name;
