// The tables of what is sent: steps of the schema.
#pragma once

namespace consign::store {

/// Effects get an id and a state of their own, and the attempts to deliver them are written down.
inline constexpr const char* kOutboxTables = R"sql(
ALTER TABLE outbox ADD COLUMN id TEXT NOT NULL DEFAULT '';    -- the same for every attempt
ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;    -- since it was queued last
ALTER TABLE outbox ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN ended_at INTEGER;               -- delivered, or given up
UPDATE outbox SET id = 'msg_' || lower(hex(randomblob(16)));
CREATE UNIQUE INDEX outbox_by_id ON outbox (id);
CREATE INDEX outbox_queued ON outbox (endpoint, seq) WHERE state = 'queued';
CREATE INDEX outbox_failed ON outbox (endpoint, seq) WHERE state = 'failed';
CREATE TABLE attempts (
  effect INTEGER NOT NULL REFERENCES outbox (seq),
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  millis INTEGER NOT NULL,       -- how long it took
  status INTEGER NOT NULL,       -- of the answer; 0: none
  problem TEXT,
  PRIMARY KEY (effect, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE disabled_endpoints (
  name TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
)sql";

/// Effects wait for their retries without holding up those of other orders, and what was delivered
/// is forgotten after a while, but for the fact that it was.
inline constexpr const char* kDeliveredTables = R"sql(
CREATE INDEX outbox_retrying ON outbox (endpoint, seq) WHERE state = 'queued' AND tries > 0;
CREATE INDEX outbox_delivered ON outbox (ended_at) WHERE state = 'delivered';
CREATE TABLE delivered_effects (
  id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace consign::store
