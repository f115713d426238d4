// What has been answered already: idempotency keys and channels' deliveries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// Keys and deliveries are kept for seven days.
inline constexpr std::int64_t kLedgerMicros = 7LL * 24 * 3600 * 1'000'000;

/// Whose key, on which route.
struct IdempotencyKey {
  std::string token = {};  ///< the token's name, not the token
  std::string route = {};
  std::string key = {};
};

struct KeptAnswer {
  std::string fingerprint = {};  ///< 32 bytes
  int status = 0;
  std::string response = {};
};

/// An answer younger than seven days.
std::optional<KeptAnswer> find_answer(Connection& db, const IdempotencyKey& key, Timestamp now);
void keep_answer(Connection& db, const IdempotencyKey& key, const KeptAnswer& answer,
                 Timestamp now);

struct Delivery {
  std::string id = {};        ///< the channel's id of the delivery; may be empty
  std::string resource = {};  ///< "order 1001"
  std::string updated_at = {};
  std::string body_hash = {};  ///< 32 bytes
};

/// Whether it is the first of its kind; then it is recorded.
bool record_delivery(Connection& db, std::string_view shop, const Delivery& delivery,
                     Timestamp now);

/// Forgets a bounded number of rows that are too old.
void prune_ledger(Connection& db, Timestamp now);

}  // namespace consign::store
