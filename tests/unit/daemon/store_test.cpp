#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "daemon/store/access_rows.hpp"
#include "daemon/store/catalogue_rows.hpp"
#include "daemon/store/ledger_rows.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/outbox_rows.hpp"
#include "daemon/store/reader_pool.hpp"
#include "daemon/store/rule_set_rows.hpp"
#include "daemon/store/schema.hpp"
#include "daemon/store/scoped_reads.hpp"
#include "daemon/store/writer.hpp"
#include "tests/unit/daemon/temp_folder.hpp"

using namespace consign;
using namespace consign::store;
using consign::testing::TempFolder;

namespace {

void no_fatal(const std::string& why) { FAIL("the writer stopped: " << why); }

const Timestamp kNow{1'000'000'000};

SourceMap sources(const std::vector<RuleFile>& files) {
  SourceMap out;
  for (const RuleFile& file : files) out.add(file.path, file.text);
  return out;
}

// An order with one line for acme and one for bravo.
void put_two_supplier_order(Connection& db) {
  const OrderKey key{"nordic", "1001"};
  keep_rule_set(db, "rules-1", sources({{"10.rules", "x"}}), kNow);
  insert_revision(db, key,
                  {.revision = "r1",
                   .updated_at = std::nullopt,
                   .received_at = kNow,
                   .body = "{}",
                   .body_hash = std::string(32, 'h'),
                   .decision = "d1",
                   .answer = std::nullopt});
  insert_decision(db, key,
                  {.id = "d1",
                   .revision = "r1",
                   .rules = "rules-1",
                   .at = kNow,
                   .received_at = kNow,
                   .answer = "{}",
                   .facts = "{}",
                   .prior = std::nullopt,
                   .engine = "1",
                   .time_zones = "x"});
  put_order(db, {.key = key,
                 .revision = "r1",
                 .updated_at = std::nullopt,
                 .received_at = kNow,
                 .state = "decided",
                 .decision = "d1",
                 .customer_id = "c-9",
                 .customer_email = "a@example.com"});
  PartRow first{.line = "1", .quantity = "2", .outcome = "assigned", .supplier = "acme"};
  PartRow second{
      .line = "2", .place = 1, .quantity = "1", .outcome = "assigned", .supplier = "bravo"};
  replace_parts(db, key, {first, second});
}

}  // namespace

TEST_CASE("a unit that throws leaves nothing and does not sink its neighbours") {
  const TempFolder folder;
  Writer writer(folder / "store.db", no_fatal);
  std::promise<std::vector<Fate>> fates;
  std::vector<Unit> units;
  units.push_back([](Connection& db) { insert_token(db, {std::string(32, 'a'), "one"}, kNow); });
  units.push_back([](Connection& db) {
    insert_token(db, {std::string(32, 'b'), "two"}, kNow);
    throw std::runtime_error("no");
  });
  units.push_back([](Connection& db) { insert_token(db, {std::string(32, 'c'), "three"}, kNow); });
  writer.submit(std::move(units), [&](const std::vector<Fate>& got) { fates.set_value(got); });
  CHECK(fates.get_future().get() ==
        std::vector<Fate>{Fate::committed, Fate::failed, Fate::committed});

  ReaderPool readers(folder / "store.db", 1);
  readers.read([](Connection& db) {
    CHECK(find_token(db, std::string(32, 'a')).has_value());
    CHECK_FALSE(find_token(db, std::string(32, 'b')).has_value());
    CHECK(find_token(db, std::string(32, 'c')).has_value());
  });
}

TEST_CASE(
    "an I/O error makes the outcome of the whole batch unknown, and the writer stops for good") {
  const TempFolder folder;
  std::string why;
  Writer writer(folder / "store.db", [&](const std::string& reason) { why = reason; });
  std::promise<std::vector<Fate>> fates;
  std::vector<Unit> units;
  units.push_back([](Connection& db) { insert_token(db, {std::string(32, 'a'), "one"}, kNow); });
  units.push_back([](Connection&) { throw StoreError(SQLITE_IOERR_FSYNC, "disk I/O error"); });
  writer.submit(std::move(units), [&](const std::vector<Fate>& got) { fates.set_value(got); });
  CHECK(fates.get_future().get() == std::vector<Fate>{Fate::unknown, Fate::unknown});
  CHECK(why == "disk I/O error");
  CHECK(writer.is_busy());
  CHECK(writer.run([](Connection&) {}) == Fate::refused);
}

TEST_CASE("a full disk makes the outcome unknown, and the writer goes on") {
  const TempFolder folder;
  Writer writer(folder / "store.db", no_fatal);
  CHECK(writer.run([](Connection& db) { db.execute("PRAGMA max_page_count=1"); }) ==
        Fate::committed);
  const auto fate = writer.run([](Connection& db) {
    for (int i = 0; i < 1'000; ++i) {
      insert_token(db, {std::to_string(i), std::string(200, 'x')}, kNow);
    }
  });
  CHECK((fate == Fate::unknown || fate == Fate::failed));
  CHECK(writer.run([](Connection& db) { db.execute("PRAGMA max_page_count=1000000"); }) ==
        Fate::committed);
  CHECK(writer.run([](Connection& db) { insert_token(db, {"z", "x"}, kNow); }) == Fate::committed);
}

TEST_CASE("what was answered as committed is there for a reader at once") {
  const TempFolder folder;
  Writer writer(folder / "store.db", no_fatal);
  ReaderPool readers(folder / "store.db", 2);
  for (char name = 'a'; name < 'k'; ++name) {
    const std::string hash(32, name);
    REQUIRE(writer.run([&](Connection& db) {
      insert_token(db, {hash, "x"}, kNow);
    }) == Fate::committed);
    CHECK(readers.read([&](Connection& db) { return find_token(db, hash).has_value(); }));
  }
}

TEST_CASE("a full queue refuses instead of growing") {
  const TempFolder folder;
  Writer writer(folder / "store.db", no_fatal, {.queued_units = 2, .units_per_commit = 1});
  std::promise<void> go;
  auto gate = go.get_future().share();
  std::promise<void> started;
  writer.submit(
      [&, gate](Connection&) {
        started.set_value();
        gate.wait();
      },
      [](const std::vector<Fate>&) {});
  started.get_future().wait();
  std::atomic<int> committed = 0, refused = 0;
  for (int i = 0; i < 5; ++i) {
    writer.submit([](Connection&) {},
                  [&](const std::vector<Fate>& fates) {
                    ++(fates[0] == Fate::refused ? refused : committed);
                  });
  }
  CHECK(writer.is_busy());
  go.set_value();
  writer.close();
  CHECK(refused == 3);
  CHECK(committed == 2);
  CHECK(writer.run([](Connection&) {}) == Fate::refused);
}

TEST_CASE("the log is on WAL with full syncing, and readers cannot write") {
  const TempFolder folder;
  Writer writer(folder / "store.db", no_fatal);
  CHECK(writer.run([](Connection& db) {
    auto mode = db.query("PRAGMA journal_mode");
    REQUIRE(mode.step());
    CHECK(mode.text(0) == "wal");
    auto synchronous = db.query("PRAGMA synchronous");
    REQUIRE(synchronous.step());
    CHECK(synchronous.number(0) == 2);
  }) == Fate::committed);
  ReaderPool readers(folder / "store.db", 1);
  CHECK_THROWS_AS(readers.read([](Connection& db) {
    insert_token(db, {std::string(32, 'z'), "x"}, kNow);
    return 0;
  }),
                  StoreError);
  CHECK(readers.read([](Connection& db) { return find_token(db, "q").has_value(); }) == false);
}

TEST_CASE("somebody else's database is refused") {
  const TempFolder folder;
  {
    Connection other(folder / "store.db", Connection::Use::write);
    other.execute("CREATE TABLE cats (name TEXT)");
  }
  CHECK_THROWS_AS(Writer(folder / "store.db", no_fatal), StoreError);
}

TEST_CASE("a store of the first version is brought up to date, and what was queued is sent") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db, 1);
  db.execute(
      "INSERT INTO outbox (shop, order_id, part, rule, action, endpoint, body, decision, at) "
      "VALUES ('nordic', '1', '', 'r', 'notify w', 'w', '{}', 'd', 5)");
  prepare_schema(db);
  prepare_schema(db);
  const auto effect = next_effect(db, "w", Timestamp{10}, {});
  REQUIRE(effect.has_value());
  CHECK(effect->id.size() == 36);
  CHECK(effect->state == "queued");
  CHECK(effect->next_at == Timestamp{0});
}

