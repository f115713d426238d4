// Events that a rule set declares, the rules on them, and the groups that they are given to.

#include <doctest/doctest.h>

#include "tests/unit/dsl/checking.hpp"

using namespace consign;
using checking::check;
using checking::codes;
using checking::headlines;

namespace {

using Lines = std::vector<std::string>;

const std::string kTalk =
    "event talk { shop: code, stage: text, urgent: bool, waited: duration }\n"
    "event call { stage: text }\n"
    "group presales { sub:anna, sub:bo }\n";

std::string codes_of(const std::string& actions) {
  return codes(check(kTalk + "rule r on talk { when true then " + actions + " }"));
}

std::string tree(const std::string& text) {
  const auto result = check(text);
  REQUIRE_MESSAGE(result.ok(), codes(result));
  return outline(*result.rules);
}

CheckResult check_yaml(std::string text) { return check_rules({{"10-a.yaml", std::move(text)}}); }

std::string formatted(const std::string& text) {
  const auto once = format_rules({"a.rules", text});
  CHECK(once.diagnostics.empty());
  CHECK(format_rules({"a.rules", once.text}).text == once.text);
  return once.text;
}

}  // namespace

TEST_CASE("a condition that reads an event of the set's own makes the rule one on it") {
  const auto scope_of = [](const std::string& condition) {
    const auto result = check(kTalk + "define late = talk.waited > 1h\nrule r { when " + condition +
                              " then notify desk }");
    REQUIRE_MESSAGE(result.ok(), codes(result));
    const Rule& rule = result.rules->rules[0];
    CHECK(rule.scope == Scope::event);
    return std::string(result.rules->scope_name(rule));
  };
  CHECK(scope_of("talk.stage = \"presales\"") == "talk");
  CHECK(scope_of("call.stage = \"presales\"") == "call");
  CHECK(scope_of("late and shop.plan = \"plus\"") == "talk");
  CHECK(codes(check(kTalk + "rule r on talk { otherwise then assign to group presales }")).empty());
}

TEST_CASE("events do not meet in one condition, not through defines either") {
  const auto with = [](const std::string& condition) {
    return codes(check(kTalk + "define late = talk.waited > 1h\ndefine tested = order.test\n" +
                       "rule r { when " + condition + " then notify desk }"));
  };
  CHECK(with("talk.urgent and call.stage = \"x\"") == "E0402");
  CHECK(with("call.stage = \"x\" and late") == "E0402");
  CHECK(with("late and call.stage = \"x\"") == "E0402");
  CHECK(with("talk.urgent and order.test") == "E0402");
  CHECK(with("talk.urgent and tested") == "E0402");
  CHECK(with("talk.urgent and account.mfa") == "E0402");
}

TEST_CASE("a rule on an event reads that event and the shop, and nothing else") {
  const auto with = [](const std::string& scope, const std::string& condition) {
    return headlines(
        check(kTalk + "rule r on " + scope + " { when " + condition + " then notify desk }"));
  };
  CHECK(with("talk", "talk.urgent and shop.plan = \"plus\" and hour(now, \"UTC\") > 9").empty());
  CHECK(with("talk", "order.test") == Lines{"E0416 `order.test` is read in a rule on talk"});
  CHECK(with("talk", "account.mfa") == Lines{"E0416 `account.mfa` is read in a rule on talk"});
  CHECK(with("talk", "call.stage = \"x\"") ==
        Lines{"E0416 `call.stage` is read in a rule on talk"});
  CHECK(with("order", "talk.urgent") == Lines{"E0416 `talk.urgent` is read in a rule on order"});
  CHECK(with("request", "talk.urgent") ==
        Lines{"E0416 `talk.urgent` is read in a rule on request"});
  CHECK(with("tlk", "true") == Lines{"E0302 there is no scope `tlk`"});
  CHECK(headlines(check(kTalk + "rule r on talk { when true then tag \"{call.stage}\" }")) ==
        Lines{"E0416 `call.stage` is read in a rule on talk"});
}

