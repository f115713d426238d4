// Client certificates: whose request came over a connection that showed one.
//
// What counts is the certificate's public key, by its hash: a certificate that is renewed with the
// same key stays who it was, and nothing that a certificate says about itself is believed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "consign/time.hpp"
#include "daemon/access/index.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// A certificate that was verified when its connection began.
struct ClientCertificate {
  std::string
      key_hash;     ///< SHA-256 of its public key (SubjectPublicKeyInfo in DER), lower-case hex
  Timestamp until;  ///< the end of its validity
};

/// Accounts by the hash of the key that stands for them.
using CertificateHolders = std::map<std::string, std::string, std::less<>>;

/// `text` as such a hash, in lower case; nothing if it is no 64 hexadecimal digits.
std::optional<std::string> parse_key_hash(std::string_view text);

/// Whose certificate it is, or why it does not do by itself. Reads no disk.
std::variant<store::Viewer, std::string> viewer_of_certificate(const AccessIndex& index,
                                                               const CertificateHolders& holders,
                                                               const ClientCertificate& certificate,
                                                               Timestamp now);

}  // namespace consign
