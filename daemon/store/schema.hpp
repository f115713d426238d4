// The tables of the store.
#pragma once

#include <filesystem>

#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// `PRAGMA application_id` of a store of consign: "csgn".
inline constexpr std::int64_t kApplicationId = 0x6373676e;
/// `PRAGMA user_version`: goes up with every change of the tables.
inline constexpr std::int64_t kSchemaVersion = 9;

/// Makes the tables in an empty file; checks that a file with tables is ours, runs `quick_check`,
/// and brings it to this version (tests ask for older ones). Throws StoreError, also for a file of
/// somebody else's or of a later version.
void prepare_schema(Connection& connection, std::int64_t to = kSchemaVersion);

}  // namespace consign::store
