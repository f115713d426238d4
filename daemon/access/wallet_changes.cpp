#include "daemon/access/wallet_changes.hpp"

#include <openssl/rand.h>

#include <array>
#include <boost/algorithm/hex.hpp>
#include <iterator>

namespace consign {
namespace {

constexpr std::int64_t kGoodFor = 10LL * 60 * 1'000'000;
constexpr std::size_t kIdBytes = 16;

}  // namespace

std::optional<WalletChanges::Begun> WalletChanges::begin(const std::string& account,
                                                         Timestamp now) {
  std::array<unsigned char, kIdBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return std::nullopt;
  Begun begun{"wch_", {now.micros + kGoodFor}};
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(begun.id));
  const std::lock_guard lock(mutex_);
  std::erase_if(begun_, [&](const auto& each) { return each.second.expires <= now; });
  begun_.insert_or_assign(account, begun);
  return begun;
}

bool WalletChanges::take(const std::string& account, std::string_view id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = begun_.find(account);
  if (found == begun_.end() || found->second.id != id) return false;
  const bool in_time = now < found->second.expires;
  begun_.erase(found);
  return in_time;
}

}  // namespace consign
