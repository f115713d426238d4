// What grants allow is what reads show, over HTTP, with a clock that is turned by hand.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "consign/time.hpp"
#include "tests/whole/daemon_process.hpp"

using namespace consign::testing;
namespace json = boost::json;

namespace {

constexpr std::int64_t kHour = 3600;
const std::vector<std::string> kShops{"nordic", "outlet"};
const std::vector<std::string> kAccounts{"staff:anna", "sub:bo", "collaborator:cy", "service:feed"};

std::string text(const json::value& value) { return std::string(value.as_string()); }

std::string order(const std::string& shop, const std::string& id, std::size_t lines) {
  json::array all;
  for (std::size_t i = 1; i <= lines; ++i) {
    all.push_back(json::object{{"id", std::to_string(i)},
                               {"sku", "SKU-" + std::to_string(i)},
                               {"quantity", 2},
                               {"price", "1.00"}});
  }
  return json::serialize(json::object{{"shop", shop},
                                      {"id", id},
                                      {"currency", "EUR"},
                                      {"total", "1.00"},
                                      {"payment", "paid"},
                                      {"tags", json::array{"gift"}},
                                      {"lines", std::move(all)}});
}

std::int64_t system_micros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// What a grant is on; empty: all of it.
struct Place {
  std::string shop, order, line, part;
};

struct Grant {
  Place on;
  bool views = true, suspended = false;
  std::optional<std::int64_t> until;  // seconds after the start
};

struct Account {
  std::map<std::string, Grant> grants;  // by persons, by their ids
  std::optional<std::set<std::string>> shops;
  bool suspended = false;
  std::unique_ptr<Client> client, nordic_only;
};

using Pieces = std::set<std::pair<std::string, std::string>>;  // lines and parts

// The part of an order that somebody may see.
struct Seen {
  bool whole = false;
  Pieces pieces;
};

// CSV rows by their first cell, the order's number.
std::map<std::string, std::vector<std::string>> rows_of(const std::string& csv) {
  std::map<std::string, std::vector<std::string>> rows;
  for (auto begin = csv.find("\r\n"); begin != std::string::npos && begin + 2 < csv.size();) {
    const auto end = csv.find("\r\n", begin + 2);
    const auto row = csv.substr(begin + 2, end - begin - 2);
    rows[row.substr(0, row.find(','))].push_back(row);
    begin = end;
  }
  return rows;
}

// A random world of orders, accounts and grants, and beside it what has to be true of it.
class Viewers {
 public:
  explicit Viewers(unsigned seed) : random_(seed) {
    write_rules();
    REQUIRE_MESSAGE(daemon_.start(), daemon_.log());
    admin_ = daemon_.client();
    for (const auto& name : kAccounts) begin(name);
  }

  void happen() {
    for (int i = 0; i < 4; ++i) {
      const std::string id = std::to_string(orders_.size() + 100);
      const auto& shop = kShops[below(2)];
      REQUIRE(admin_->post("/v1/orders", order(shop, id, 1 + below(3))).status == 201);
      orders_.push_back({shop, id});
    }
    for (int i = 0; i < 6; ++i) act();
    for (int i = 0; i < 8; ++i) grant();
    for (int i = 0; i < 4; ++i) change_grant();
    change_account();
    if (below(2) == 0) pass(static_cast<std::int64_t>(below(3)) * kHour);
    banned_ = below(4) == 0;
    write_rules();
    REQUIRE(admin_->post("/v1/rules:reload", "").status == 200);
  }

  void check_all() {
    const auto csv = rows_of(admin_->get("/v1/orders.csv").body);
    for (auto& [name, account] : accounts_) {
      CAPTURE(name);
      if (account.suspended) {
        CHECK(account.client->get("/v1/orders").status == 401);
        continue;
      }
      const auto on = places_of(name);
      check(*account.client, name, on, csv);
      std::vector<Place> there;
      std::copy_if(on.begin(), on.end(), std::back_inserter(there),
                   [](const Place& place) { return place.shop == "nordic"; });
      check(*account.nordic_only, "", there, csv);
    }
  }

