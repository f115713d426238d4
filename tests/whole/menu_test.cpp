// Menus, the activity log and wallet passwords, over HTTP and by the tool.
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <sstream>

#include "cli/app.hpp"
#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"
#include "tests/whole/receiver.hpp"

using namespace consign::testing;

namespace {

constexpr const char* kWalletRules =
    "permissions desk:reply\n"
    "supplier acme\n"
    "never grant staff:*\n"
    "rule wallet-is-the-mains on check {\n"
    "  when check.action = wallet:password and account.kind = \"main\" then allow }\n"
    "rule nobody-elses on check {\n"
    "  when check.action = wallet:password and account.kind != \"main\"\n"
    "  then forbid \"only the main account changes it\" }\n"
    "rule all { when line.quantity > 0 then assign to acme, grant orders:view+fulfill }\n";

std::string text(const boost::json::value& from, const char* member) {
  return std::string(from.at(member).as_string());
}

std::unique_ptr<Client> client_of(const DaemonProcess& daemon, Client& admin,
                                  const std::string& account) {
  const auto made = admin.post("/v1/tokens", R"({"account":")" + account + "\"}");
  REQUIRE_MESSAGE(made.status == 201, made.body);
  return std::make_unique<Client>(daemon.port(), text(made.json(), "token"));
}

void put_order(Client& admin, const std::string& id) {
  const auto answer = admin.post(
      "/v1/orders",
      R"({"shop":"outlet","id":")" + id +
          R"(","revision":"r1","placed_at":"2026-11-21T09:59:12Z","currency":"EUR",)"
          R"("total":"1.00","payment":"paid","lines":[{"id":"1","quantity":1,"price":"1.00"}]})");
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
}

std::string hmac(const std::string& salt, const std::string& password) {
  std::string key(33, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                  reinterpret_cast<const unsigned char*>(salt.data()), 44);
  key.resize(32);
  return shopify_signature(password, key);
}

struct Ran {
  int exit;
  std::string out, err;
};
Ran consign_tool(const DaemonProcess& daemon, std::vector<std::string> arguments,
                 const std::string& token_file = "", const std::string& input = "") {
  if (token_file.empty()) {
    arguments.insert(arguments.end(), {"--socket", daemon.socket()});
  } else {
    arguments.insert(arguments.end(),
                     {"--server", "http://127.0.0.1:" + std::to_string(daemon.port()),
                      "--token-file", token_file});
  }
  std::istringstream in(input);
  std::ostringstream out, err;
  consign::cli::Session session{.in = in, .out = out, .err = err, .environment = {}, .clock = [] {
                                  return *consign::parse_timestamp("2026-11-21T10:00:00Z");
                                }};
  const int exit = consign::cli::run(std::move(arguments), session);
  return {exit, out.str(), err.str()};
}

// The whole log in pages of that size.
boost::json::array pages(Client& client, const std::string& target, int size) {
  boost::json::array items;
  std::string cursor;
  for (int page = 0; page < 200; ++page) {
    const auto answer = client.get(target + "&limit=" + std::to_string(size) + "&cursor=" + cursor);
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    const auto json = answer.json();
    for (const auto& item : json.at("items").as_array()) items.push_back(item);
    if (json.at("next").is_null()) return items;
    cursor = json.at("next").as_string();
  }
  FAIL("a log without end");
  return items;
}

}  // namespace