TEST_CASE("a field that the event does not have suggests its neighbour") {
  const auto result = check(kTalk + "rule r { when talk.stge = \"x\" then notify desk }");
  CHECK(headlines(result) == Lines{"E0201 there is no field `talk.stge`"});
  CHECK(result.diagnostics[0].help == Lines{"did you mean `talk.stage`?"});
  CHECK(codes(check(kTalk + "rule r on talk { when true then tag \"{talk.stge}\" }")) == "E0201");
  CHECK(codes(check(kTalk + "rule r { when tlk.stage = \"x\" then notify desk }")) == "E0201");
  CHECK(codes(check("rule r { when event.text = \"x\" then notify desk }")) == "E0201");
}

TEST_CASE("fields of events have types like all others") {
  const auto with = [](const std::string& condition) {
    return codes(check(kTalk + "rule r { when " + condition + " then notify desk }"));
  };
  CHECK(with("talk.waited > 90 min").empty());
  CHECK(with("talk.waited > 5") == "E0304");
  CHECK(with("talk.urgent and talk.stage starts with \"pre\"").empty());
  CHECK(with("talk.stage > 5") == "E0304");
  CHECK(with("talk.shop is missing").empty());
}

TEST_CASE("a rule on an event gives it away once, tags, notes, notifies and stops") {
  CHECK(codes_of("assign to group presales, tag \"{talk.stage}\", note \"x\", notify desk, stop")
            .empty());
  CHECK(codes_of("assign to sub:cleo").empty());
  CHECK(
      headlines(check(kTalk + "rule r on talk { when true then assign to group presales, assign to "
                              "sub:bo }")) == Lines{"E0405 this rule assigns twice"});
  CHECK(headlines(check(
            kTalk + "supplier acme\nrule r on talk { when true then assign to acme, hold \"x\", "
                    "grant orders:view, approve, allow }")) ==
        Lines{"E0417 `assign` has no meaning in a rule on talk",
              "E0417 `hold` has no meaning in a rule on talk",
              "E0417 `grant` has no meaning in a rule on talk",
              "E0417 `approve` has no meaning in a rule on talk",
              "E0417 `allow` has no meaning in a rule on talk"});
  CHECK(codes(check(kTalk + "rule r on line { when true then assign to group presales }")) ==
        "E0417");
}

TEST_CASE("a group that is not declared, and an account of no kind, are told of") {
  CHECK(codes_of("assign to group presale") == "E0202");
  CHECK(codes_of("assign to sbu:anna") == "E0302");
  CHECK(codes_of("assign to supplier:acme") == "E0203");
  CHECK(codes_of("assign to group") == "E0100");
  const auto result = check(kTalk + "rule r on talk { when true then assign to group presale }");
  CHECK(headlines(result) == Lines{"E0202 there is no group `presale`"});
  CHECK(result.diagnostics[0].help == Lines{"did you mean `presales`?"});
}

TEST_CASE("groups have members, each once") {
  const auto with = [](const std::string& text) { return headlines(check(text)); };
  CHECK(with("group g { sub:anna, staff:\"bo b\" }").empty());
  CHECK(with("group g { }") == Lines{"E0301 group `g` has no members"});
  CHECK(with("group g { sub:anna, sub:anna }") == Lines{"E0212 `sub:anna` stands here twice"});
  CHECK(with("group g { sbu:anna }") == Lines{"E0302 there is no kind of account `sbu`"});
  CHECK(with("group g { supplier:acme }") == Lines{"E0203 there is no supplier `acme`"});
  CHECK(with("group g { anna }").size() == 1);
  const auto twice =
      check_rules({{"a.rules", "group g { sub:anna }\n"}, {"b.rules", "group g { sub:bo }\n"}});
  CHECK(headlines(twice) == Lines{"E0212 group `g` is declared twice"});
  CHECK(twice.diagnostics[0].labels.size() == 2);
}

TEST_CASE("what is wrong with an event is said where it stands") {
  const auto with = [](const std::string& text) { return headlines(check(text)); };
  CHECK(with("event e { a: txt }") == Lines{"E0211 there is no type `txt`"});
  CHECK(with("event e { a: day }") == Lines{"E0211 there is no type `day`"});
  CHECK(with("event e { a: text, a: code }") == Lines{"E0212 event `e` has the field `a` twice"});
  CHECK(with("event e { }") == Lines{"E0301 event `e` has no fields"});
  CHECK(with("event \"order\" { a: text }") ==
        Lines{"E0212 an event of your own cannot be called `order`, whose fields conditions read"});
  CHECK(with("event e { a: text }\nevent e { b: text }") ==
        Lines{"E0212 event `e` is declared twice"});
  CHECK(codes(check("event e { a text }")) == "E0100");
}