TEST_CASE("orders of an earlier version are found by the name that their revision has") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db, 5);
  db.execute(
      "PRAGMA foreign_keys = OFF;"
      "INSERT INTO order_revisions (shop, id, revision, received_at, body, body_hash) "
      "VALUES ('nordic', '1', 'r1', 5, '{\"name\":\"#old\"}', x''),"
      "('nordic', '1', 'r2', 5, '{\"name\":\"#1001\"}', x''), ('nordic', '2', 'r1', 5, '{}', x'');"
      "INSERT INTO orders (shop, id, revision, received_at, state, decision, version) "
      "VALUES ('nordic', '1', 'r2', 5, 'decided', 'd', 1), "
      "('nordic', '2', 'r1', 5, 'decided', 'd', 1)");
  prepare_schema(db);
  const auto called = [&](std::string_view number) {
    std::string ids;
    for (const auto& key : orders_called(db, "nordic", number, std::nullopt)) ids += key.id + ' ';
    return ids;
  };
  CHECK(called("#1001") == "1 ");
  CHECK(called("#old").empty());
  CHECK(called("2") == "2 ");
  CHECK(orders_called(db, "nordic", "2", "acme").empty());
}

TEST_CASE("a store of a later version is refused") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  db.execute("PRAGMA user_version=1000");
  CHECK_THROWS_AS(prepare_schema(db), StoreError);
}

