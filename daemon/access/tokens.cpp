#include "daemon/access/tokens.hpp"

#include <openssl/rand.h>

#include <array>
#include <boost/crc.hpp>
#include <cstdint>

#include "consign/hash.hpp"
#include "daemon/access/account_name.hpp"

namespace consign {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kRandomDigits = 26;
constexpr std::size_t kChecksumDigits = 6;
constexpr std::size_t kRandomBytes = 32;
// Bytes beyond the last whole multiple of 62 are thrown away: the digits stay equally likely.
constexpr unsigned kFairBytes = 62 * 4;

std::string checksum_of(std::string_view random) {
  boost::crc_32_type crc;
  crc.process_bytes(random.data(), random.size());
  std::uint32_t checksum = crc.checksum();
  std::string digits(kChecksumDigits, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = kDigits[checksum % 62];
    checksum /= 62;
  }
  return digits;
}

}  // namespace

std::optional<std::string> make_token(std::string_view kind) {
  std::string random;
  while (random.size() < kRandomDigits) {
    std::array<unsigned char, kRandomBytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return std::nullopt;
    for (const unsigned char byte : bytes) {
      if (byte < kFairBytes && random.size() < kRandomDigits) random += kDigits[byte % 62];
    }
  }
  return "csg_" + std::string(kind) + "_" + random + checksum_of(random);
}

bool is_well_formed_token(std::string_view token) {
  const auto last = token.rfind('_');
  if (!token.starts_with("csg_") || last < 4) return false;
  const auto digits = token.substr(last + 1);
  return digits.size() == kRandomDigits + kChecksumDigits &&
         digits.find_first_not_of(kDigits) == std::string_view::npos &&
         digits.substr(kRandomDigits) == checksum_of(digits.substr(0, kRandomDigits));
}

std::string token_hash(std::string_view token) {
  const auto digest = sha256(token);
  return {digest.begin(), digest.end()};
}

std::variant<store::Viewer, std::string_view> viewer_of_token(const AccessIndex& index,
                                                              std::string_view token,
                                                              Timestamp now) {
  if (!is_well_formed_token(token)) {
    return "this is no token, or a mistyped one: its checksum does not fit";
  }
  const auto held = index.find_token(token_hash(token));
  if (held == nullptr) return "the token is not known";
  if (held->row.expires && *held->row.expires <= now) return "the token has expired";
  const Standing standing = index.standing(held->row.account);
  if (standing == Standing::removed) return "the token is not known";
  if (const auto barred = why_barred(standing); !barred.empty()) return barred;
  note_use(held->last_used, now);
  return store::Viewer{.token = store::token_id(held->row.hash),
                       .account = held->row.account,
                       .permissions = held->permissions,
                       .shops = held->row.shops};
}

}  // namespace consign
