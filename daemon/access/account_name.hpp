// What accounts are called: "staff:anna", a kind and a name within it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace consign {

inline constexpr std::string_view kAdministrator = "administrator";
inline constexpr std::string_view kSupplierPrefix = "supplier:";

struct AccountName {
  std::string_view kind;  ///< a word of the domain `account_kind`
  std::string_view id;
};

/// Takes "staff:anna" apart; nothing for what is no account's name. The id is 1 to 128 bytes of
/// printable text without blanks. Views into `text`.
std::optional<AccountName> parse_account_name(std::string_view text);

}  // namespace consign
