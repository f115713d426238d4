#include "daemon/store/shop_rows.hpp"

namespace consign::store {
namespace {

CodeFailures read_failures(Statement row) {
  row.step();
  return {row.number(0), row.maybe_time(1), row.maybe_time(2)};
}

}  // namespace

std::optional<std::string> plan_told(Connection& db, std::string_view shop) {
  auto row = db.query("SELECT plan FROM shop_plans WHERE shop = ?", shop);
  if (!row.step()) return std::nullopt;
  return row.text(0);
}

void put_plan(Connection& db, std::string_view shop, std::string_view plan, Timestamp now) {
  db.run("INSERT OR REPLACE INTO shop_plans (shop, plan, changed_at) VALUES (?, ?, ?)", shop, plan,
         now);
}

std::optional<CollaboratorCode> find_code(Connection& db, std::string_view shop) {
  auto row =
      db.query("SELECT code, required, made_at FROM collaborator_codes WHERE shop = ?", shop);
  if (!row.step()) return std::nullopt;
  return CollaboratorCode{row.text(0), row.truth(1), row.time(2)};
}

void put_code(Connection& db, std::string_view shop, const CollaboratorCode& code) {
  db.run(
      "INSERT OR REPLACE INTO collaborator_codes (shop, code, required, made_at) "
      "VALUES (?, ?, ?, ?)",
      shop, code.code, code.required, code.made_at);
}

CodeFailures failures_since(Connection& db, std::string_view shop, Timestamp since) {
  return read_failures(
      db.query("SELECT count(*), min(at), max(at) FROM code_failures WHERE shop = ? AND at > ?",
               shop, since));
}

CodeFailures failures_of(Connection& db, std::string_view shop, std::string_view source,
                         Timestamp since) {
  return read_failures(
      db.query("SELECT count(*), min(at), max(at) FROM code_failures WHERE shop = ? AND at > ? "
               "AND source = ?",
               shop, since, source));
}

void record_failure(Connection& db, std::string_view shop, std::string_view source, Timestamp now) {
  db.run("INSERT INTO code_failures (shop, source, at) VALUES (?, ?, ?)", shop, source, now);
}

void forgive_source(Connection& db, std::string_view shop, std::string_view source) {
  db.run("UPDATE code_failures SET source = '' WHERE shop = ? AND source = ?", shop, source);
}

void forget_failures(Connection& db, std::string_view shop) {
  db.run("DELETE FROM code_failures WHERE shop = ?", shop);
}

}  // namespace consign::store