  int end() { return daemon_.end(SIGTERM); }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_()) % n; }

  void write_rules() {
    daemon_.write_rules(
        "10.rules",
        std::string("supplier acme { name \"A\" }\nsupplier bravo { name \"B\" }\n") +
            (banned_ ? "never grant orders:view\n"
                     : "rule share { when line.sku = \"SKU-3\" then grant orders:view to "
                       "collaborator:cy }\n") +
            "rule all on line { when line.quantity > 0 then assign to first available of "
            "{ acme, bravo } }\n");
  }

  void pass(std::int64_t seconds) {
    daemon_.pass(seconds);
    now_ += seconds;
  }

  void begin(const std::string& name) {
    Account account;
    REQUIRE(admin_->put("/v1/accounts/" + name, "{}").status == 201);
    const auto client = [&](const std::string& more) {
      const auto answer = admin_->post("/v1/tokens", R"({"account":")" + name + '"' + more + '}');
      REQUIRE_MESSAGE(answer.status == 201, answer.body);
      return std::make_unique<Client>(daemon_.port(), text(answer.json().at("token")));
    };
    account.client = client("");
    account.nordic_only = client(R"(,"shops":["nordic"],"permissions":["orders:view"])");
    accounts_[name] = std::move(account);
  }

  void act() {
    const auto& [shop, id] = orders_[below(orders_.size())];
    const std::string line = R"({"line":")" + std::to_string(1 + below(3)) + '"';
    const std::vector<std::pair<std::string, std::string>> acts{
        {"assign", R"(,"supplier":"bravo"})"},
        {"cancel", "}"},
        {"ship", R"(,"quantity":1})"},
        {"hold", R"(,"quantity":1})"}};
    const auto& [verb, rest] = acts[below(acts.size())];
    // Not everything can be done to every part.
    CHECK(admin_->post("/v1/orders/" + shop + '/' + id + '/' + verb, line + rest).status < 500);
  }

  void grant() {
    const auto& name = kAccounts[below(kAccounts.size())];
    const auto& [shop, id] = orders_[below(orders_.size())];
    Grant grant{.on = {shop, "", "", ""}, .until = std::nullopt};
    const auto breadth = below(8);
    if (breadth > 0) grant.on.order = id;
    if (breadth > 2) grant.on.line = std::to_string(1 + below(3));
    const std::string permission =
        std::vector<std::string>{"orders:view", "orders:*", "orders:refund"}[below(3)];
    grant.views = permission != "orders:refund";
    json::object on{{"shop", shop}};
    if (breadth > 0) on["order"] = id;
    if (breadth > 2) on["line"] = grant.on.line;
    json::object wanted{{"account", name},
                        {"permissions", json::array{json::string(permission)}},
                        {"on", std::move(on)},
                        {"reason", "test"}};
    if (below(3) == 0) {
      // Half an hour off any step of the clock.
      grant.until = now_ + kHour / 2 + static_cast<std::int64_t>(below(2)) * kHour;
      wanted["until"] = consign::format_timestamp({system_micros() + *grant.until * 1'000'000});
    }
    const auto answer = admin_->post("/v1/grants", json::serialize(wanted));
    if (answer.status >= 300) return;  // banned, or the account does not belong to the shop
    accounts_[name].grants[text(answer.json().at("id"))] = grant;
  }

  void change_grant() {
    auto& grants = accounts_[kAccounts[below(kAccounts.size())]].grants;
    if (grants.empty()) return;
    const auto chosen =
        std::next(grants.begin(), static_cast<std::ptrdiff_t>(below(grants.size())));
    const std::vector<std::string> verbs{"revoke", "suspend", "resume"};
    const auto& verb = verbs[below(3)];
    const auto answer = admin_->post("/v1/grants/" + chosen->first + '/' + verb, "{}");
    if (answer.status >= 300) return;  // its end has passed
    if (verb == "revoke") {
      grants.erase(chosen);
    } else {
      chosen->second.suspended = verb == "suspend";
    }
  }

  void change_account() {
    const auto& name = kAccounts[below(kAccounts.size())];
    Account& account = accounts_[name];
    if (below(4) == 0) {
      REQUIRE(admin_->send("DELETE", "/v1/accounts/" + name).status == 204);
      CHECK(account.client->get("/v1/orders").status == 401);
      begin(name);
      return;
    }
    json::object document;
    account.suspended = below(3) == 0;
    account.shops.reset();
    if (below(3) == 0) {
      account.shops = {kShops[below(2)]};
      document["shops"] = json::array{json::string(*account.shops->begin())};
    }
    document["suspended"] = account.suspended;
    REQUIRE(admin_->put("/v1/accounts/" + name, json::serialize(document)).status == 200);
  }

  /// All that grants in force let the account see: those by persons from the model, those by rules
  /// as the daemon lists them.
  std::vector<Place> places_of(const std::string& name) {
    const Account& account = accounts_[name];
    std::vector<Place> places;
    if (banned_) return places;
    const auto add = [&](const Place& place) {
      if (!account.shops || account.shops->contains(place.shop)) places.push_back(place);
    };
    for (const auto& [id, grant] : account.grants) {
      if (grant.views && !grant.suspended && (!grant.until || *grant.until > now_)) add(grant.on);
    }
    const auto list = admin_->get("/v1/grants?state=active&limit=500&account=" + name).json();
    for (const auto& item : list.at("items").as_array()) {
      if (!item.at("because").as_object().contains("rule")) continue;
      const auto& on = item.at("on").as_object();
      const auto member = [&](const char* which) {
        return on.contains(which) ? text(on.at(which)) : std::string();
      };
      add({member("shop"), member("order"), member("line"), member("part")});
    }
    return places;
  }

  static Seen seen_of(const json::value& whole, const std::vector<Place>& places) {
    Seen seen;
    for (const auto& place : places) {
      if (place.shop != text(whole.at("order").at("shop"))) continue;
      if (!place.order.empty() && place.order != text(whole.at("order").at("id"))) continue;
      if (place.line.empty()) seen.whole = true;
      for (const auto& line : whole.at("lines").as_array()) {
        for (const auto& part : line.at("parts").as_array()) {
          if (!place.line.empty() && place.line != text(line.at("id"))) continue;
          if (!place.part.empty() && place.part != text(part.at("id"))) continue;
          seen.pieces.emplace(text(line.at("id")), text(part.at("id")));
        }
      }
    }
    return seen;
  }

  /// `name` empty: a limited token, whose account is not asked about.
  void check(Client& client, const std::string& name, const std::vector<Place>& places,
             const std::map<std::string, std::vector<std::string>>& all_rows) {
    const std::string missing = client.get("/v1/orders/nordic/missing").body;
    std::map<std::string, Seen> visible;  // by "shop/id"
    for (const auto& [shop, id] : orders_) {
      const std::string path = "/v1/orders/" + shop + '/' + id;
      CAPTURE(path);
      const auto whole = admin_->get(path);
      const Seen expected = seen_of(whole.json(), places);
      const auto answer = client.get(path), history = client.get(path + "/history");
      if (!name.empty()) {
        // Who only looks changes nothing.
        for (const auto* verb : {"accept", "reject", "ship", "deliver"}) {
          CHECK(client.post(path + '/' + verb, "{}").body == missing);
        }
        CHECK(may_view(client, name, shop, id) == expected.whole);
      }
      if (expected.whole) {
        CHECK(answer.body == whole.body);
        CHECK(history.body == admin_->get(path + "/history").body);
      } else if (expected.pieces.empty()) {
        CHECK(answer.body == missing);
        CHECK(history.body == missing);
        continue;
      } else {
        REQUIRE(answer.status == 200);
        check_pieces(answer.json(), history.json(), expected.pieces);
      }
      visible[shop + '/' + id] = expected;
    }
    check_lists(client, visible);
    check_export(client, visible, all_rows);
  }

  static bool may_view(Client& client, const std::string& name, const std::string& shop,
                       const std::string& id) {
    const auto answer = client.post(
        "/v1/check", json::serialize(json::object{
                         {"account", name},
                         {"action", "orders:view"},
                         {"resource", {{"kind", "order"}, {"shop", shop}, {"id", id}}}}));
    return answer.json().at("allowed").as_bool();
  }

  static void check_pieces(const json::value& seen, const json::value& history,
                           const Pieces& pieces) {
    Pieces told;
    std::set<std::string> lines, documents;
    for (const auto& line : seen.at("lines").as_array()) {
      lines.insert(text(line.at("id")));
      for (const auto& part : line.at("parts").as_array()) {
        told.emplace(text(line.at("id")), text(part.at("id")));
      }
    }
    CHECK(told == pieces);
    for (const auto& line : seen.at("document").at("lines").as_array()) {
      documents.insert(text(line.at("id")));
      CHECK_FALSE(line.as_object().contains("price"));
    }
    CHECK(documents == lines);
    for (const auto* secret : {"decision", "rules", "revision", "tags", "notes"}) {
      CHECK_FALSE(seen.as_object().contains(secret));
      CHECK_FALSE(seen.at("document").as_object().contains(secret));
    }
    if (const auto* shipments = seen.as_object().if_contains("shipments")) {
      for (const auto& shipment : shipments->as_array()) {
        CHECK_FALSE(shipment.at("parts").as_array().empty());
        for (const auto& part : shipment.at("parts").as_array()) {
          CHECK(pieces.contains({text(part.at("line")), text(part.at("part"))}));
        }
      }
    }
    for (const auto& event : history.at("items").as_array()) {
      CHECK(lines.contains(text(event.at("line"))));
    }
  }

  std::vector<json::value> listed(Client& client, const std::string& query) {
    std::vector<json::value> items;
    for (std::string cursor;;) {
      const auto page = client.get("/v1/orders?" + query + cursor).json();
      for (const auto& item : page.at("items").as_array()) items.push_back(item);
      if (page.at("next").is_null()) return items;
      cursor = "&cursor=" + text(page.at("next"));
    }
  }

  void check_lists(Client& client, const std::map<std::string, Seen>& visible) {
    for (const std::string filter : {"", "shop=outlet", "state=decided", "state=waiting"}) {
      CAPTURE(filter);
      std::vector<json::value> expected;
      for (auto& item : listed(*admin_, filter.starts_with("state") ? "" : filter)) {
        const auto found = visible.find(text(item.at("shop")) + '/' + text(item.at("id")));
        if (found == visible.end()) continue;
        if (!found->second.whole) {
          item.as_object().erase("revision");
          item.as_object().erase("decision");
          item.as_object()["state"] = "decided";
        }
        if (!filter.starts_with("state") || filter.ends_with(text(item.at("state")))) {
          expected.push_back(item);
        }
      }
      CHECK(listed(client, filter) == expected);
      CHECK(listed(client, filter + "&limit=2") == expected);
    }
  }

  static void check_export(Client& client, const std::map<std::string, Seen>& visible,
                           const std::map<std::string, std::vector<std::string>>& all_rows) {
    auto rows = rows_of(client.get("/v1/orders.csv").body);
    for (const auto& [path, seen] : visible) {
      CAPTURE(path);
      const auto found = rows.find(path.substr(path.find('/') + 1));
      if (found == rows.end()) {
        CHECK(found != rows.end());
        continue;
      }
      if (seen.whole) {
        CHECK(found->second == all_rows.at(found->first));
      } else {
        CHECK(found->second.size() == seen.pieces.size());
      }
      rows.erase(found);
    }
    CHECK(rows.empty());
  }

  std::mt19937 random_;
  DaemonProcess daemon_{"", DaemonProcess::Time::by_hand};
  std::unique_ptr<Client> admin_;
  std::map<std::string, Account> accounts_;
  std::vector<std::pair<std::string, std::string>> orders_;  // shops and ids
  std::int64_t now_ = 0;  // seconds after the start, as the clock was turned
  bool banned_ = false;
};

}  // namespace

TEST_CASE("what grants allow is what reads show, and all else does not exist") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  Viewers viewers(seed);
  for (int step = 0; step < 5; ++step) {
    CAPTURE(step);
    viewers.happen();
    viewers.check_all();
  }
  CHECK(viewers.end() == 0);
}
