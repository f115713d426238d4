// Changes of wallet passwords that have begun.
//
// A change is good for one use within ten minutes and lives in memory alone: after a restart it has
// to be begun anew. Of what is compared, nothing is kept here, not even the salts: they are the
// client's to use (daemon/http/handlers/wallet_passwords.cpp).
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "consign/time.hpp"

namespace consign {

/// At most one for each account. Safe from any thread.
class WalletChanges {
 public:
  struct Begun {
    std::string id;
    Timestamp expires;
  };

  /// Begins one in place of any that the account had; nothing where the system gives no random
  /// numbers.
  std::optional<Begun> begin(const std::string& account, Timestamp now);
  /// Uses it up: whether it was begun for the account, not used before, and in time.
  bool take(const std::string& account, std::string_view id, Timestamp now);

 private:
  std::mutex mutex_;
  std::map<std::string, Begun, std::less<>> begun_;
};

}  // namespace consign
