// The tables of events that rule sets declare: a step of the schema.
#pragma once

namespace consign::store {

inline constexpr const char* kEventTables = R"sql(
-- An event as it came in and what was decided about it: immutable.
CREATE TABLE own_events (
  seq INTEGER PRIMARY KEY,
  name TEXT NOT NULL,            -- of the event, as rules declare it
  id TEXT NOT NULL,
  shop TEXT NOT NULL,            -- empty: it names none
  body TEXT NOT NULL,            -- canonical JSON
  body_hash BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  rules TEXT NOT NULL,           -- hash of the rule set
  facts TEXT NOT NULL,           -- JSON: of the shop, and whose turn it was
  answer TEXT NOT NULL,          -- JSON: the decision with its reasons
  engine TEXT NOT NULL,
  time_zones TEXT NOT NULL,
  UNIQUE (name, id)
) STRICT;

-- How it stands now.
CREATE TABLE event_standings (
  event INTEGER PRIMARY KEY REFERENCES own_events (seq),
  name TEXT NOT NULL,            -- name and shop as above, to be found by
  shop TEXT NOT NULL,
  state TEXT NOT NULL,           -- assigned, held, recorded, closed
  account TEXT NOT NULL,         -- assigned: who has it; held: who gets it when that can be; or ''
  grp TEXT NOT NULL,             -- the group whose members it goes round in; or ''
  reason TEXT NOT NULL,          -- of held
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_standings_by_name ON event_standings (name, event);
CREATE INDEX event_standings_by_account ON event_standings (account, event) WHERE account <> '';
CREATE INDEX event_standings_waiting ON event_standings (grp, account, shop, event)
  WHERE state = 'held' AND (grp <> '' OR account <> '');

-- Whom each group gave something to last.
CREATE TABLE group_turns (
  grp TEXT PRIMARY KEY,
  account TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is on duty.
CREATE TABLE duties (
  account TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Accounts that have changed, and up to which event what they have was looked at since.
CREATE TABLE accounts_to_look_at (
  account TEXT PRIMARY KEY,
  after INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace consign::store
