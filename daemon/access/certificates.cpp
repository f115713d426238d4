#include "daemon/access/certificates.hpp"

#include "consign/text.hpp"

namespace consign {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kDigitsOfName = 16;

}  // namespace

std::optional<std::string> parse_key_hash(std::string_view text) {
  auto hash = ascii_lower(text);
  const bool is_hash =
      hash.size() == kHashDigits && hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hash) return std::nullopt;
  return hash;
}

std::variant<store::Viewer, std::string> viewer_of_certificate(const AccessIndex& index,
                                                               const CertificateHolders& holders,
                                                               const ClientCertificate& certificate,
                                                               Timestamp now) {
  const auto holder = holders.find(certificate.key_hash);
  if (holder == holders.end()) {
    return "the key `" + certificate.key_hash + "` of the client certificate is not listed";
  }
  if (certificate.until <= now) return "the client certificate has expired";
  const Standing standing = index.standing(holder->second);
  if (is_barred(standing)) return std::string(why_barred(standing));
  return store::Viewer{.token = "certificate " + certificate.key_hash.substr(0, kDigitsOfName),
                       .account = holder->second};
}

}  // namespace consign
