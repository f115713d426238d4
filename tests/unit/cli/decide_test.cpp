#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;
using boost::json::value;

namespace {

const std::string kOrder =
    R"({"shop":"nordic","id":"1001","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":"19.90","payment":"paid",)"
    R"("lines":[{"id":"1","product":"p-77","sku":"ACM-1","quantity":1,"price":"19.90"}]})";
const std::string kFacts =
    R"({"products":[{"shop":"nordic","id":"p-77","skus":["ACM-1"],"tags":["acme"]}]})";
constexpr auto kNow = "2026-11-21T10:00:03Z";

/// Rules, facts and an order in a folder, and the command that decides it.
struct Desk {
  TemporaryFolder folder;
  std::string rules = folder.write("rules/10-acme.rules", kAcmeRules);
  std::string facts = folder.write("facts.json", kFacts);
  std::string order = folder.write("order.json", kOrder);

  Ran decide(std::vector<std::string> more, const std::string& input = "") const {
    std::vector<std::string> all{"decide", "--rules", folder.path() + "/rules"};
    all.insert(all.end(), more.begin(), more.end());
    return run_consign(all, {.input = input});
  }
};

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("decide assigns by the facts given, on one line of JSON") {
  const Desk desk;
  const Ran ran = desk.decide({"--facts", desk.facts, "--now", kNow, desk.order});
  CHECK(ran.exit == 0);
  CHECK(ran.err.empty());
  CHECK(count_lines(ran.out) == 1);
  const value json = boost::json::parse(ran.out);
  CHECK(json.at("state").as_string() == "decided");
  CHECK(json.at("at").as_string() == kNow);
  const value& part = json.at("lines").at(0).at("parts").at(0);
  CHECK(part.at("outcome").as_string() == "assigned");
  CHECK(part.at("supplier").as_string() == "acme");
  CHECK(part.at("because").at("line").as_int64() == 3);
  CHECK(json.as_object().contains("why") == false);
}

TEST_CASE("decide gives the same bytes for the same inputs, from file and from standard input") {
  const Desk desk;
  const Ran first = desk.decide({"--facts", desk.facts, "--now", kNow, desk.order});
  const Ran second = desk.decide({"--facts", desk.facts, "--now", kNow, "-"}, kOrder);
  CHECK(first.out == second.out);
}

TEST_CASE("without facts the line waits for its product") {
  const Desk desk;
  const Ran ran = desk.decide({desk.order});
  CHECK(ran.exit == 0);
  const value json = boost::json::parse(ran.out);
  CHECK(json.at("state").as_string() == "waiting");
  CHECK(json.at("at").as_string() == "2026-11-21T10:00:00Z");
}

TEST_CASE("decide --why adds the rules that were considered") {
  const Desk desk;
  const Ran ran = desk.decide({"--facts", desk.facts, "--why", desk.order});
  const value json = boost::json::parse(ran.out);
  const value& rule = json.at("why").at("lines").at(0).at("rules").at(0);
  CHECK(rule.at("rule").as_string() == "acme-tagged");
  CHECK(rule.at("verdict").as_string() == "fired");
}

TEST_CASE("several lines of input give one answer each") {
  const Desk desk;
  const Ran ran = desk.decide({"--facts", desk.facts, "-"}, kOrder + "\n\n" + kOrder + "\n");
  CHECK(ran.exit == 0);
  CHECK(count_lines(ran.out) == 2);
}

TEST_CASE("a bad line has its problem in its place and the others their answers") {
  const Desk desk;
  const Ran ran = desk.decide({"--facts", desk.facts, "-"}, kOrder + "\n{\"id\":1}\n" + kOrder);
  CHECK(ran.exit == 1);
  CHECK(count_lines(ran.out) == 3);
  CHECK(holds(ran.out, "{\"problem\":{\"status\":422,"));
  CHECK(holds(ran.err, "error: standard input:2: "));
}

TEST_CASE("one document may span lines") {
  const Desk desk;
  std::string spread = kOrder;
  spread.insert(1, "\n  ");
  const Ran ran = desk.decide({"--facts", desk.facts, "--now", kNow, "-"}, spread);
  CHECK(ran.exit == 0);
  CHECK(ran.out == desk.decide({"--facts", desk.facts, "--now", kNow, desk.order}).out);
}

TEST_CASE("a bad order is told with pointers, and nothing is decided") {
  const Desk desk;
  std::string bad = kOrder;
  bad.replace(bad.find("\"quantity\":1"), 12, "\"quantity\":-1");
  const Ran ran = desk.decide({"-"}, bad);
  CHECK(ran.exit == 1);
  CHECK(ran.out.empty());
  CHECK(holds(ran.err, "error: standard input: /lines/0/quantity: "));
  CHECK(desk.decide({"-"}, "{").exit == 1);
  CHECK(desk.decide({"-"}, " \n").err == "error: standard input: there is no event in it\n");
}

TEST_CASE("what decide cannot do is said, exit 2") {
  const Desk desk;
  CHECK(holds(desk.decide({"--kind", "refund", desk.order}).err, "no event `refund`"));
  CHECK(desk.decide({"--kind", "refund", desk.order}).exit == 2);
  CHECK(desk.decide({"--kind", "check", "--why", desk.order}).exit == 2);
  CHECK(desk.decide({"--kind", "shopify-order", desk.order}).exit == 2);
  CHECK(desk.decide({"--now", "yesterday", desk.order}).exit == 2);
  CHECK(desk.decide({desk.folder.path() + "/none.json"}).exit == 2);
  CHECK(desk.decide({"--facts", desk.folder.path() + "/none.json", desk.order}).exit == 2);
  CHECK(desk.decide({"--facts", desk.folder.write("bad.json", "[]"), desk.order}).exit == 1);
}

TEST_CASE("requests and checks are decided by the rules on them and the accounts of the facts") {
  const Desk desk;
  desk.folder.write("rules/20-access.rules",
                    "rule ours {\n  when request.kind = \"staff\" and account.kind = \"owner\"\n"
                    "  then approve, at most orders:view\n}\n"
                    "rule full {\n  when request.kind = \"staff\" and shop.staff_count >= 5\n"
                    "  then deny \"{shop.id} is full\"\n}\n"
                    "rule wrong {\n  when request.code_ok = false\n  then deny\n}\n"
                    "rule packers {\n  when account.role = \"packer\"\n  then allow\n}\n");
  const std::string facts = desk.folder.write(
      "access.json",
      R"({"shops":[{"id":"nordic","staff_count":4},{"id":"outlet","staff_count":5}],)"
      R"("accounts":[{"account":"staff:anna","shops":["nordic"],"roles":["packer"]}],)"
      R"("grants":[{"account":"staff:bo","permissions":["orders:view"],"on":{"shop":"nordic","order":"1"},)"
      R"("until":"2026-11-21T11:00:00Z"}]})");
  const auto decide = [&](const char* kind, const std::string& event, const char* now = kNow) {
    const Ran ran = desk.decide({"--facts", facts, "--now", now, "--kind", kind, "-"}, event);
    return ran.out + ran.err;
  };
  const std::string file = R"("file":"20-access.rules","line":)";
  CHECK(decide("request",
               R"({"kind":"staff","shops":["nordic"],"permissions":["orders:view+edit"],)"
               R"("by":"owner:olga"})") ==
        R"({"state":"approved","because":{"rule":"ours",)" + file +
            R"(1},"permissions":["orders:view"],"cut":[{"permission":"orders:edit",)" +
            R"("because":{"rule":"ours",)" + file + "1}}]}\n");
  CHECK(decide("request", R"({"kind":"staff","shops":["nordic","outlet"],"by":"owner:olga"})") ==
        R"({"state":"denied","reason":"outlet is full","because":{"rule":"full",)" + file +
            "5},\"permissions\":[]}\n");
  CHECK(decide("request", R"({"kind":"service","shops":["nordic"],"code_ok":false})") ==
        R"({"state":"denied","reason":"a rule denies it","because":{"rule":"wrong",)" + file +
            "9},\"permissions\":[]}\n");
  CHECK(decide("request", R"({"kind":"staff","shops":["nordic"],"by":1,"code_ok":"no"})") ==
        "error: standard input: /by: this is an account, as \"owner:olga\"\n"
        "error: standard input: /code_ok: this is true or false\n");
  const auto asked = [](const std::string& account, const std::string& shop) {
    return R"({"account":")" + account + R"(","action":"orders:view","resource":{"kind":"order",)" +
           R"("shop":")" + shop + R"(","id":"1"}})";
  };
  CHECK(decide("check", asked("staff:anna", "nordic")) ==
        R"({"allowed":true,"because":{"rule":"packers",)" + file + "13}}\n");
  CHECK(decide("check", asked("staff:anna", "outlet")) ==
        "{\"allowed\":false,\"reason\":\"the account does not belong to the shop\"}\n");
  CHECK(decide("check", asked("staff:bo", "nordic")) ==
        "{\"allowed\":true,\"because\":{\"grant\":0}}\n");
  const std::string nothing = "{\"allowed\":false,\"reason\":\"no grant in force\"}\n";
  CHECK(decide("check", asked("staff:bo", "nordic"), "2026-11-21T11:00:00Z") == nothing);
  CHECK(decide("check", asked("supplier:none", "nordic")) == nothing);
  CHECK(decide("check", R"({"account":"anna","action":"orders:view","resource":{"kind":"ordr",)"
                        R"("shop":"nordic"}})") ==
        "error: standard input: /account: `anna` is no account; write it as `staff:anna`\n"
        "error: standard input: /resource/kind: there is no kind of resource `ordr`\n");
}

TEST_CASE("a Shopify order is decided in the shop named") {
  const Desk desk;
  const std::string body =
      R"({"id":820982911946154508,"name":"#1001","created_at":"2026-11-21T10:59:12+01:00","updated_at":"2026-11-21T11:00:00+01:00",)"
      R"("currency":"EUR","total_price":"19.90","financial_status":"paid","tags":"","test":false,)"
      R"("line_items":[{"id":1,"product_id":77,"sku":"ACM-1","quantity":1,"fulfillable_quantity":1,"price":"19.90","requires_shipping":true,"gift_card":false}]})";
  const Ran ran = desk.decide({"--kind", "shopify-order", "--shop", "nordic", "-"}, body);
  CHECK(ran.exit == 0);
  const value json = boost::json::parse(ran.out);
  CHECK(json.at("order").at("shop").as_string() == "nordic");
  CHECK(json.at("order").at("id").as_string() == "820982911946154508");
}

TEST_CASE("reasons are told for orders of a thousand lines too") {
  const Desk desk;
  std::string order = R"({"shop":"nordic","id":"1","currency":"EUR","total":"1","lines":[)";
  for (int i = 1; i <= 1000; ++i) {
    order += (i == 1 ? "" : ",") + std::string(R"({"id":")") + std::to_string(i) +
             R"(","quantity":1,"price":"1","sku":"ACM-1"})";
  }
  order += "]}";
  const Ran ran = desk.decide({"--facts", desk.facts, "--now", kNow, "--why", "-"}, order);
  CHECK(ran.exit == 0);
  const value json = boost::json::parse(ran.out);
  CHECK(json.at("lines").as_array().size() == 1000);
  CHECK(json.at("why").at("lines").as_array().size() == 1000);
}

