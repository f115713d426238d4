// TLS and client certificates: who is let in, as whom, and for how long.
#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <sstream>

#include "cli/app.hpp"
#include "cli/session.hpp"
#include "tests/whole/daemon_process.hpp"
#include "tests/whole/tls_client.hpp"

using namespace consign::testing;

namespace {

constexpr const char* kServerNames = "DNS:localhost,IP:127.0.0.1";
constexpr std::int64_t kDay = 24 * 3600;

// A daemon with TLS, its authority and that of its clients.
struct Desk {
  Desk() {
    daemon.write_rules("10.rules", "supplier acme\n");
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const auto address = read_file(daemon.data() / "tls-listen");
    port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    admin = daemon.client();
    REQUIRE(admin->put("/v1/accounts/staff:anna", R"({"name":"Anna"})").status < 300);
  }

  std::string settings() const {
    return "tls:\n  listen: 127.0.0.1:0\n  certificate: " + server.certificate +
           "\n  key: " + server.key + "\n  client_ca: " + clients.file() + "\n  clients:\n    \"" +
           anna.key_hash + "\": staff:anna\n    \"" + chief.key_hash + "\": administrator\n";
  }
  std::unique_ptr<TlsClient> connect(const TlsWish& wish = {}) const {
    return std::make_unique<TlsClient>(port, servers.file(), wish);
  }
  std::unique_ptr<TlsClient> connect_as(const Issued& certificate) const {
    return connect({.certificate = &certificate});
  }
  // What a client is told that shows such a certificate and asks for its orders.
  std::string refusal_of(const Issued& certificate) const {
    const auto client = connect_as(certificate);
    client->get("/v1/orders");
    return client->failure();
  }

  TempFolder folder;
  Authority servers{folder.path(), "servers"};
  Authority clients{folder.path(), "clients"};
  Issued server = servers.issue("server", kServerNames);
  Issued anna = clients.issue("anna", "", 10 * kDay);
  Issued chief = clients.issue("chief");
  DaemonProcess daemon{settings(), DaemonProcess::Time::by_hand};
  std::uint16_t port = 0;
  std::unique_ptr<Client> admin;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("over TLS a token is as good as in the clear, and a listed certificate needs none") {
  Desk desk;
  const auto nobody = desk.connect();
  CHECK(nobody->get("/healthz").status == 200);
  CHECK(nobody->get("/v1/accounts").status == 401);
  CHECK(nobody->get("/v1/accounts", desk.daemon.token()).status == 200);
  CHECK(nobody->get("/v1/accounts").status == 401);  // a token is for its request alone

  const auto anna = desk.connect_as(desk.anna);
  CHECK(anna->get("/v1/orders").status == 200);
  CHECK(anna->get("/v1/accounts").status == 403);
  CHECK(anna->get("/v1/accounts/staff:anna").status == 200);
  CHECK(desk.connect_as(desk.chief)->get("/v1/accounts").status == 200);

  // In the clear nothing has changed.
  CHECK(Client(desk.daemon.port(), "").get("/v1/accounts").status == 401);
  CHECK(desk.daemon.end(SIGTERM) == 0);
}

TEST_CASE("a certificate that is not listed needs a token, and a token goes before a certificate") {
  Desk desk;
  const Issued stranger = desk.clients.issue("stranger");
  const auto client = desk.connect_as(stranger);
  const auto refused = client->get("/v1/orders");
  CHECK(refused.status == 401);
  CHECK(holds(refused.body, stranger.key_hash));
  CHECK(client->get("/v1/orders", desk.daemon.token()).status == 200);

  const auto token = desk.admin->post("/v1/tokens", R"({"account":"staff:anna"})");
  REQUIRE(token.status == 201);
  const auto chief = desk.connect_as(desk.chief);
  CHECK(chief->get("/v1/accounts", std::string(token.json().at("token").as_string())).status ==
        403);
  CHECK(chief->get("/v1/accounts", "csg_no_token").status == 401);
  CHECK(chief->get("/v1/accounts").status == 200);
}

TEST_CASE("whose account is suspended or removed is refused on the open connection") {
  Desk desk;
  const auto anna = desk.connect_as(desk.anna);
  CHECK(anna->get("/v1/orders").status == 200);
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", R"({"suspended":true})").status < 300);
  const auto suspended = anna->get("/v1/orders");
  CHECK(suspended.status == 401);
  CHECK(holds(suspended.body, "the account is suspended"));
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status < 300);
  CHECK(anna->get("/v1/orders").status == 200);
  REQUIRE(desk.admin->send("DELETE", "/v1/accounts/staff:anna").status == 204);
  CHECK(holds(anna->get("/v1/orders").body, "the account is removed"));