TEST_CASE("a supplier sees its own lines, and another's order as if it did not exist") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  put_two_supplier_order(db);
  const auto look = [&](const Viewer& viewer) {
    return ScopedReads(db, viewer).order({"nordic", "1001"}, kNow);
  };

  const auto whole = look({.token = "t", .account = "administrator"});
  REQUIRE(whole.has_value());
  CHECK(whole->parts.size() == 2);

  const auto acme = look({.token = "t", .account = "supplier:acme"});
  REQUIRE(acme.has_value());
  REQUIRE(acme->parts.size() == 1);
  CHECK(acme->parts[0].line == "1");

  CHECK_FALSE(look({.token = "t", .account = "supplier:cargo"}).has_value());
  CHECK_FALSE(look({.token = "t", .account = "staff:anna"}).has_value());
  CHECK_FALSE(look({.token = "t", .account = "supplier:acme", .blocked = true}).has_value());

  const Viewer cargo{.token = "t", .account = "supplier:cargo"};
  CHECK(ScopedReads(db, cargo).orders("", "", "", 0, 10).empty());
  const Viewer bravo{.token = "t", .account = "supplier:bravo"};
  CHECK(ScopedReads(db, bravo).orders("", "", "", 0, 10).size() == 1);
}

TEST_CASE("an account sees what its grants are on, a line of an order or all of it") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  put_two_supplier_order(db);
  const OrderKey key{"nordic", "1001"};
  const auto look = [&](const Sight& sight) {
    return Viewer{
        .token = "t", .account = "staff:anna", .sight = std::make_shared<const Sight>(sight)};
  };
  Sight line;
  line.add(key, "2", 0);
  line.add({"nordic", "1002"}, "1", 0);
  const Viewer narrow = look(line);
  ScopedReads reads(db, narrow);
  const auto view = reads.order(key, kNow);
  REQUIRE(view.has_value());
  CHECK_FALSE(view->whole);
  REQUIRE(view->parts.size() == 1);
  CHECK(view->parts[0].line == "2");
  CHECK_FALSE(reads.order({"nordic", "1002"}, kNow).has_value());
  CHECK_FALSE(reads.order_to_change(key, kNow).has_value());
  CHECK(reads.orders("", "decided", "bravo", 0, 10).size() == 1);
  CHECK(reads.orders("", "", "acme", 0, 10).empty());
  CHECK(reads.orders("", "waiting", "", 0, 10).empty());
  CHECK(reads.orders("outlet", "", "", 0, 10).empty());

  // A line that the order does not have, or a part, is nothing of it.
  Sight nothing;
  nothing.add(key, "3", 0);
  nothing.add(key, "1", 2);
  const Viewer blind = look(nothing);
  CHECK_FALSE(ScopedReads(db, blind).order(key, kNow).has_value());
  CHECK(ScopedReads(db, blind).orders("", "", "", 0, 10).empty());

  line.add(key, "", 0);
  line.add({"nordic", ""}, "", 0);
  const Viewer wide = look(line);
  CHECK(ScopedReads(db, wide).order(key, kNow)->whole);
  CHECK(ScopedReads(db, wide).orders("", "", "", 0, 10).size() == 1);
}

TEST_CASE("a hold keeps the clock that it started with") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  const OrderKey key{"nordic", "1"};
  put_hold(db, key, {"1", "call-first", {100}, Timestamp{200}});
  put_hold(db, key, {"1", "call-first", {150}, Timestamp{200}});
  REQUIRE(holds_of(db, key).size() == 1);
  CHECK(holds_of(db, key)[0].first_fired == Timestamp{100});
  CHECK(end_holds(db, {199}, 10).empty());
  CHECK(end_holds(db, {200}, 10).size() == 1);
  CHECK(end_holds(db, {201}, 10).empty());
}

