-- name: find
SELECT id, wrapped FROM customer_key WHERE customer = ?;

-- name: add
INSERT INTO customer_key (customer, id, wrapped) VALUES (?, ?, ?);

-- name: erase
DELETE FROM customer_key WHERE customer = ? RETURNING customer;
