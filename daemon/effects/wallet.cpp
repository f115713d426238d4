#include "daemon/effects/wallet.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/store/outbox_rows.hpp"

namespace consign {

void tell_wallet(UnitContext& unit, const SealedPassword& password) {
  const boost::json::object body{{"type", "wallet.password"},
                                 {"timestamp", format_timestamp(unit.now)},
                                 {"data",
                                  {{"shop", password.shop},
                                   {"account", password.account},
                                   {"change", password.change},
                                   {"sealed", password.sealed}}}};
  // Of no order; so those of one shop follow each other, and the last one wins there, too.
  store::queue_effect(unit.db, {password.shop, ""},
                      {.part = password.change,
                       .action = std::string(kTellWallet),
                       .endpoint = password.endpoint,
                       .body = boost::json::serialize(body)},
                      "", unit.now);
}

}  // namespace consign
