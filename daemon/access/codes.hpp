// The four digits that let collaborators ask for access to a shop.
//
// A code is short, so what counts is how often one may be tried. All sources together have five
// wrong ones in an hour and twenty in a day, for each shop and over restarts; a source waits ever
// longer after each of its own. When a budget is used up the shop is locked, the code is made anew,
// and somebody is told. The code only lets one ask: it gives nothing by itself. Numbers and
// reasons: NIST SP 800-63B 5.2.2 allows a hundred failures in a row; a four-digit code gives way
// once in a hundred after a hundred guesses.
#pragma once

#include <optional>
#include <string>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/shop_rows.hpp"

namespace consign {

inline constexpr std::int64_t kCodeFailuresPerHour = 5;
inline constexpr std::int64_t kCodeFailuresPerDay = 20;

/// The shop's code; made, and required, where it has none yet. Throws std::runtime_error if the
/// system gives no random numbers.
store::CollaboratorCode code_of(UnitContext& unit, const std::string& shop);

/// Makes another code. By a person it lifts a lock as well: guesses at the old code are worth
/// nothing now.
store::CollaboratorCode renew_code(UnitContext& unit, const std::string& shop,
                                   const store::Actor& by);
/// Whether collaborators have to give it.
void require_code(UnitContext& unit, const std::string& shop, bool required,
                  const store::Actor& by);

enum class CodeAnswer { right, wrong, not_required, too_many };
struct CodeTry {
  CodeAnswer answer;
  std::int64_t wait_seconds = 0;  ///< of `too_many`: how long nothing is compared
};
/// Compares, in constant time, unless too many were wrong. A wrong one is written down in this
/// unit, so before anybody is told. `source`: whose proof it came with.
CodeTry try_code(UnitContext& unit, const std::string& shop, const std::optional<std::string>& code,
                 const std::string& source);

/// When the shop takes codes again; nothing: it does now.
std::optional<Timestamp> locked_until(store::Connection& db, const std::string& shop,
                                      Timestamp now);

}  // namespace consign
