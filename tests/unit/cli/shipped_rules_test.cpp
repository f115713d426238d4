// The rules that come with consign load without a warning and decide as their comments say.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;
using boost::json::value;

namespace {

const std::string kRules = std::string(CONSIGN_SOURCE_DIR) + "/rules";

/// The decision about an order with one line, whose product has these tags ("\"acme\"").
value decide(const std::string& tags) {
  const TemporaryFolder folder;
  const std::string facts = folder.write(
      "facts.json",
      R"({"products":[{"shop":"nordic","id":"p-1","skus":["SKU-1"],"tags":[)" + tags + "]}]}");
  const std::string order = folder.write(
      "order.json",
      R"({"shop":"nordic","id":"1","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"5","payment":"paid",)"
      R"("lines":[{"id":"1","product":"p-1","sku":"SKU-1","quantity":1,"price":"5"}]})");
  const Ran ran = run_consign({"decide", "--rules", kRules, "--facts", facts, order});
  REQUIRE(ran.exit == 0);
  return boost::json::parse(ran.out);
}

/// The decision about a request for access in the Shopify shop `nordic`, filed by `by`.
value decide_request(const std::string& request, const std::string& by) {
  const TemporaryFolder folder;
  const std::string facts = folder.write(
      "facts.json",
      R"({"shops":[{"id":"nordic","channel":"shopify","plan":"shopify","staff_count":1}],)"
      R"("accounts":[{"account":"owner:olga","shops":["nordic"]},)"
      R"({"account":"owner:sven","shops":["south"]},{"account":"staff:anna","shops":["nordic"]}]})");
  const std::string asked =
      folder.write("request.json", R"({"shops":["nordic"],"by":")" + by + R"(",)" + request + "}");
  const Ran ran =
      run_consign({"decide", "--rules", kRules, "--facts", facts, "--kind", "request", asked});
  REQUIRE_MESSAGE(ran.exit == 0, ran.err);
  return boost::json::parse(ran.out);
}

/// What comes to a document of that kind.
value decide_kind(const std::string& kind, const std::string& document) {
  const TemporaryFolder folder;
  const std::string facts =
      folder.write("facts.json", R"({"shops":[{"id":"shopee-sg","channel":"shopee"}],)"
                                 R"("accounts":[{"account":"main:nordwind","shops":["shopee-sg"]},)"
                                 R"({"account":"sub:mei","shops":["shopee-sg"]}]})");
  const std::string file = folder.write("document.json", document);
  const Ran ran =
      run_consign({"decide", "--rules", kRules, "--facts", facts, "--kind", kind, file});
  REQUIRE_MESSAGE(ran.exit == 0, ran.err);
  return boost::json::parse(ran.out);
}

std::string state(const value& decision) { return std::string(decision.at("state").as_string()); }

std::string supplier(const value& decision) {
  const auto& part = decision.at("lines").at(0).at("parts").at(0).as_object();
  return part.contains("supplier") ? std::string(part.at("supplier").as_string()) : "";
}

/// The same for one of a supplier's people.
value decide_login(const std::string& by, const std::string& rest) {
  return decide_request(R"("requester":{"email":"lena@acme.example"},)" + rest, by);
}

}  // namespace

TEST_CASE("the shipped rules check clean, without warnings, and are formatted") {
  const Ran ran = run_consign({"check", "--deny-warnings", kRules});
  CHECK(ran.exit == 0);
  CHECK(holds(ran.err, ": in order\n"));
  const Ran format = run_consign({"fmt", "--check", kRules});
  CHECK_MESSAGE(format.exit == 0, format.out << format.err);
}

TEST_CASE("goods tagged acme go to Acme, who may see and fulfil the line") {
  const value decision = decide("\"Acme\"");
  CHECK(supplier(decision) == "acme");
  const value& grant = decision.at("grants").at(0);
  CHECK(grant.at("account").as_string() == "supplier:acme");
  CHECK(grant.at("permissions").at(0).as_string() == "orders:fulfill");
  CHECK(grant.at("permissions").at(1).as_string() == "orders:view");
}

TEST_CASE("goods tagged bravo go to Bravo, with both tags to Acme") {
  CHECK(supplier(decide("\"bravo\"")) == "bravo");
  CHECK(supplier(decide("\"bravo\",\"acme\"")) == "acme");
}

TEST_CASE("goods that no supplier takes are held, naming the SKU") {
  const value decision = decide("\"other\"");
  const value& part = decision.at("lines").at(0).at("parts").at(0);
  CHECK(part.at("outcome").as_string() == "held");
  CHECK(part.at("reason").as_string() == "no supplier for SKU-1");
}