TEST_CASE("a menu shows what checks allow, by area, and follows every change") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", kWalletRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  for (const auto* name : {"main:boss", "sub:mei", "sub:new"}) {
    REQUIRE(admin->put(std::string("/v1/accounts/") + name, R"({"shops":["outlet","nordic"]})")
                .status == 201);
  }
  const auto grant = [&](const std::string& permissions, const std::string& on) {
    const auto made = admin->post("/v1/grants", R"({"account":"sub:mei","permissions":[")" +
                                                    permissions + R"("],"on":)" + on + "}");
    REQUIRE_MESSAGE(made.status == 201, made.body);
    return text(made.json(), "id");
  };
  put_order(*admin, "1");
  grant("orders:view+refund", R"({"shop":"outlet"})");
  const auto all = grant("products:*", R"({"shop":"nordic"})");
  grant("desk:reply", R"({"shop":"outlet"})");
  grant("apps:dianxiaomi", R"({"shop":"outlet"})");
  grant("orders:view+fulfill", R"({"shop":"outlet","order":"1"})");
  grant("wallet:password", R"({"shop":"outlet"})");

  const auto menu = admin->get("/v1/accounts/sub:mei/menu");
  REQUIRE_MESSAGE(menu.status == 200, menu.body);
  CHECK(text(menu.json(), "account") == "sub:mei");
  const auto items = menu.json().at("items").as_array();
  REQUIRE(items.size() == 4);
  CHECK(boost::json::serialize(items[0]) ==
        R"({"area":"orders","title":"Orders","entries":[)"
        R"({"permission":"orders:view","title":"see orders","shops":["outlet"]},)"
        R"({"permission":"orders:fulfill","title":"fulfil and ship","shops":["outlet"],)"
        R"("assigned_only":true},)"
        R"({"permission":"orders:refund","title":"refund","shops":["outlet"]}]})");
  CHECK(items[1].at("entries").as_array().size() == 10);  // products:* in single entries
  CHECK(text(items[2], "area") == "apps");
  CHECK(boost::json::serialize(items[3]) ==
        R"({"area":"desk","title":"Desk","entries":[)"
        R"({"permission":"desk:reply","title":"desk:reply","shops":["outlet"]}]})");
  // Every entry is what a check says.
  for (const auto& area : items) {
    for (const auto& entry : area.at("entries").as_array()) {
      if (entry.as_object().contains("assigned_only")) continue;
      for (const auto& shop : entry.at("shops").as_array()) {
        const auto check = admin->post("/v1/check", R"({"account":"sub:mei","action":")" +
                                                        text(entry, "permission") +
                                                        R"(","resource":{"kind":"shop","shop":")" +
                                                        std::string(shop.as_string()) + "\"}}");
        CHECK(check.json().at("allowed").as_bool());
      }
    }
  }
  // What only a rule allows is in it, too.
  CHECK(admin->get("/v1/accounts/main:boss/menu").body.find("wallet:password") !=
        std::string::npos);

  const auto mei = client_of(daemon, *admin, "sub:mei");
  CHECK(mei->get("/v1/accounts/sub:mei/menu").body == menu.body);
  CHECK(mei->get("/v1/accounts/main:boss/menu").status == 404);
  CHECK(boost::json::serialize(admin->get("/v1/accounts/sub:new/menu").json().at("items")) == "[]");
  REQUIRE(admin->post("/v1/grants/" + all + "/revoke", "{}").status == 200);
  CHECK(mei->get("/v1/accounts/sub:mei/menu").body.find("products:") == std::string::npos);

  const auto told = consign_tool(daemon, {"menu", "sub:mei"});
  CHECK_MESSAGE(told.exit == 0, told.err);
  CHECK(told.out.find("outlet, what is assigned only") != std::string::npos);
  CHECK(consign_tool(daemon, {"menu", "sub:new"}).out == "nothing\n");
}