TEST_CASE("YAML says the same of events and groups, and faults point into it") {
  const auto result = check_yaml(
      "events:\n  talk: { shop: code, stage: text }\n"
      "groups:\n  presales: [sub:anna, sub:bo]\n"
      "rules:\n  - rule: r\n    on: talk\n    when: talk.stage = \"presales\"\n"
      "    then: [assign to group presales, stop]\n"
      "  - rule: s\n    on: talk\n    otherwise: true\n    then: assign to sub:bo\n");
  REQUIRE_MESSAGE(result.ok(), codes(result));
  CHECK(
      outline(*result.rules) ==
      tree("event talk { shop: code, stage: text }\ngroup presales { sub:anna, sub:bo }\n"
           "rule r on talk { when talk.stage = \"presales\" then assign to group presales, stop }\n"
           "rule s on talk { otherwise then assign to sub:bo }"));
  const auto at = [](const std::string& text) {
    const auto faulty = check_yaml(text);
    std::string all;
    for (const Diagnostic& each : faulty.diagnostics) {
      const Span span = each.labels.at(0).span;
      all +=
          std::string(row_of(each.code).id) + " " + std::string(faulty.sources->text(span)) + "\n";
    }
    return all;
  };
  CHECK(at("groups: { g: [anna] }") == "E0507 anna\n");
  CHECK(at("groups: { g: [sub:anna, sub:anna] }") == "E0212 sub:anna\n");
  CHECK(at("groups: { g: [supplier:acme] }") == "E0203 supplier:acme\n");
  CHECK(at("events: { e: { a: txt } }") == "E0211 txt\n");
  CHECK(at("events: { shop: { a: text } }") == "E0212 shop\n");
}

TEST_CASE("events and groups that another file changes are meant by rules that are taken over") {
  std::vector<RuleFile> files = {
      {"a.rules",
       "event call { stage: text }\nevent talk { stage: text }\n"
       "group one { sub:anna }\ngroup two { sub:bo }\n"},
      {"b.rules", "rule r { when talk.stage = \"x\" then assign to group two }\n"}};
  RuleSetLoader loader;
  const auto told = [&] {
    const auto result = loader.check(files);
    if (!result.ok()) return codes(result);
    const Rule& rule = result.rules->rules[0];
    const auto& hand = std::get<HandAction>(rule.actions[0].what);
    return std::string(result.rules->scope_name(rule)) + " to " +
           result.rules->groups[*hand.group].name;
  };
  CHECK(told() == "talk to two");
  files[0].text =
      "event talk { stage: text }\nevent call { stage: text }\n"
      "group two { sub:bo }\ngroup one { sub:anna }\n";
  CHECK(told() == "talk to two");
  files[0].text = "event talk { stage: number }\ngroup two { sub:bo }\n";
  CHECK(told() == "E0304");
  files[0].text = "event talk { stage: code }\ngroup three { sub:bo }\n";
  CHECK(told() == "E0202");
}

TEST_CASE("a rule on an event that can never fire is warned of") {
  CHECK(codes(check(kTalk + "rule r { when talk.stage = \"a\" and talk.stage = \"b\" then notify "
                            "desk }")) == "W0803");
  CHECK(
      codes(check(kTalk + "rule r { when talk.stage = \"a\" and talk.shop = \"b\" then notify desk "
                          "}"))
          .empty());
}

TEST_CASE("events and groups are formatted like all others") {
  CHECK(formatted("event   talk{shop:code,stage :text}\ngroup g{sub:anna,sub:\"bo b\" , } # all\n"
                  "rule r on talk { when true then assign to group   g , tag \"x\" }") ==
        "event talk { shop: code, stage: text }\ngroup g { sub:anna, sub:\"bo b\", }  # all\n\n"
        "rule r on talk {\n  when true\n  then assign to group g,\n       tag \"x\"\n}\n");
  CHECK(formatted("group g {\n# first\nsub:anna,\nsub:bo # second\n}") ==
        "group g {\n  # first\n  sub:anna,\n  sub:bo  # second\n}\n");
}
