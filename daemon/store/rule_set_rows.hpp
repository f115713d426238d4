// Rule sets that decisions were made with, and the last good one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/dsl.hpp"
#include "consign/source.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// Keeps the files under the hash (once) and marks the set as the last good one.
void keep_rule_set(Connection& db, std::string_view hash, const SourceMap& files, Timestamp now);
/// The files of a set, in the byte order of their paths; nothing if the hash is not known.
std::optional<std::vector<RuleFile>> rule_set_files(Connection& db, std::string_view hash);
std::optional<std::string> last_good_rule_set(Connection& db);

}  // namespace consign::store