TEST_CASE("the activity log merges what was done to accounts and to orders, page by page") {
  DaemonProcess daemon;
  daemon.write_rules("10.rules", kWalletRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  const auto admin = daemon.client();
  const auto acme = client_of(daemon, *admin, "supplier:acme");
  for (int i = 0; i < 6; ++i) {
    const auto id = std::to_string(i);
    REQUIRE(admin->put("/v1/accounts/staff:s" + id, "{}").status == 201);
    put_order(*admin, id);
    REQUIRE(acme->post("/v1/orders/outlet/" + id + "/accept", "{}").status == 200);
    REQUIRE(admin->post("/v1/orders/outlet/" + id + "/hold", R"({"reason":"broken"})").status ==
            200);
  }
  const auto granted =
      admin->post("/v1/grants",
                  R"({"account":"staff:s1","permissions":["orders:view"],"on":{"shop":"nordic"}})");
  REQUIRE(granted.status == 201);
  const auto grant = text(granted.json(), "id");

  const auto all = pages(*admin, "/v1/activity?", 500);
  CHECK(all.size() == 1 + 6 * 3 + 1);
  CHECK(std::is_sorted(all.begin(), all.end(),
                       [](const auto& a, const auto& b) { return text(a, "at") > text(b, "at"); }));
  CHECK(text(all.front(), "about") == "grant " + grant);
  CHECK(text(all.front(), "what") == "made");
  CHECK(text(all.front(), "by") == "administrator");
  CHECK(all.front().as_object().contains("token"));
  for (const int size : {1, 2, 3, 7}) {
    CAPTURE(size);
    CHECK(pages(*admin, "/v1/activity?", size) == all);
  }
  const auto of_acme = pages(*admin, "/v1/activity?by=supplier:acme", 2);
  CHECK(of_acme.size() == 6);
  CHECK(text(of_acme.back(), "about") == "order outlet/0");
  CHECK(text(of_acme.back(), "line") == "1");
  // An account has what it did itself, whatever it asks for.
  CHECK(pages(*acme, "/v1/activity?", 4) == of_acme);
  CHECK(pages(*acme, "/v1/activity?by=administrator", 4).empty());
  CHECK(pages(*admin, "/v1/activity?about=order%20outlet/3", 1).size() == 2);
  CHECK(pages(*admin, "/v1/activity?about=account%20staff:s3", 1).size() == 1);
  CHECK(pages(*admin, "/v1/activity?shop=nordic", 1).size() == 1);
  CHECK(pages(*admin, "/v1/activity?shop=outlet", 5).size() == 12);
  const std::string middle = text(all[9], "at");
  const auto since = pages(*admin, "/v1/activity?since=" + middle, 3).size();
  const auto until = pages(*admin, "/v1/activity?until=" + middle, 3).size();
  CHECK(since + until == all.size());
  CHECK(since >= 10);
  CHECK(admin->get("/v1/activity?since=yesterday").status == 400);
  CHECK(admin->get("/v1/activity?cursor=1.7.2").status == 400);
  // The grant tells of its making once.
  CHECK(admin->get("/v1/grants/" + grant).json().at("history").as_array().size() == 1);
  const auto told = consign_tool(daemon, {"activity", "--by", "supplier:acme", "--shop", "outlet"});
  CHECK_MESSAGE(told.exit == 0, told.err);
  CHECK(told.out.find("order outlet/5") != std::string::npos);
}

TEST_CASE("only the main account changes the wallet password, in all shops, and none stays here") {
  Receiver singapore([](const Received&) { return 200; });
  Receiver malaysia([](const Received&) { return 200; });
  const auto endpoint = [](const std::string& name, const Receiver& receiver) {
    return "  " + name + ": { url: \"" + receiver.url() + "\", secret: " + kWebhookSecret + " }\n";
  };
  DaemonProcess daemon(
      "  sg: { channel: shopee, wallet: sg-wallet }\n"
      "  my: { channel: shopee, wallet: my-wallet }\nendpoints:\n" +
          endpoint("sg-wallet", singapore) + endpoint("my-wallet", malaysia),
      DaemonProcess::Time::by_hand);
  daemon.write_rules("10.rules", kWalletRules);
  REQUIRE_MESSAGE(daemon.start(), daemon.log());
  auto admin = daemon.client();
  REQUIRE(admin->put("/v1/accounts/main:boss", R"({"shops":["sg","my"]})").status == 201);
  REQUIRE(admin->put("/v1/accounts/sub:mei", R"({"shops":["sg","my"]})").status == 201);
  for (const auto* shop : {"sg", "my"}) {
    REQUIRE(admin
                ->post("/v1/grants",
                       R"({"account":"sub:mei","permissions":["wallet:password"],"on":{"shop":")" +
                           std::string(shop) + "\"}}")
                .status == 201);
  }
  auto boss = client_of(daemon, *admin, "main:boss");
  const auto mei = client_of(daemon, *admin, "sub:mei");
  const std::string path = "/v1/accounts/main:boss/wallet-password";

  // Only the main account, and only itself.
  CHECK(admin->post(path + ":begin", "").status == 403);
  CHECK(mei->post(path + ":begin", "").status == 404);
  const auto refused = mei->post("/v1/accounts/sub:mei/wallet-password:begin", "");
  CHECK(refused.status == 403);
  CHECK(refused.body.find("only the main account changes it") != std::string::npos);

  std::set<std::string> secrets{"the-new-wallet-word", "singapores-own", "malaysias-own"};
  const auto begin = [&] {
    const auto begun = boss->post(path + ":begin", "");
    REQUIRE_MESSAGE(begun.status == 200, begun.body);
    const auto json = begun.json();
    for (const auto& [shop, salt] : json.at("salts").as_object()) {
      secrets.insert(std::string(salt.as_string()));
    }
    return json;
  };
  const auto offer = [&](const boost::json::value& begun, const std::string& shop,
                         const std::string& wallet, const std::string& own) {
    const auto salt = text(begun.at("salts"), shop.c_str());
    for (const auto& password : {wallet, own}) secrets.insert(hmac(salt, password));
    return "\"" + shop + R"(":{"wallet":")" + hmac(salt, wallet) + R"(","shop":")" +
           hmac(salt, own) + R"(","sealed":"sealed-for-)" + shop + "\"}";
  };
  const auto body = [](const boost::json::value& begun, const std::string& shops) {
    return R"({"change":")" + text(begun, "change") + R"(","shops":{)" + shops + "}}";
  };
  const auto whole = [&](const boost::json::value& begun, const std::string& my_own) {
    return body(begun, offer(begun, "sg", "the-new-wallet-word", "singapores-own") + "," +
                           offer(begun, "my", "the-new-wallet-word", my_own));
  };

  // A shop is missing, another is too many, a digest is none: nothing is used up.
  const auto first = begin();
  CHECK(first.at("salts").as_object().size() == 2);
  CHECK(text(first.at("salts"), "sg") != text(first.at("salts"), "my"));
  const auto half = boss->post(path, body(first, offer(first, "sg", "the-new-wallet-word", "x")));
  CHECK(half.status == 422);
  CHECK(text(half.json().at("errors").at(0), "pointer") == "/shops/my");
  const auto digest = text(first.at("salts"), "sg");
  CHECK(boss->post(path,
                   body(first, offer(first, "sg", "a", "b") + "," + offer(first, "my", "a", "b") +
                                   R"(,"nordic":{"wallet":")" + digest + "\"}"))
            .status == 422);
  CHECK(boss->post(path, body(first, offer(first, "sg", "a", "b") +
                                         R"(,"my":{"wallet":"AAAA","shop":"AAAA","sealed":"x"})"))
            .status == 422);

  // Equal passwords are refused, shop by shop, and use the change up.
  const auto equal = boss->post(path, whole(first, "the-new-wallet-word"));
  CHECK(equal.status == 422);
  REQUIRE(equal.json().at("errors").as_array().size() == 1);
  CHECK(text(equal.json().at("errors").at(0), "pointer") == "/shops/my/wallet");
  CHECK(boss->post(path, whole(first, "malaysias-own")).status == 409);
  // So does time.
  const auto late = begin();
  daemon.pass(601);
  CHECK(boss->post(path, whole(late, "malaysias-own")).status == 409);
  CHECK(singapore.received().empty());

  const auto good = begin();
  const auto changed = boss->post(path, whole(good, "malaysias-own"));
  REQUIRE_MESSAGE(changed.status == 200, changed.body);
  CHECK(boss->post(path, whole(good, "malaysias-own")).status == 409);
  REQUIRE(
      eventually([&] { return singapore.received().size() + malaysia.received().size() == 2; }));
  const auto sent = boost::json::parse(malaysia.received().at(0).body);
  CHECK(is_signed(malaysia.received().at(0)));
  CHECK(text(sent, "type") == "wallet.password");
  CHECK(boost::json::serialize(sent.at("data")) ==
        R"({"shop":"my","account":"main:boss","change":")" + text(good, "change") +
            R"(","sealed":"sealed-for-my"})");
  CHECK(singapore.received().at(0).body.find("sealed-for-sg") != std::string::npos);
  CHECK(admin->get("/v1/deliveries").body.find("wallet_change") != std::string::npos);

  const auto log =
      boss->get("/v1/activity?about=account%20main:boss").json().at("items").as_array();
  REQUIRE(log.size() == 1);
  CHECK(text(log[0], "what") == "wallet_password_changed");
  CHECK(boost::json::serialize(log[0].at("shops")) == R"(["sg","my"])");

  // The same by the tool, with passwords from its standard input.
  const auto token = admin->post("/v1/tokens", R"({"account":"main:boss"})").json();
  const auto token_file = (daemon.folder() / "boss.token").string();
  const auto sealed_file = (daemon.folder() / "sealed.json").string();
  write_file(token_file, text(token, "token") + "\n");
  write_file(sealed_file, R"({"sg":"for-sg","my":"for-my"})");
  const std::vector<std::string> command{"wallet-password", "main:boss",        "--sealed",
                                         sealed_file,       "--passwords-file", "-"};
  const auto passwords = [](const std::string& wallet) {
    return R"({"wallet":")" + wallet + R"(","shops":{"sg":"singapores-own","my":"malaysias-own"}})";
  };
  const auto ran = consign_tool(daemon, command, token_file, passwords("the-new-wallet-word"));
  CHECK_MESSAGE(ran.exit == 0, ran.err);
  CHECK(ran.out == "changed in sg, my\n");
  const auto same = consign_tool(daemon, command, token_file, passwords("malaysias-own"));
  CHECK(same.exit == 1);
  CHECK(same.err.find("`my`") != std::string::npos);
  CHECK(consign_tool(daemon, {"wallet-password", "main:boss", "--sealed", sealed_file}, token_file)
            .exit == 2);
  REQUIRE(
      eventually([&] { return singapore.received().size() + malaysia.received().size() == 4; }));

  // A shop without a connector is named, with what to configure.
  REQUIRE(admin->put("/v1/accounts/main:boss", R"({"shops":["sg","outlet"]})").status == 200);
  const auto nobody = boss->post(path + ":begin", "");
  CHECK(nobody.status == 422);
  CHECK(nobody.body.find("`wallet` endpoint in consignd.yaml") != std::string::npos);

  // Nothing of it is kept: while it runs, and after its end.
  for (const bool running : {true, false}) {
    CAPTURE(running);
    if (!running) CHECK(daemon.end(SIGTERM) == 0);
    std::string kept = daemon.log();
    for (const auto& file : std::filesystem::recursive_directory_iterator(daemon.data())) {
      if (file.is_regular_file()) kept += read_file(file.path());
    }
    CHECK(kept.find("sealed-for-my") != std::string::npos);
    for (const auto& secret : secrets) {
      CAPTURE(secret);
      CHECK(kept.find(secret) == std::string::npos);
    }
  }
}
