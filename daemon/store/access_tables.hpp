// The second version of the tables: accounts, what tokens may, grants by hand, and who did what.
#pragma once

namespace consign::store {

inline constexpr const char* kAccessTables = R"sql(
CREATE TABLE accounts (
  account TEXT PRIMARY KEY,      -- "staff:anna"
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  shops TEXT,                    -- JSON; null: not limited to some
  roles TEXT NOT NULL,           -- JSON
  mfa INTEGER NOT NULL,
  state TEXT NOT NULL,           -- active, suspended, removed
  made_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

ALTER TABLE tokens RENAME TO tokens_before;
CREATE TABLE tokens (
  hash BLOB PRIMARY KEY,         -- SHA-256 of the token
  id TEXT NOT NULL UNIQUE,       -- the hash's first eight bytes in hexadecimal: no secret
  account TEXT NOT NULL,
  label TEXT NOT NULL,
  permissions TEXT,              -- JSON; null: all that the account may
  shops TEXT,                    -- JSON; null: all that the account may
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  expires INTEGER,
  revoked_at INTEGER,
  last_used INTEGER
) STRICT;
INSERT INTO tokens (hash, id, account, label, made_at, made_by)
  SELECT hash, lower(hex(substr(hash, 1, 8))), principal, 'first start', created, 'consignd'
  FROM tokens_before;
DROP TABLE tokens_before;
CREATE INDEX tokens_of_account ON tokens (account);

-- A grant's rows are its permissions. State: open, suspended, revoked (by a person), ended.
ALTER TABLE grants ADD COLUMN by_person TEXT;     -- who made it; null: a rule
ALTER TABLE grants ADD COLUMN ended_at INTEGER;
ALTER TABLE grants ADD COLUMN last_used INTEGER;
DROP INDEX grants_of_account;
DROP INDEX grants_of_order;
CREATE INDEX grants_of_account ON grants (account, id);
CREATE INDEX grants_of_order ON grants (shop, order_id);
CREATE INDEX grants_standing ON grants (id, permission) WHERE state IN ('open', 'suspended');

-- What persons did to accounts, tokens and grants.
CREATE TABLE access_events (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  subject TEXT NOT NULL,         -- "grant …", "account staff:anna", "token …"
  what TEXT NOT NULL,
  by_person TEXT NOT NULL,
  token TEXT NOT NULL,           -- the token, or other proof, that they came with
  detail TEXT NOT NULL           -- JSON
) STRICT;
CREATE INDEX access_events_of_subject ON access_events (subject, seq);
)sql";

}  // namespace consign::store