  // So is one whose certificate ends while its connection lasts.
  REQUIRE(desk.admin->put("/v1/accounts/staff:anna", "{}").status < 300);
  desk.daemon.pass(9 * kDay);
  CHECK(anna->get("/v1/orders").status == 200);
  desk.daemon.pass(2 * kDay);
  CHECK(holds(anna->get("/v1/orders").body, "the client certificate has expired"));
}

TEST_CASE("a client certificate that has expired or that another authority made is refused") {
  Desk desk;
  CHECK(holds(desk.refusal_of(desk.clients.issue("late", "", -60)), "certificate expired"));
  CHECK(holds(desk.refusal_of(desk.servers.issue("foreign")), "unknown ca"));
  CHECK(desk.connect_as(desk.anna)->get("/v1/orders").status == 200);
}

TEST_CASE("TLS before 1.2, ciphers without authentication and renegotiation are refused") {
  Desk desk;
  const auto old = desk.connect(
      {.least = TLS1_VERSION, .most = TLS1_1_VERSION, .ciphers = "DEFAULT:@SECLEVEL=0"});
  CHECK(holds(old->failure(), "protocol version"));
  const auto weak = desk.connect({.most = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA256"});
  CHECK(holds(weak->failure(), "handshake failure"));
  const auto good = desk.connect({.certificate = &desk.anna, .most = TLS1_2_VERSION});
  CHECK(good->get("/v1/orders").status == 200);
  good->renegotiate();
  CHECK(good->get("/v1/orders").status == 0);
}

TEST_CASE("new connections get a certificate that was renewed, and a broken one leaves the old") {
  Desk desk;
  const auto before = desk.connect_as(desk.anna);
  CHECK(before->server_name() == "server");
  const Issued renewed = desk.servers.issue("renewed", kServerNames);
  std::filesystem::rename(renewed.certificate, desk.server.certificate);
  std::filesystem::rename(renewed.key, desk.server.key);
  CHECK(eventually([&] { return desk.connect()->server_name() == "renewed"; }, 10));

  write_file(desk.server.certificate, "not a certificate");
  CHECK(eventually(
      [&] {
        CHECK(desk.connect()->server_name() == "renewed");
        return holds(desk.daemon.log(), "cannot be used, the old ones stay");
      },
      10));
  CHECK(before->get("/v1/orders").status == 200);
}

TEST_CASE("who connects and never says a word is dropped, and others are served meanwhile") {
  Desk desk;
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::socket silent(context);
  silent.connect({asio::ip::address_v4::loopback(), desk.port});
  const auto began = std::chrono::steady_clock::now();
  CHECK(desk.connect_as(desk.anna)->get("/v1/orders").status == 200);
  const timeval patience{15, 0};
  setsockopt(silent.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  boost::system::error_code error;
  char byte = 0;
  asio::read(silent, asio::buffer(&byte, 1), error);
  CHECK(error == asio::error::eof);
  const auto waited = std::chrono::steady_clock::now() - began;
  CHECK(waited >= std::chrono::seconds(4));
  CHECK(waited < std::chrono::seconds(12));
}

TEST_CASE("over TLS a body that is too large is answered, and an idle connection holds up no end") {
  Desk desk;
  const auto client = desk.connect_as(desk.anna);
  CHECK(client->send("POST", "/v1/check", "", std::string(8 << 20, ' ')).status == 413);
  CHECK(client->get("/v1/orders").status == 0);
  const auto idle = desk.connect_as(desk.anna);
  CHECK(idle->get("/v1/orders").status == 200);
  const auto began = std::chrono::steady_clock::now();
  CHECK(desk.daemon.end(SIGTERM) == 0);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

TEST_CASE("consign shows a certificate to an https address, and wants to see a good one") {
  Desk desk;
  const auto tool = [&](std::vector<std::string> arguments) {
    std::istringstream in;
    std::ostringstream out, err;
    arguments.insert(arguments.end(),
                     {"--server", "https://localhost:" + std::to_string(desk.port)});
    consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                    return consign::Timestamp{};
                                  }};
    const int exit = consign::cli::run(arguments, session);
    return std::to_string(exit) + out.str() + err.str();
  };
  const auto listed = tool({"accounts", "list", "--ca", desk.servers.file(), "--client-cert",
                            desk.chief.certificate, "--client-key", desk.chief.key});
  CHECK_MESSAGE((listed.starts_with("0") && holds(listed, "staff:anna")), listed);
  CHECK(holds(tool({"accounts", "list", "--ca", desk.servers.file()}), "answered 401"));
  CHECK(holds(tool({"accounts", "list", "--ca", desk.clients.file()}),
              "does not prove that it is `localhost`; `--ca FILE` names whom to trust"));
  CHECK(holds(tool({"accounts", "list", "--ca", desk.servers.file(), "--client-cert",
                    desk.chief.certificate, "--client-key", desk.anna.key}),
              "holds no key of the certificate"));
}
