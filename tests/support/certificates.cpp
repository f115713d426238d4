#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace consign::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr long kHour = 3600;

Key make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void extend(X509* certificate, int what, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(EVP_PKEY* key, const std::string& name, long seconds) {
  static long serial = 0;
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), std::min(0L, seconds) - kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

template <class Write>
void write_pem(const std::string& file, Write write) {
  FILE* out = std::fopen(file.c_str(), "w");
  if (out == nullptr || write(out) != 1 || std::fclose(out) != 0) std::abort();
}

std::string hash_of(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(der, static_cast<std::size_t>(size), digest, &length, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", digest[i]);
    hex += digits;
  }
  return hex;
}

}  // namespace

struct Authority::State {
  Key key = make_key();
  Certificate certificate{nullptr, X509_free};
};

Authority::Authority(std::filesystem::path folder, const std::string& name)
    : folder_(std::move(folder)),
      file_((folder_ / (name + ".pem")).string()),
      state_(std::make_unique<State>()) {
  state_->certificate = make_certificate(state_->key.get(), name, 24 * kHour);
  X509* own = state_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, NID_basic_constraints, "critical,CA:TRUE");
  if (X509_sign(own, state_->key.get(), EVP_sha256()) == 0) std::abort();
  write_pem(file_, [&](FILE* out) { return PEM_write_X509(out, own); });
}

Authority::~Authority() = default;

Issued Authority::issue(const std::string& stem, const std::string& names, long seconds) {
  const Key key = make_key();
  const Certificate certificate = make_certificate(key.get(), stem, seconds);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(state_->certificate.get()));
  if (!names.empty()) extend(certificate.get(), NID_subject_alt_name, names);
  if (X509_sign(certificate.get(), state_->key.get(), EVP_sha256()) == 0) std::abort();
  Issued issued{.certificate = (folder_ / (stem + ".pem")).string(),
                .key = (folder_ / (stem + ".key")).string(),
                .key_hash = hash_of(key.get())};
  write_pem(issued.certificate, [&](FILE* out) { return PEM_write_X509(out, certificate.get()); });
  write_pem(issued.key, [&](FILE* out) {
    return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return issued;
}

}  // namespace consign::testing
