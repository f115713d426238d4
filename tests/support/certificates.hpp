// Certificates for tests, made when they are needed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace consign::testing {

/// PEM files, and SHA-256 of the public key in hex.
struct Issued {
  std::string certificate, key, key_hash;
};

/// A certificate authority that vouches for itself.
class Authority {
 public:
  /// Writes its certificate to `NAME.pem` in the folder.
  Authority(std::filesystem::path folder, const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  const std::string& file() const { return file_; }
  /// Writes `STEM.pem` and `STEM.key`. `names` as OpenSSL takes them ("DNS:localhost"), empty:
  /// none. Good from an hour ago (or the hour before its end) until `seconds` from now.
  Issued issue(const std::string& stem, const std::string& names = "", long seconds = 3600);

 private:
  struct State;
  const std::filesystem::path folder_;
  std::string file_;
  std::unique_ptr<State> state_;
};

}  // namespace consign::testing
