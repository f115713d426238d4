// The seventh version of the tables: requests for access, invitations, and the codes that let
// collaborators ask.
#pragma once

namespace consign::store {

inline constexpr const char* kRequestTables = R"sql(
ALTER TABLE accounts ADD COLUMN organization TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN supplier TEXT NOT NULL DEFAULT '';     -- whose lines alone it sees
ALTER TABLE accounts ADD COLUMN mfa_required INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN suspended_in TEXT NOT NULL DEFAULT '[]';  -- shops; JSON

ALTER TABLE grants ADD COLUMN idle_seconds INTEGER;   -- after which one that is not used has ended
ALTER TABLE grants ADD COLUMN assigned_only INTEGER NOT NULL DEFAULT 0;  -- only on what is assigned

CREATE TABLE requests (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,            -- staff, collaborator, sub_account, supplier, service
  account TEXT NOT NULL,         -- who is to have it: "staff:anna@example.com"
  document TEXT NOT NULL,        -- what was asked for, without the code; canonical JSON
  fingerprint BLOB NOT NULL,     -- of the document
  filed_by TEXT NOT NULL,
  filed_at INTEGER NOT NULL,
  state TEXT NOT NULL,           -- review, invited, suspended, lapsed, accepted, denied, expired, cancelled
  decision TEXT NOT NULL,        -- what the rules said, with reasons; JSON
  rules TEXT NOT NULL,           -- the hash of the rule set that said it
  given TEXT NOT NULL,           -- what is given, or will be when it is accepted; JSON
  reviewer TEXT NOT NULL,        -- who decides: a role, an account; empty: who may
  reason TEXT NOT NULL,          -- why it is as it is
  decided_by TEXT,               -- the person who accepted or denied it
  changed_at INTEGER NOT NULL,
  due INTEGER                    -- when the review expires or the invitation lapses
) STRICT;
CREATE INDEX requests_due ON requests (due) WHERE due IS NOT NULL;
CREATE INDEX requests_of_account ON requests (account, filed_at);
CREATE INDEX requests_pending ON requests (kind) WHERE state IN ('review', 'invited', 'suspended', 'lapsed');

CREATE TABLE request_shops (
  shop TEXT NOT NULL,
  request TEXT NOT NULL REFERENCES requests (id),
  PRIMARY KEY (shop, request)
) STRICT, WITHOUT ROWID;

-- Links that make an invited account active. A link that is used or replaced is no more.
CREATE TABLE activation_links (
  hash BLOB PRIMARY KEY,         -- SHA-256 of the link's secret
  request TEXT NOT NULL REFERENCES requests (id),
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_of_request ON activation_links (request);

CREATE TABLE shop_plans (
  shop TEXT PRIMARY KEY,
  plan TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- The rules and plans that seats were last put right for.
CREATE TABLE seats_fitted (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  state TEXT NOT NULL
) STRICT;

-- The code is no secret from those who may hand it out, so it is stored as it is.
CREATE TABLE collaborator_codes (
  shop TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  required INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
-- Wrong codes, whoever tried them: written down before anybody is told that they were wrong.
CREATE TABLE code_failures (
  seq INTEGER PRIMARY KEY,
  shop TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX failures_of_shop ON code_failures (shop, at);
)sql";

}  // namespace consign::store
