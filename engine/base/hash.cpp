#include "consign/hash.hpp"

#include <openssl/evp.h>

#include <cstdlib>

namespace consign {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

namespace {

/// SHA-256 cannot fail but for want of memory, which nothing here could mend.
void must(int ok) {
  if (ok != 1) std::abort();
}

/// Looked up once; OpenSSL would do so for every hash.
const EVP_MD* sha256_method() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched != nullptr ? fetched : EVP_sha256();
}

}  // namespace

Sha256::Sha256() : state_(std::make_unique<State>()) {
  must(EVP_DigestInit_ex(state_->context, sha256_method(), nullptr));
}

Sha256::~Sha256() = default;

Sha256& Sha256::field(std::string_view bytes) {
  std::array<std::uint8_t, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(bytes.size()) >> (8 * i));
  }
  must(EVP_DigestUpdate(state_->context, length.data(), length.size()));
  must(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
  return *this;
}

Sha256Digest Sha256::digest() {
  Sha256Digest digest{};
  must(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr));
  return digest;
}

Sha256Digest sha256(std::string_view bytes) {
  Sha256Digest digest{};
  must(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_method(), nullptr));
  return digest;
}

std::string to_hex(const Sha256Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const auto byte : digest) {
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

}  // namespace consign
