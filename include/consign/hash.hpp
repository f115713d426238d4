// SHA-256 (OpenSSL's), for names of rule sets, ids of decisions and `split`.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace consign {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// Hashes a sequence of fields. Each field goes in with its length before it, so that
/// ("ab","c") and ("a","bc") differ. Not thread-safe; cheap to make.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& field(std::string_view bytes);
  Sha256Digest digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of the bytes as they are.
Sha256Digest sha256(std::string_view bytes);
/// Lower-case hexadecimal.
std::string to_hex(const Sha256Digest& digest);

}  // namespace consign
