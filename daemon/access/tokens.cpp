#include "daemon/access/tokens.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <boost/crc.hpp>
#include <cstdint>

#include "consign/hash.hpp"
#include "daemon/store/ledger_rows.hpp"

namespace consign {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kRandomDigits = 26;
constexpr std::size_t kChecksumDigits = 6;
constexpr std::size_t kRandomBytes = 32;
// Bytes beyond the last whole multiple of 62 are thrown away: the digits stay equally likely.
constexpr unsigned kFairBytes = 62 * 4;

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
  boost::crc_32_type crc;
  crc.process_bytes(random.data(), random.size());
  std::uint32_t checksum = crc.checksum();
  std::string tail(kChecksumDigits, '0');
  for (auto digit = tail.rbegin(); digit != tail.rend(); ++digit) {
    *digit = kDigits[checksum % 62];
    checksum /= 62;
  }
  return "csg_" + std::string(kind) + "_" + random + tail;
}

std::string token_hash(std::string_view token) {
  const auto digest = sha256(token);
  return {digest.begin(), digest.end()};
}

std::optional<store::Viewer> viewer_of_token(store::Connection& db, std::string_view token) {
  const std::string hash = token_hash(token);
  const auto row = store::find_token(db, hash);
  if (!row || row->hash.size() != hash.size() ||
      CRYPTO_memcmp(row->hash.data(), hash.data(), hash.size()) != 0) {
    return std::nullopt;
  }
  constexpr std::size_t kNameDigits = 16;
  return store::Viewer{.token = to_hex(sha256(token)).substr(0, kNameDigits),
                       .account = row->principal};
}

}  // namespace consign
