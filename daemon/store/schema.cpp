#include "daemon/store/schema.hpp"

#include <array>
#include <string>

#include "daemon/store/access_tables.hpp"
#include "daemon/store/activity_tables.hpp"
#include "daemon/store/event_tables.hpp"
#include "daemon/store/fulfilment_tables.hpp"
#include "daemon/store/outbox_tables.hpp"
#include "daemon/store/request_tables.hpp"

namespace consign::store {
namespace {

// Times are microseconds since 1970 (UTC); decimals and JSON are text; hashes of bodies are blobs.
// What is immutable (revisions, decisions, rule sets) stands apart from what stands now (orders,
// parts, grants).
constexpr const char* kTables = R"sql(
CREATE TABLE rule_sets (
  hash TEXT PRIMARY KEY,
  first_used INTEGER NOT NULL,
  last_good INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE rule_files (
  rule_set TEXT NOT NULL REFERENCES rule_sets (hash),
  path TEXT NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (rule_set, path)
) STRICT;

CREATE TABLE order_revisions (
  shop TEXT NOT NULL,
  id TEXT NOT NULL,
  revision TEXT NOT NULL,
  updated_at INTEGER,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL,            -- canonical JSON
  body_hash BLOB NOT NULL,
  decision TEXT,                 -- the first one made for it; null: stale
  answer TEXT,                   -- what was answered, where no decision holds it
  PRIMARY KEY (shop, id, revision)
) STRICT;
CREATE TABLE decisions (
  id TEXT PRIMARY KEY,
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  revision TEXT NOT NULL,
  rules TEXT NOT NULL REFERENCES rule_sets (hash),
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,  -- the order's, which its event was decided with
  answer TEXT NOT NULL,
  facts TEXT NOT NULL,
  prior TEXT,
  engine TEXT NOT NULL,
  time_zones TEXT NOT NULL,
  FOREIGN KEY (shop, order_id, revision) REFERENCES order_revisions (shop, id, revision)
) STRICT;
CREATE INDEX decisions_of_order ON decisions (shop, order_id);

CREATE TABLE orders (
  seq INTEGER PRIMARY KEY,
  shop TEXT NOT NULL,
  id TEXT NOT NULL,
  revision TEXT NOT NULL,
  updated_at INTEGER,
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  decision TEXT NOT NULL REFERENCES decisions (id),
  customer_id TEXT,
  customer_email TEXT,
  version INTEGER NOT NULL,
  UNIQUE (shop, id)
) STRICT;
CREATE INDEX orders_of_customer ON orders (shop, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_of_email ON orders (shop, customer_email) WHERE customer_email IS NOT NULL;

CREATE TABLE parts (
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  line TEXT NOT NULL,
  part INTEGER NOT NULL,
  place INTEGER NOT NULL,        -- the line's place in the order
  quantity TEXT NOT NULL,
  outcome TEXT NOT NULL,
  supplier TEXT,
  rule TEXT,
  file TEXT,
  file_line INTEGER,
  reason TEXT,
  until INTEGER,
  waits_for TEXT,                -- JSON: the facts' names
  since INTEGER NOT NULL,        -- when it came to this outcome
  overdue INTEGER NOT NULL DEFAULT 0,   -- held because it waited too long
  by_person INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL,
  PRIMARY KEY (shop, order_id, line, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_of_supplier ON parts (supplier, shop, order_id) WHERE supplier IS NOT NULL;
CREATE INDEX parts_waiting ON parts (since) WHERE outcome = 'waiting';

CREATE TABLE holds (
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  line TEXT NOT NULL,
  rule TEXT NOT NULL,
  first_fired INTEGER NOT NULL,
  until INTEGER,
  ended INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (shop, order_id, line, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_running ON holds (until) WHERE ended = 0 AND until IS NOT NULL;

CREATE TABLE waits (
  shop TEXT NOT NULL,
  fact TEXT NOT NULL,            -- "product p-78"
  order_id TEXT NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (shop, fact, order_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX waits_of_order ON waits (shop, order_id);

-- Orders that are to be decided again; what a unit cannot do at once stays here for the next.
CREATE TABLE due (
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  PRIMARY KEY (shop, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
  id TEXT NOT NULL,
  permission TEXT NOT NULL,
  account TEXT NOT NULL,
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,        -- the order whose decision made it
  on_shop INTEGER NOT NULL,      -- 1: on all of the shop
  line TEXT NOT NULL,
  part INTEGER NOT NULL,
  until INTEGER,
  state TEXT NOT NULL,           -- open, ended
  rule TEXT NOT NULL,
  because TEXT NOT NULL,         -- JSON
  made_at INTEGER NOT NULL,
  PRIMARY KEY (id, permission)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_of_account ON grants (account, shop) WHERE state = 'open';
CREATE INDEX grants_of_order ON grants (shop, order_id) WHERE state = 'open';

CREATE TABLE products (
  shop TEXT NOT NULL,
  id TEXT NOT NULL,
  document TEXT NOT NULL,        -- canonical JSON
  updated_at INTEGER,            -- as the channel says
  changed_at INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (shop, id)
) STRICT;
CREATE TABLE product_skus (
  shop TEXT NOT NULL,
  sku TEXT NOT NULL,
  product TEXT NOT NULL,
  PRIMARY KEY (shop, sku, product)
) STRICT, WITHOUT ROWID;
CREATE INDEX skus_of_product ON product_skus (shop, product);

CREATE TABLE idempotency (
  token TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  status INTEGER NOT NULL,
  response TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (token, route, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE deliveries (
  shop TEXT NOT NULL,
  delivery TEXT NOT NULL,        -- the channel's id of it
  resource TEXT NOT NULL,        -- "order 1001", "product 77"
  updated_at TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop, resource, updated_at, body_hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX deliveries_by_id ON deliveries (shop, delivery) WHERE delivery <> '';
CREATE INDEX deliveries_by_age ON deliveries (at);

CREATE TABLE tokens (
  hash BLOB PRIMARY KEY,         -- SHA-256 of the token
  principal TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  shop TEXT NOT NULL,
  order_id TEXT NOT NULL,
  part TEXT NOT NULL,
  rule TEXT NOT NULL,
  action TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  body TEXT NOT NULL,
  decision TEXT NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued',
  UNIQUE (shop, order_id, part, rule, action)
) STRICT;
)sql";

// What each version added to the one before. A step, once released, never changes.
constexpr std::array kSteps{kTables,           kAccessTables,    kOutboxTables,
                            kFulfilmentTables, kDeliveredTables, kNamesOfOrders,
                            kRequestTables,    kActivityTables,  kEventTables};
static_assert(kSteps.size() == kSchemaVersion);

std::int64_t pragma(Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  return statement.step() ? statement.number(0) : 0;
}

}  // namespace

void prepare_schema(Connection& connection, std::int64_t to) {
  const auto application = pragma(connection, "PRAGMA application_id");
  const auto version = pragma(connection, "PRAGMA user_version");
  const bool is_new = pragma(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!is_new && application != kApplicationId) {
    throw StoreError(SQLITE_NOTADB, "the database is not one of consign's");
  }
  if (version < 0 || version > kSchemaVersion) {
    throw StoreError(SQLITE_NOTADB, "the database is of version " + std::to_string(version) +
                                        ", this consignd knows no later one than " +
                                        std::to_string(kSchemaVersion));
  }
  if (!is_new) {
    Statement check(connection, "PRAGMA quick_check(1)");
    if (check.step() && check.text(0) != "ok") {
      throw StoreError(SQLITE_CORRUPT, "the database is damaged: " + check.text(0));
    }
  }
  if (version >= to) return;
  connection.execute("BEGIN IMMEDIATE");
  for (auto step = version; step < to; ++step) {
    connection.execute(kSteps[static_cast<std::size_t>(step)]);
  }
  connection.execute(("PRAGMA application_id=" + std::to_string(kApplicationId) +
                      "; PRAGMA user_version=" + std::to_string(to) + "; COMMIT")
                         .c_str());
}

}  // namespace consign::store
