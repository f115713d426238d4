// Who a client certificate stands for, and what consignd.yaml may say about TLS.
#include "daemon/access/certificates.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "daemon/config.hpp"
#include "tests/support/certificates.hpp"
#include "tests/unit/daemon/temp_folder.hpp"

using namespace consign;
using consign::testing::Authority;
using consign::testing::TempFolder;

namespace {

const std::string kHash(64, 'a');

// A folder with certificates, and what consignd.yaml there says.
struct Folder {
  TempFolder folder;
  Authority authority{folder.path(), "clients"};
  testing::Issued server = authority.issue("server");
  testing::Issued other = authority.issue("other");

  Result<Settings, std::vector<std::string>> read(const std::string& tls) const {
    return read_config_text("tls:\n" + tls, "consignd.yaml", folder.path());
  }
  std::vector<std::string> faults(const std::string& tls) const {
    auto result = read(tls);
    return result.ok() ? std::vector<std::string>{} : result.error();
  }
};

std::string refusal(const std::variant<store::Viewer, std::string>& known) {
  const auto* why = std::get_if<std::string>(&known);
  return why == nullptr ? "" : *why;
}

}  // namespace

TEST_CASE("settings of TLS are read, with files beside the config file") {
  const Folder here;
  const auto settings = here.read(
      "  listen: 0.0.0.0:7443\n"
      "  certificate: server.pem\n"
      "  key: server.key\n"
      "  client_ca: clients.pem\n"
      "  clients:\n"
      "    \"" +
      std::string(64, 'A') +
      "\": staff:anna\n"
      "    \"" +
      std::string(64, '7') + "\": administrator\n");
  REQUIRE(settings.ok());
  REQUIRE(settings->tls.has_value());
  CHECK(settings->tls->listen.host == "0.0.0.0");
  CHECK(settings->tls->listen.port == 7443);
  CHECK(settings->tls->files.key == here.folder / "server.key");
  CHECK(settings->tls->clients ==
        CertificateHolders{{kHash, "staff:anna"}, {std::string(64, '7'), "administrator"}});
}

TEST_CASE("what TLS lacks is said, all of it at once") {
  const Folder here;
  CHECK(here.faults("  client_ca: nobody.pem\n  certificates: x\n") ==
        std::vector<std::string>{
            "consignd.yaml:3: unknown setting `certificates`, did you mean `certificate`?",
            "consignd.yaml:2: cannot read `nobody.pem`", "consignd.yaml:2: `tls` has no `listen`",
            "consignd.yaml:2: `tls` has no `certificate`", "consignd.yaml:2: `tls` has no `key`"});
}

TEST_CASE("a key of another certificate and files without PEM are faults of their lines") {
  const Folder here;
  const std::string listen = "  listen: 127.0.0.1:0\n";
  const auto path = [&](const char* name) { return '`' + (here.folder / name).string() + '`'; };
  CHECK(here.faults(listen + "  certificate: server.pem\n  key: other.key\n") ==
        std::vector<std::string>{"consignd.yaml:4: " + path("other.key") +
                                 " is not the key of the certificate in " + path("server.pem")});
  CHECK(here.faults(listen + "  certificate: server.key\n  key: server.key\n") ==
        std::vector<std::string>{"consignd.yaml:3: " + path("server.key") +
                                 " holds no certificate in PEM that can be used"});
  CHECK(here.faults(listen + "  certificate: server.pem\n  key: server.pem\n") ==
        std::vector<std::string>{
            "consignd.yaml:4: " + path("server.pem") +
            " holds no private key that can be read: it has to be in PEM and without a password"});
  CHECK(here.faults(listen +
                    "  certificate: server.pem\n  key: server.key\n  client_ca: server.key\n") ==
        std::vector<std::string>{"consignd.yaml:5: " + path("server.key") +
                                 " holds no certificate in PEM that can be used"});
}

TEST_CASE("clients are hashes of keys and accounts that can be") {
  const Folder here;
  const std::string files =
      "  listen: 127.0.0.1:0\n  certificate: server.pem\n  key: server.key\n"
      "  client_ca: clients.pem\n  clients:\n";
  CHECK(here.faults(files + "    \"ab12\": staff:anna\n") ==
        std::vector<std::string>{"consignd.yaml:7: `ab12` is no SHA-256 of a public key, which has "
                                 "64 hexadecimal digits"});
  CHECK(here.faults(files + "    \"" + kHash + "\": stuff:anna\n") ==
        std::vector<std::string>{
            "consignd.yaml:7: unknown account kind `stuff`, did you mean `staff`?"});
  CHECK(here.faults(files + "    \"" + kHash + "\": staff\n") ==
        std::vector<std::string>{"consignd.yaml:7: `staff` is no account; write it as "
                                 "`staff:anna`"});
  CHECK(here.faults(files + "    \"" + kHash + "\": staff:anna\n    \"" + std::string(64, 'A') +
                    "\": staff:bo\n") ==
        std::vector<std::string>{"consignd.yaml:8: the key `" + kHash + "` is listed twice"});
  CHECK(here.faults("  listen: 127.0.0.1:0\n  certificate: server.pem\n  key: server.key\n"
                    "  clients: { \"" +
                    kHash + "\": staff:anna }\n") ==
        std::vector<std::string>{
            "consignd.yaml:5: `clients` needs `client_ca`: without it no certificate is asked "
            "for"});
}

TEST_CASE("a listed certificate is its account for as long as both are good") {
  AccessIndex index;
  const CertificateHolders holders{{kHash, "staff:anna"}};
  const ClientCertificate certificate{.key_hash = kHash, .until = {1'000}};
  const auto known = [&](std::int64_t now) {
    return viewer_of_certificate(index, holders, certificate, {now});
  };
  const auto viewer = std::get<store::Viewer>(known(999));
  CHECK(viewer.account == "staff:anna");
  CHECK(viewer.token == "certificate aaaaaaaaaaaaaaaa");
  CHECK_FALSE(viewer.is_limited());
  CHECK(refusal(known(1'000)) == "the client certificate has expired");

  index.put_account({.account = "staff:anna", .state = store::AccountState::suspended});
  CHECK(refusal(known(999)) == "the account is suspended");
  index.put_account({.account = "staff:anna", .state = store::AccountState::removed});
  CHECK(refusal(known(999)) == "the account is removed");
  CHECK(refusal(viewer_of_certificate(index, {}, certificate, {0})) ==
        "the key `" + kHash + "` of the client certificate is not listed");
}
