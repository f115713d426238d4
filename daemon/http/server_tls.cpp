#include "daemon/http/server_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/ssl/context.hpp>
#include <ctime>
#include <string_view>
#include <utility>

#include "consign/hash.hpp"

namespace consign::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using File = TlsFault::File;

constexpr std::chrono::seconds kBetweenLooks{2};

// Of TLS 1.2; those of 1.3 are all of this kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::string quoted(const std::filesystem::path& file) { return "`" + file.string() + "`"; }

// The names of the authorities go to clients, so that they know which certificate to show.
bool ask_for_certificates(ssl::context& context, const std::filesystem::path& authorities) {
  error_code error;
  context.load_verify_file(authorities.string(), error);
  auto* names = error ? nullptr : SSL_load_client_CA_file(authorities.c_str());
  if (names == nullptr) return false;
  SSL_CTX_set_client_CA_list(context.native_handle(), names);
  context.set_verify_mode(ssl::verify_peer);
  return true;
}

}  // namespace

Result<TlsContext, TlsFault> load_tls(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, kCiphers);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);

  // The key first: a certificate that does not go with it is taken, and told apart below.
  error_code error;
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) {
    return std::string();  // or OpenSSL would ask at the terminal
  });
  context->use_private_key_file(files.key.string(), ssl::context::pem, error);
  if (error) {
    return TlsFault{File::key, quoted(files.key) +
                                   " holds no private key that can be read: it has to be in "
                                   "PEM and without a password"};
  }
  context->use_certificate_chain_file(files.certificate.string(), error);
  if (error) {
    return TlsFault{File::certificate,
                    quoted(files.certificate) + " holds no certificate in PEM that can be used"};
  }
  const bool fits = SSL_CTX_check_private_key(native) == 1;
  ERR_clear_error();
  if (!fits) {
    return TlsFault{File::key, quoted(files.key) + " is not the key of the certificate in " +
                                   quoted(files.certificate)};
  }
  if (!files.client_ca.empty() && !ask_for_certificates(*context, files.client_ca)) {
    ERR_clear_error();
    return TlsFault{File::client_ca,
                    quoted(files.client_ca) + " holds no certificate in PEM that can be used"};
  }
  return context;
}

ServerTls::ServerTls(TlsFiles files)
    : files_(std::move(files)), seen_(stamps()), looked_(std::chrono::steady_clock::now()) {}

Result<std::unique_ptr<ServerTls>, TlsFault> ServerTls::open(TlsFiles files) {
  auto tls = std::unique_ptr<ServerTls>(new ServerTls(std::move(files)));
  auto context = load_tls(tls->files_);
  if (!context) return context.error();
  tls->context_ = std::move(*context);
  return tls;
}

TlsContext ServerTls::current() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < kBetweenLooks) return context_;
  looked_ = now;
  // Looked at before reading: what changes in between is seen the next time.
  auto stamps_now = stamps();
  if (stamps_now == seen_) return context_;
  seen_ = std::move(stamps_now);
  auto fresh = load_tls(files_);
  if (fresh) {
    context_ = std::move(*fresh);
    spdlog::info("tls: the certificates changed; new connections get those of {}",
                 files_.certificate.string());
  } else {
    spdlog::error("tls: the certificates changed and cannot be used, the old ones stay: {}",
                  fresh.error().message);
  }
  return context_;
}

ServerTls::Stamp ServerTls::stamp_of(const std::filesystem::path& file) {
  struct stat found {};
  if (file.empty() || stat(file.c_str(), &found) != 0) return {};
  return {.seconds = found.st_mtim.tv_sec,
          .nanoseconds = found.st_mtim.tv_nsec,
          .size = found.st_size,
          .inode = found.st_ino};
}

std::vector<ServerTls::Stamp> ServerTls::stamps() const {
  return {stamp_of(files_.certificate), stamp_of(files_.key), stamp_of(files_.client_ca)};
}

std::optional<ClientCertificate> certificate_of_peer(ssl_st* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(connection), X509_free);
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return std::nullopt;
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  if (size <= 0) return std::nullopt;
  const auto hash = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  std::tm until{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &until) != 1) return std::nullopt;
  return ClientCertificate{.key_hash = to_hex(hash),
                           .until = {std::int64_t{timegm(&until)} * 1'000'000}};
}

}  // namespace consign::http
