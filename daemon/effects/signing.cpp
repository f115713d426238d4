#include "daemon/effects/signing.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace consign {
namespace {

constexpr int kDigestBytes = 32;

std::string hmac_base64(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  if (made == nullptr || size != kDigestBytes) throw std::runtime_error("HMAC-SHA256 failed");
  std::array<unsigned char, 4 * ((kDigestBytes + 2) / 3) + 1> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), kDigestBytes);
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

}  // namespace

std::string webhook_signature(const std::vector<std::string>& keys, std::string_view id,
                              std::int64_t seconds, std::string_view body) {
  std::string text(id);
  text += '.';
  text += std::to_string(seconds);
  text += '.';
  text += body;
  std::string signatures;
  for (const auto& key : keys) {
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + hmac_base64(key, text);
  }
  return signatures;
}

}  // namespace consign
