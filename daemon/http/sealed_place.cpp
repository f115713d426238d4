// One block of a cipher is a permutation that nobody can guess: the place in its first half, and
// nothing in its second, by which a text that we did not make is known.
#include "daemon/http/sealed_place.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <boost/algorithm/hex.hpp>
#include <cstring>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace consign::http {
namespace {

using Block = std::array<unsigned char, 16>;

Block random_block() {
  Block block;
  if (RAND_bytes(block.data(), block.size()) != 1) throw std::runtime_error("no random numbers");
  return block;
}

Block through_cipher(const Block& block, bool sealing) {
  static const Block kKey = random_block();
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(
      EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  Block out;
  int size = 0;
  const bool done = cipher &&
                    EVP_CipherInit_ex(cipher.get(), EVP_aes_128_ecb(), nullptr, kKey.data(),
                                      nullptr, sealing ? 1 : 0) == 1 &&
                    EVP_CIPHER_CTX_set_padding(cipher.get(), 0) == 1 &&
                    EVP_CipherUpdate(cipher.get(), out.data(), &size, block.data(),
                                     static_cast<int>(block.size())) == 1 &&
                    size == static_cast<int>(out.size());
  if (!done) throw std::runtime_error("a cursor could not be sealed");
  return out;
}

}  // namespace

std::string seal_place(std::int64_t place) {
  Block block{};
  std::memcpy(block.data(), &place, sizeof place);
  const Block sealed = through_cipher(block, true);
  std::string text;
  boost::algorithm::hex_lower(sealed.begin(), sealed.end(), std::back_inserter(text));
  return text;
}

std::optional<std::int64_t> open_place(std::string_view sealed) {
  Block block;
  if (sealed.size() != 2 * block.size()) return std::nullopt;
  try {
    boost::algorithm::unhex(sealed.begin(), sealed.end(), block.begin());
  } catch (const boost::algorithm::hex_decode_error&) {
    return std::nullopt;
  }
  block = through_cipher(block, false);
  std::int64_t place = 0;
  std::memcpy(&place, block.data(), sizeof place);
  for (std::size_t i = sizeof place; i < block.size(); ++i) {
    if (block[i] != 0) return std::nullopt;
  }
  return place;
}

}  // namespace consign::http
