// The tables of stock, capacity and what happens to parts: a step of the schema.
#pragma once

namespace consign::store {

inline constexpr const char* kFulfilmentTables = R"sql(
-- What suppliers have of a SKU, and what of it is promised to open parts.
CREATE TABLE stock (
  sku TEXT NOT NULL,
  supplier TEXT NOT NULL,
  available TEXT,                -- reported and promised to nobody; null: never reported
  reserved TEXT NOT NULL,
  safety TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  reported_at INTEGER,           -- as the report says
  PRIMARY KEY (sku, supplier)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_of_supplier ON stock (supplier, sku);

-- How many orders a supplier has taken in a day or an hour, and which.
CREATE TABLE loads (
  supplier TEXT NOT NULL,
  period INTEGER NOT NULL,       -- when it begins
  orders INTEGER NOT NULL,
  PRIMARY KEY (supplier, period)
) STRICT, WITHOUT ROWID;
CREATE TABLE loads_of_orders (
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  supplier TEXT NOT NULL,
  period INTEGER NOT NULL,
  PRIMARY KEY (shop, order_id, supplier)
) STRICT, WITHOUT ROWID;

-- `stage` of an assigned part: '' (assigned), sent, accepted, shipped, delivered; of one that a
-- person took out: cancelled; of one that a person holds: held. `version` becomes the order's
-- version in which the part changed last.
ALTER TABLE parts ADD COLUMN sku TEXT NOT NULL DEFAULT '';
ALTER TABLE parts ADD COLUMN stage TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;  -- the channel is told nothing
ALTER TABLE due ADD COLUMN how TEXT NOT NULL DEFAULT 'again';     -- again, reprocess, overrule

CREATE INDEX parts_held_until ON parts (until) WHERE stage = 'held' AND until IS NOT NULL;

CREATE TABLE rejections (
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  line TEXT NOT NULL,
  supplier TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop, order_id, line, supplier)
) STRICT, WITHOUT ROWID;

-- A parcel, and what of which parts is in it.
CREATE TABLE shipments (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  supplier TEXT NOT NULL,
  carrier TEXT NOT NULL,
  tracking TEXT NOT NULL,        -- JSON: the numbers
  urls TEXT NOT NULL,            -- JSON
  shipped_at INTEGER NOT NULL,
  delivered_at INTEGER,
  at INTEGER NOT NULL,
  by_person TEXT NOT NULL
) STRICT;
CREATE INDEX shipments_of_order ON shipments (shop, order_id, seq);
CREATE TABLE shipped_parts (
  shipment INTEGER NOT NULL REFERENCES shipments (seq),
  line TEXT NOT NULL,
  part INTEGER NOT NULL,
  quantity TEXT NOT NULL,
  PRIMARY KEY (shipment, line, part)
) STRICT, WITHOUT ROWID;

-- What persons and suppliers did to orders and their parts. Never changes.
CREATE TABLE order_events (
  seq INTEGER PRIMARY KEY,
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  line TEXT NOT NULL,            -- '': the order as a whole
  part INTEGER NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  by_person TEXT NOT NULL,
  token TEXT NOT NULL,
  supplier TEXT NOT NULL,        -- whose part it was then
  detail TEXT NOT NULL           -- JSON
) STRICT;
CREATE INDEX order_events_of_order ON order_events (shop, order_id, seq);
)sql";

/// Orders are found by the number that people know them by.
inline constexpr const char* kNamesOfOrders = R"sql(
ALTER TABLE orders ADD COLUMN name TEXT;
UPDATE orders SET name = (SELECT CAST(json_extract(r.body, '$.name') AS TEXT)
  FROM order_revisions r
  WHERE r.shop = orders.shop AND r.id = orders.id AND r.revision = orders.revision);
CREATE INDEX orders_of_name ON orders (shop, name) WHERE name IS NOT NULL;
)sql";

}  // namespace consign::store
