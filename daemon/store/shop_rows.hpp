// What is known of shops beyond their settings: the plan that they are on now, the code that
// collaborators ask with, and the wrong codes that were tried.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// The plan that was told last; nothing: that of the settings.
std::optional<std::string> plan_told(Connection& db, std::string_view shop);
void put_plan(Connection& db, std::string_view shop, std::string_view plan, Timestamp now);

struct CollaboratorCode {
  std::string code = {};  ///< four digits
  bool required = true;
  Timestamp made_at = {};
};
std::optional<CollaboratorCode> find_code(Connection& db, std::string_view shop);
void put_code(Connection& db, std::string_view shop, const CollaboratorCode& code);

/// Wrong codes that were tried at a shop since some time.
struct CodeFailures {
  std::int64_t count = 0;
  std::optional<Timestamp> first, last;
};
CodeFailures failures_since(Connection& db, std::string_view shop, Timestamp since);
/// The same of one source alone.
CodeFailures failures_of(Connection& db, std::string_view shop, std::string_view source,
                         Timestamp since);
void record_failure(Connection& db, std::string_view shop, std::string_view source, Timestamp now);
/// The source's failures slow it down no more; the shop's budget still counts them.
void forgive_source(Connection& db, std::string_view shop, std::string_view source);
/// All of a shop's: it has another code.
void forget_failures(Connection& db, std::string_view shop);

}  // namespace consign::store
