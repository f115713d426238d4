// The tables of the store.
#pragma once

#include <filesystem>

#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// `PRAGMA application_id` of a store of consign: "csgn".
inline constexpr std::int64_t kApplicationId = 0x6373676e;
/// `PRAGMA user_version`: goes up with every change of the tables.
inline constexpr std::int64_t kSchemaVersion = 2;

/// Makes the tables in an empty file, or checks that a file with tables is ours and brings it to
/// this version; then runs `quick_check`. Throws StoreError, also for a file of somebody else's.
void prepare_schema(Connection& connection);

}  // namespace consign::store