TEST_CASE("an event that the rules declare is decided by its name") {
  const Desk desk;
  desk.folder.write("rules/20-chats.rules",
                    "event conversation { shop: code, stage: text, worth: money }\n"
                    "group presales { sub:anna, sub:bo }\n"
                    "rule vip { when conversation.worth > 500 EUR then assign to sub:cy }\n"
                    "rule pre on conversation { shop nordic when shop.plan = \"advanced\"\n"
                    "  then assign to group presales, tag \"{conversation.stage}\" }\n");
  const std::string facts =
      desk.folder.write("shops.json", R"({"shops":[{"id":"nordic","plan":"advanced"}]})");
  const auto decide = [&](const std::string& event) {
    return desk.decide({"--kind", "conversation", "--facts", facts, "--now", kNow, "-"}, event);
  };
  const Ran ran = decide(R"({"id":"c-1","shop":"nordic","stage":"new"})");
  REQUIRE_MESSAGE(ran.exit == 0, ran.err);
  const value json = boost::json::parse(ran.out);
  CHECK(json.at("event").at("id").as_string() == "c-1");
  CHECK(json.at("state").as_string() == "assigned");
  CHECK(json.at("group").as_string() == "presales");
  CHECK(json.at("because").at("rule").as_string() == "pre");
  CHECK(json.at("tags").at(0).as_string() == "new");
  CHECK(json.at("at").as_string() == kNow);
  CHECK(decide(R"({"id":"c-1","shop":"nordic","stage":"new"})").out == ran.out);
  const Ran vip = decide(R"({"id":"c-2","shop":"nordic","worth":"501 EUR"})");
  CHECK(holds(vip.out, R"("assigned_to":"sub:cy")"));
  CHECK(holds(vip.out, R"("superseded":[{"rule":"pre")"));
  CHECK(holds(decide(R"({"id":"c-3","stag":"new"})").err, "/stag: "));
  CHECK(holds(desk.decide({"--kind", "conversatoin", "-"}, "{}").err, "did you mean"));
}