TEST_CASE("a supplier gives its people logins with the roles that are for them, and no others") {
  const std::string packer = R"("kind":"sub_account","role":"dianxiaomi-packer")";
  const value given = decide_login("supplier:acme", packer);
  CHECK(given.at("state") == "approved");
  CHECK(
      given.at("permissions") ==
      boost::json::parse(
          R"(["orders:fulfill","orders:view","orders_to_process:edit","orders_to_process:view"])"));
  CHECK(decide_login("sub:lena", packer).at("state") == "denied");
  CHECK(
      decide_login("supplier:acme", R"("kind":"sub_account","role":"supplier-all")").at("state") ==
      "denied");
  CHECK(decide_login("supplier:acme", R"("kind":"sub_account","permissions":["orders:refund"])")
            .at("state") == "denied");
}

TEST_CASE("vendors are invited by who runs the shop, and reviewed where they ask themselves") {
  const std::string vendor = R"("kind":"supplier","role":"shipstation-shipping")";
  CHECK(decide_login("owner:olga", vendor).at("state") == "approved");
  CHECK(decide_login("supplier:acme", vendor).at("state") == "review");
}

TEST_CASE("the owner of a Shopify shop invites its staff, and nobody else does") {
  const std::string staff = R"("kind":"staff","permissions":["orders:view+refund"])";
  CHECK(state(decide_request(staff, "owner:olga")) == "approved");
  for (const auto* by : {"owner:sven", "staff:anna", "supplier:acme"}) {
    CAPTURE(by);
    const value decision = decide_request(staff, by);
    CHECK(state(decision) == "denied");
    CHECK(decision.at("reason") == "only the owner of nordic invites its staff");
  }
}

TEST_CASE("an agent with Dianxiaomi gets the role's three permissions and is told what was cut") {
  const value decision = decide_request(
      R"("kind":"staff","role":"shopify-dianxiaomi-agent","permissions":["orders:refund"])",
      "owner:olga");
  CHECK(state(decision) == "approved");
  CHECK(boost::json::serialize(decision.at("permissions")) ==
        R"(["apps:dianxiaomi","orders:fulfill","orders:view"])");
  CHECK(decision.at("cut").as_array().size() == 1);
  CHECK(decision.at("cut").at(0).at("permission") == "orders:refund");
}

TEST_CASE(
    "a collaborator of a Shopify shop is reviewed, with two factors, and gets no owner's rights") {
  const value decision = decide_request(
      R"("kind":"collaborator","permissions":["products:view","staff:create","payments:manage"])",
      "service:gateway");
  CHECK(state(decision) == "review");
  CHECK(decision.at("require_mfa").as_bool());
  CHECK(boost::json::serialize(decision.at("permissions")) == R"(["products:view"])");
  CHECK(decision.at("cut").as_array().size() == 2);
}

TEST_CASE("Shopee's main account makes its sub-accounts, and others wait for it") {
  const auto state = [](const std::string& by, const std::string& asked) {
    const value decision =
        decide_kind("request", R"({"kind":"sub_account","requester":{"email":"mei@example.com"},)"
                               R"("shops":["shopee-sg"],)" +
                                   asked + R"(,"by":")" + by + "\"}");
    return std::string(decision.at("state").as_string());
  };
  CHECK(state("main:nordwind", R"("role":"shopee-finance")") == "approved");
  CHECK(state("administrator", R"("role":"shopee-finance")") == "approved");
  CHECK(state("main:nordwind", R"("permissions":["wallet:password"])") == "denied");
  CHECK(state("sub:mei", R"("role":"shopee-finance")") == "review");
}

TEST_CASE("Shopee's wallet password is the main account's alone") {
  const auto allowed = [](const std::string& account) {
    return decide_kind("check", R"({"account":")" + account +
                                    R"(","action":"wallet:password",)"
                                    R"("resource":{"kind":"shop","shop":"shopee-sg"}})")
        .at("allowed")
        .as_bool();
  };
  CHECK(allowed("main:nordwind"));
  CHECK_FALSE(allowed("sub:mei"));
}

TEST_CASE("a chat goes to the group of its shop and stage") {
  const value decision =
      decide_kind("conversation", R"({"id":"c-1","shop":"shopee-sg","stage":"after-sales"})");
  CHECK(decision.at("group").as_string() == "shopee-sg-aftersales");
}