TEST_CASE("a deleted product is found by its SKU only while no other holds it") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  put_product(db, "nordic", {.id = "p-1", .document = "{}"}, {"SKU"}, kNow);
  put_product(db, "nordic", {.id = "p-2", .document = "{}"}, {"SKU"}, kNow);
  CHECK(products_with_sku(db, "nordic", "SKU").size() == 2);
  CHECK(delete_product(db, "nordic", "p-1", kNow));
  CHECK_FALSE(delete_product(db, "nordic", "p-1", kNow));
  REQUIRE(products_with_sku(db, "nordic", "SKU").size() == 1);
  CHECK(products_with_sku(db, "nordic", "SKU")[0].id == "p-2");
  CHECK(delete_product(db, "nordic", "p-2", kNow));
  CHECK(products_with_sku(db, "nordic", "SKU").size() == 2);
}

TEST_CASE("a delivery counts once, by its id and by what it carries") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  const std::string body(32, 'b'), other(32, 'o');
  CHECK(record_delivery(db, "nordic", {"w-1", "order 1", "t1", body}, kNow));
  CHECK_FALSE(record_delivery(db, "nordic", {"w-1", "order 1", "t2", other}, kNow));
  CHECK_FALSE(record_delivery(db, "nordic", {"w-2", "order 1", "t1", body}, kNow));
  CHECK(record_delivery(db, "outlet", {"w-1", "order 1", "t1", body}, kNow));
  CHECK(record_delivery(db, "nordic", {"", "order 1", "t3", body}, kNow));
  CHECK(record_delivery(db, "nordic", {"", "order 1", "t4", body}, kNow));
}

TEST_CASE("a rule set comes back as its files were, bytes and all") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  keep_rule_set(db, "h1", sources({{"10-a.rules", "a\r\n"}, {"20-b.yaml", ""}}), kNow);
  keep_rule_set(db, "h2", sources({{"10-a.rules", "b"}}), kNow);
  keep_rule_set(db, "h1", sources({{"10-a.rules", "a\r\n"}, {"20-b.yaml", ""}}), kNow);
  CHECK(last_good_rule_set(db) == "h1");
  const auto files = rule_set_files(db, "h1");
  REQUIRE(files.has_value());
  REQUIRE(files->size() == 2);
  CHECK((*files)[0].text == "a\r\n");
  CHECK((*files)[1].path == "20-b.yaml");
  CHECK_FALSE(rule_set_files(db, "h3").has_value());
}

TEST_CASE("a kept answer is good for seven days") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db);
  const IdempotencyKey key{"token", "POST /v1/orders", "k"};
  keep_answer(db, key, {std::string(32, 'f'), 201, "{}"}, kNow);
  CHECK(find_answer(db, key, kNow)->status == 201);
  CHECK_FALSE(find_answer(db, {"other", "POST /v1/orders", "k"}, kNow).has_value());
  const Timestamp later{kNow.micros + kLedgerMicros};
  CHECK_FALSE(find_answer(db, key, later).has_value());
  prune_ledger(db, later);
  CHECK_FALSE(find_answer(db, key, kNow).has_value());
}

TEST_CASE("a store of the first version is brought along, and its tokens are still good") {
  const TempFolder folder;
  Connection db(folder / "store.db", Connection::Use::write);
  prepare_schema(db, 1);
  const std::string hash(32, 'h');
  db.run("INSERT INTO tokens (hash, principal, created) VALUES (?, 'administrator', 5)",
         Blob{hash});
  db.run(
      "INSERT INTO grants (id, permission, account, shop, order_id, on_shop, line, part, state, "
      "rule, because, made_at) VALUES ('g', 'orders:view', 'supplier:acme', 'nordic', '1', 0, '1', "
      "1, 'open', 'r', '{}', 5)");
  prepare_schema(db);
  const auto token = find_token(db, hash);
  REQUIRE(token.has_value());
  CHECK(token->account == "administrator");
  CHECK(token->id == "6868686868686868");
  CHECK(token->made_at == Timestamp{5});
  CHECK(has_administrator(db, kNow));
  REQUIRE(grant_rows(db, "g").size() == 1);
  CHECK(grant_rows(db, "g")[0].by_person == std::nullopt);
}
