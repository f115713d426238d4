#include "dsl/yaml_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>

#include "consign/diagnostic.hpp"
#include "consign/source.hpp"

namespace consign {
namespace {

struct Reading {
  explicit Reading(std::string text) {
    id = sources.add("x.yaml", std::move(text));
    file = read_yaml(id, sources, Limits{}, sink);
    for (const auto& message : sink.sorted()) messages += render(message, sources);
  }
  template <class What>
  const What& get(std::size_t index) const {
    REQUIRE(index < file.declarations.size());
    REQUIRE(std::holds_alternative<What>(file.declarations[index].what));
    return std::get<What>(file.declarations[index].what);
  }
  std::string raw(Span span) const { return std::string(sources.text(span)); }

  SourceMap sources;
  DiagnosticSink sink;
  SourceId id = 0;
  ast::File file;
  std::string messages;
};

std::string text_of(const ast::SpannedLiteral& literal) {
  const auto* text = std::get_if<ast::TextLiteral>(&literal.literal);
  return text != nullptr ? std::string(text->text) : "(no text)";
}

TEST_CASE("an empty file has no declarations") {
  const Reading reading("# nothing yet\n");
  CHECK(reading.messages == "");
  CHECK(reading.file.declarations.empty());
}

TEST_CASE("sections may be empty") {
  const Reading reading("suppliers:\nrules:\nlists: ~\npermissions:\n");
  CHECK(reading.messages == "");
  CHECK(reading.file.declarations.empty());
}

TEST_CASE("a rule has all its clauses") {
  const Reading reading(R"(rules:
  - rule: big
    on: order
    about: Large orders, looked at by hand
    owner: 'fraud team'
    mode: shadow
    shop: [nordic, "outlet"]
    from: 2026-11-27
    until: 2026-11-30
    when: order.total >= 500 EUR
    then:
      - hold "call the customer" for 24h
      - tag "check", stop
)");
  CHECK(reading.messages == "");
  const auto& rule = reading.get<ast::Rule>(0);
  CHECK(rule.name.text == "big");
  CHECK(reading.raw(rule.name.span) == "big");
  CHECK(rule.scope->text == "order");
  CHECK(rule.about->text == "Large orders, looked at by hand");
  CHECK(rule.owner->text == "fraud team");
  CHECK(reading.raw(rule.owner->span) == "'fraud team'");
  CHECK(rule.mode->text == "shadow");
  REQUIRE(rule.shops.size() == 2);
  CHECK(rule.shops[1].text == "outlet");
  REQUIRE(rule.from != nullptr);
  CHECK(std::holds_alternative<ast::DayLiteral>(rule.from->literal));
  CHECK(reading.raw(rule.until->span) == "2026-11-30");
  REQUIRE(rule.condition != nullptr);
  CHECK(reading.raw(rule.condition->span) == "order.total >= 500 EUR");
  REQUIRE(rule.actions.size() == 3);
  CHECK(reading.raw(rule.actions[0].span) == "hold \"call the customer\" for 24h");
  CHECK(reading.raw(rule.actions[1].span) == "tag \"check\"");
  CHECK(reading.raw(rule.actions[2].span) == "stop");
  CHECK_FALSE(rule.otherwise.has_value());
  CHECK(reading.raw(*rule.then) == "then");
  CHECK(reading.raw(reading.file.declarations[0].keyword) == "rule");
}

TEST_CASE("places are those of the file in every style of scalar") {
  const std::string styles[] = {
      "when: line.sku = \"A\" and line.title like \"b*\"\n",
      "when: line.sku = \"A\"\n      and\n      line.title like \"b*\"\n",
      "when: 'line.sku = \"A\" and line.title like \"b*\"'\n",
      "when: \"line.sku = \\\"A\\\" and line.title like \\\"b*\\\"\"\n",
      "when: |\n      line.sku = \"A\"\n        and line.title like \"b*\"\n",
      "when: >2-\n      line.sku = \"A\"\n\n      and line.title like \"b*\"\n",
      "when: !!str &c # here\n      line.sku = \"A\" and line.title like \"b*\"\n",
  };
  for (const auto& style : styles) {
    CAPTURE(style);
    const Reading reading("\xEF\xBB\xBFrules:\n  - rule: r\n    " + style + "    then: stop\n");
    CHECK(reading.messages == "");
    const auto& rule = reading.get<ast::Rule>(0);
    const auto& both = rule.condition->as<ast::JunctionExpr>();
    REQUIRE(both.parts.size() == 2);
    const auto& first = both.parts[0]->as<ast::CompareExpr>();
    CHECK(reading.raw(first.left->span) == "line.sku");
    CHECK(reading.raw(first.op.span) == "=");
    const auto& second = both.parts[1]->as<ast::CompareExpr>();
    CHECK(reading.raw(second.left->span) == "line.title");
    CHECK(reading.raw(second.op.span) == "like");
    const bool escaped = style.find('\\') != std::string::npos;
    const std::string text = escaped ? "\\\"b*\\\"" : "\"b*\"";
    CHECK(reading.raw(second.right->span) == text);
  }
}

TEST_CASE("otherwise stands alone or with a condition") {
  const Reading reading(R"(rules:
  - rule: a
    otherwise: true
    then: hold "no supplier"
  - rule: b
    otherwise: order.test
    then: stop
  - rule: c
    otherwise:
    then: stop
  - rule: d
    when: order.test
    otherwise: true
    then: stop
)");
  CHECK(reading.messages == "");
  REQUIRE(reading.file.declarations.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    const auto& rule = reading.get<ast::Rule>(i);
    CHECK(rule.otherwise.has_value());
    CHECK((rule.condition != nullptr) == (i == 1 || i == 3));
  }
}

TEST_CASE("suppliers have properties, named as in the language") {
  const Reading reading(R"(suppliers:
  acme: { name: Acme Dropship Ltd, countries: [SE, "NO"], shops: nordic, suspended: false }
  3pl:
    countries: nordics
    handling_cost: 2.50 EUR
    lead_time: 2 days
    suspended: true
  bare:
)");
  CHECK(reading.messages == "");
  const auto& acme = reading.get<ast::Supplier>(0);
  CHECK(acme.name.text == "acme");
  REQUIRE(acme.properties.size() == 3);
  CHECK(text_of(acme.properties[0].values[0]) == "Acme Dropship Ltd");
  REQUIRE(acme.properties[1].values.size() == 2);
  CHECK(text_of(acme.properties[1].values[0]) == "SE");
  CHECK(text_of(acme.properties[1].values[1]) == "NO");
  CHECK(acme.properties[2].words[0].text == "nordic");
  const auto& other = reading.get<ast::Supplier>(1);
  CHECK(other.name.text == "3pl");
  REQUIRE(other.properties.size() == 4);
  CHECK(other.properties[0].words[0].text == "nordics");
  CHECK(other.properties[1].name.text == "handling cost");
  CHECK(std::holds_alternative<ast::MoneyLiteral>(other.properties[1].values[0].literal));
  CHECK(other.properties[2].name.text == "lead time");
  CHECK(std::holds_alternative<ast::DurationLiteral>(other.properties[2].values[0].literal));
  CHECK(other.properties[3].name.text == "suspended");
  CHECK(other.properties[3].values.empty());
  CHECK(reading.get<ast::Supplier>(2).properties.empty());
}

TEST_CASE("a supplier's capacity, hours and days are read from plain and quoted scalars") {
  const Reading reading(R"(suppliers:
  acme:
    stock_tracked: true
    safety_stock: 2
    capacity: 40 per day
    cut_off: 16:00
    working_days: [monday, "tuesday"]
    timezone: "Europe/Berlin"
    endpoint: acme-desk
)");
  CHECK(reading.messages == "");
  const auto& properties = reading.get<ast::Supplier>(0).properties;
  REQUIRE(properties.size() == 7);
  CHECK(properties[0].name.text == "stock tracked");
  CHECK(properties[0].values.empty());
  CHECK(std::holds_alternative<ast::NumberLiteral>(properties[1].values[0].literal));
  CHECK(std::holds_alternative<ast::NumberLiteral>(properties[2].values[0].literal));
  REQUIRE(properties[2].per != nullptr);
  CHECK(properties[2].per->text == "day");
  CHECK(reading.raw(properties[2].per->span) == "day");
  CHECK(text_of(properties[3].values[0]) == "16:00");
  CHECK(properties[4].words[0].text == "monday");
  CHECK(text_of(properties[5].values[0]) == "Europe/Berlin");
  CHECK(text_of(properties[6].values[0]) == "acme-desk");
}

TEST_CASE("members of lists and tables are texts, and literals where they read so unquoted") {
  const Reading reading(R"(lists:
  nordics: [SE, NO, "12", true story, it's]
  mixed:
    - 12
    - 500 EUR
    - 2 kg
    - 2026-11-27
    - 5 boxes
    - true
tables:
  zone-of: { SE: north, "DE": south, 7: 20 kg }
)");
  CHECK(reading.messages == "");
  const auto& nordics = reading.get<ast::List>(0);
  REQUIRE(nordics.members.size() == 5);
  CHECK(text_of(nordics.members[0]) == "SE");
  CHECK(text_of(nordics.members[1]) == "NO");
  CHECK(text_of(nordics.members[2]) == "12");
  CHECK(text_of(nordics.members[3]) == "true story");
  CHECK(text_of(nordics.members[4]) == "it's");
  const auto& mixed = reading.get<ast::List>(1);
  REQUIRE(mixed.members.size() == 6);
  CHECK(std::holds_alternative<ast::NumberLiteral>(mixed.members[0].literal));
  CHECK(std::holds_alternative<ast::MoneyLiteral>(mixed.members[1].literal));
  CHECK(std::holds_alternative<ast::WeightLiteral>(mixed.members[2].literal));
  CHECK(std::holds_alternative<ast::DayLiteral>(mixed.members[3].literal));
  CHECK(text_of(mixed.members[4]) == "5 boxes");
  CHECK(std::holds_alternative<ast::BoolLiteral>(mixed.members[5].literal));
  const auto& table = reading.get<ast::Table>(2);
  REQUIRE(table.rows.size() == 3);
  CHECK(text_of(table.rows[0].first) == "SE");
  CHECK(text_of(table.rows[1].second) == "south");
  CHECK(std::holds_alternative<ast::NumberLiteral>(table.rows[2].first.literal));
  CHECK(std::holds_alternative<ast::WeightLiteral>(table.rows[2].second.literal));
}

TEST_CASE("the other declarations") {
  const Reading reading(R"(roles:
  agent: orders:view+fulfill, apps:dianxiaomi
  boss: [agent, "staff:*"]
defines:
  bulky: product.tag = "bulky"
permissions: [wms:pick+pack, wms:admin]
never_grant: staff:*, wallet:*
fields: { carrier: text }
events:
  conversation: { shop: code, stage: text }
rates:
  USD: 0.92 EUR
timezone: Europe/Stockholm
overlaps: hold
)");
  CHECK(reading.messages == "");
  const auto& agent = reading.get<ast::Role>(0);
  REQUIRE(agent.items.size() == 2);
  CHECK(agent.items[0].permission.has_value());
  CHECK(reading.raw(agent.items[1].word.span) == "apps:dianxiaomi");
  const auto& boss = reading.get<ast::Role>(1);
  REQUIRE(boss.items.size() == 2);
  CHECK_FALSE(boss.items[0].permission.has_value());
  CHECK(boss.items[1].permission.has_value());
  CHECK(reading.get<ast::Define>(2).condition != nullptr);
  CHECK(reading.get<ast::Permissions>(3).items.size() == 2);
  CHECK(reading.get<ast::NeverGrant>(4).items.size() == 2);
  CHECK(reading.get<ast::OwnField>(5).type.text == "text");
  CHECK(reading.get<ast::OwnEvent>(6).fields.size() == 2);
  CHECK(reading.get<ast::RateDecl>(7).from.text == "USD");
  CHECK(std::holds_alternative<ast::MoneyLiteral>(reading.get<ast::RateDecl>(7).factor.literal));
  CHECK(reading.get<ast::TimeZoneDecl>(8).zone.text == "Europe/Stockholm");
  CHECK(reading.get<ast::Overlaps>(9).what.text == "hold");
}

TEST_CASE("a broken rule does not hide the next") {
  const Reading reading(R"(rules:
  - rule: one
    when: order.total >=
    then: stop
  - just text
  - rule: two
    when: order.test
    then: stop
  - rule: three
    when: order.test
    then: hold
)");
  CHECK(reading.sink.error_count() == 3);
  REQUIRE(reading.file.declarations.size() == 1);
  CHECK(reading.get<ast::Rule>(0).name.text == "two");
}

TEST_CASE("what is broken keeps its name, so that its users are not at fault") {
  const Reading reading(R"(defines:
  bulky: product.tag =
lists:
  nordics: [SE, [NO]]
suppliers:
  acme: { lead_time: 2 dayz }
)");
  CHECK(reading.sink.error_count() == 3);
  REQUIRE(reading.file.declarations.size() == 3);
  for (const auto& declaration : reading.file.declarations) CHECK(declaration.broken);
  CHECK(reading.get<ast::Define>(0).condition != nullptr);
  CHECK(reading.get<ast::List>(1).name.text == "nordics");
}

TEST_CASE("reading stops when there are messages enough") {
  std::string text = "rules:\n";
  for (int i = 0; i < 1000; ++i) text += "  - [*x, !t y]\n";
  text.insert(0, "a: &x 1\n");
  const Reading aliases(text);
  CHECK(aliases.sink.error_count() == Limits{}.messages);
  text = "rules:\n";
  for (int i = 0; i < 1000; ++i) text += "  - text\n";
  const Reading rules(text);
  CHECK(rules.sink.error_count() == Limits{}.messages);
}

struct Fault {
  std::string name;
  std::string text;
  std::string message;
};

TEST_CASE("what does not fit is named, with what would") {
  const Fault faults[] = {
      {"a map where an action is expected",
       "rules:\n  - rule: r\n    when: true\n    then:\n      - hold \"call: now\"\n",
       R"(error[E0504]: expected an action, found a map
  --> x.yaml:5:9
  |
5 |       - hold "call: now"
  |         ^^^^^^^^^^^^^^^^ YAML reads `hold "call:` as a key
   = help: quote the whole scalar: `- 'hold "call: now"'`
)"},
      {"an action written as a key",
       "rules:\n  - rule: r\n    when: true\n    then:\n      - tag: vip\n",
       R"(error[E0504]: expected an action, found a map
  --> x.yaml:5:9
  |
5 |       - tag: vip
  |         ^^^^^^^^ YAML reads `tag:` as a key
   = help: write the action as one scalar, without the colon: `- tag …`
)"},
      {"a text cut by a comment",
       "rules:\n  - rule: r\n    when: order.tag = \"a #1\"\n    then: stop\n",
       R"(error[E0504]: ` #` begins a comment in YAML and cuts the text short
  --> x.yaml:3:26
  |
3 |     when: order.tag = "a #1"
  |           -------------- ^
  |           |
  |           this is all that is left of it
   = help: quote the whole scalar: `when: 'order.tag = "a #1"'`
)"},
      {"a section that does not exist", "rule:\n  - x\n",
       R"(error[E0506]: `rule` is no key of a rule file
  --> x.yaml:1:1
  |
1 | rule:
  | ^^^^
   = help: did you mean `rules`?
)"},
      {"a clause that does not exist", "rules:\n  - rule: r\n    whn: true\n    then: stop\n",
       R"(error[E0506]: `whn` is no key of a rule
  --> x.yaml:3:5
  |
3 |     whn: true
  |     ^^^
   = help: did you mean `when`?
)"},
      {"a file that is a sequence", "- rule: r\n  when: true\n",
       R"(error[E0507]: expected a map with keys such as `rules` and `suppliers`, found a sequence
  --> x.yaml:1:1
  |
1 | - rule: r
  | ^^^^^^^^^
   = help: rules and actions are sequences, `- …`; lists are `[SE, NO]`; conditions and actions are scalars
)"},
      {"a condition that is a sequence", "rules:\n  - rule: r\n    when: [a, b]\n    then: stop\n",
       R"(error[E0507]: expected a condition, found a sequence
  --> x.yaml:3:11
  |
3 |     when: [a, b]
  |           ^^^^^^
   = help: rules and actions are sequences, `- …`; lists are `[SE, NO]`; conditions and actions are scalars
)"},
      {"a rule without a name", "rules:\n  - when: true\n    then: stop\n",
       R"(error[E0507]: this rule has no name
  --> x.yaml:2:5
  |
2 |   - when: true
  |     ^^^^^^^^^^
   = help: give it one: `rule: NAME`
)"},
      {"several shops in one scalar",
       "rules:\n  - rule: r\n    shop: a, b\n    when: true\n    then: stop\n",
       R"(error[E0507]: expected a shop, found `a, b`
  --> x.yaml:3:11
  |
3 |     shop: a, b
  |           ^^^^
   = help: several shops are a sequence: `[a, b]`
)"},
      {"a list that is a scalar", "lists:\n  a: SE, NO\n",
       R"(error[E0507]: expected a sequence of the list's members, found a scalar
  --> x.yaml:2:6
  |
2 |   a: SE, NO
  |      ^^^^^^
   = help: rules and actions are sequences, `- …`; lists are `[SE, NO]`; conditions and actions are scalars
)"},
  };
  for (const auto& fault : faults) {
    CAPTURE(fault.name);
    const Reading reading(fault.text);
    CHECK(reading.messages == fault.message);
  }
}

}  // namespace
}  // namespace consign
