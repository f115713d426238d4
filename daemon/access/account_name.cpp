#include "daemon/access/account_name.hpp"

#include <algorithm>

#include "consign/schema.hpp"
#include "consign/text.hpp"

namespace consign {

std::optional<AccountName> parse_account_name(std::string_view text) {
  constexpr std::size_t kLongest = 128;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const AccountName name{text.substr(0, colon), text.substr(colon + 1)};
  const auto words = words_of(Domain::account_kind);
  const bool known = std::find(words.begin(), words.end(), name.kind) != words.end();
  const bool plain = !name.id.empty() && name.id.size() <= kLongest && is_valid_utf8(name.id) &&
                     std::none_of(name.id.begin(), name.id.end(),
                                  [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (!known || !plain) return std::nullopt;
  return name;
}

}  // namespace consign
