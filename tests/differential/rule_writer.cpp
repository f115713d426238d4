#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

std::string text_of(const RuleText& rules) {
  std::string out;
  for (const auto* list : {&rules.declarations, &rules.rules}) {
    for (const std::string& each : *list) out += each;
  }
  return out;
}

std::string RuleWriter::supplier(const std::string& name) {
  std::string out = "supplier " + name + " {\n  name \"" + name + " Ltd\"\n";
  if (flavour_.choosy && dice_.chance(35))
    out += "  countries " + dice_.pick({"nordics", "{ \"SE\" }", "{ \"DE\", \"US\" }"}) + "\n";
  if (flavour_.choosy && dice_.chance(25)) out += "  shops { nordic }\n";
  if (dice_.chance(60)) {
    out += "  handling cost " + dice_.pick({"2.50 EUR", "2.60 USD", "1 GBP", "2.5 EUR"}) + "\n";
  }
  if (dice_.chance(60))
    out += "  lead time " + dice_.pick({"2 days", "48h", "1 week", "6h"}) + "\n";
  if (flavour_.choosy && dice_.chance(20)) out += "  suspended\n";
  const auto limited = [&] { return dice_.chance(flavour_.scarcity); };
  if (limited()) out += "  stock tracked\n";
  if (limited()) out += "  safety stock " + dice_.pick({"1", "2", "5"}) + "\n";
  if (limited()) {
    out +=
        "  capacity " + dice_.pick({"1", "2", "3"}) + dice_.pick({" per day", " per hour"}) + "\n";
  }
  if (limited()) {
    out += "  cut-off " + dice_.pick({"\"00:00\"", "\"09:30\"", "\"16:00\"", "\"23:59\""}) + "\n";
  }
  if (limited()) {
    out += "  working days " +
           dice_.pick({"{ monday, tuesday, wednesday, thursday, friday }", "{ sun }",
                       "{ wednesday, saturday }"}) +
           "\n";
  }
  if (limited()) {
    out += "  timezone " + dice_.pick({"\"America/New_York\"", "\"Asia/Kolkata\""}) + "\n";
  }
  return out + "}\n";
}

/// Later ones may use earlier ones.
void RuleWriter::declare_define(std::vector<std::string>& into, const char* name, Place place) {
  into.push_back("define " + std::string(name) + " = " +
                 condition(place, std::min(flavour_.depth, 2)) + "\n");
  (place.line ? line_defines_ : order_defines_).push_back(name);
}

std::vector<std::string> RuleWriter::declarations() {
  std::vector<std::string> out = {
      "timezone \"Europe/Stockholm\"\n",
      "list nordics = { \"SE\", \"no\", \"DK\" }\n",
      "list words = { \"Acme\", \"STRASSE\", \"café\", \"\" }\n",
      "list amounts = { 1, 2.50, 9007199254740993, -0 }\n",
      "list prices = { 1 EUR, 5 USD, 9999999999999999999 EUR }\n",
      "table zone-of = { \"acme\": \"north\", \"Straße\": \"South\", \"\": \"north\" }\n",
      "table extra = { \"ACME\": 2, \"bulky\": 0, \"café\": -1.5, \"izmir\": 9999999999999999999 "
      "}\n",
      "table fee = { \"acme\": 5 EUR, \"bulky\": 0.10 USD, \"izmir\": 3 GBP }\n",
      "table heavy = { 1: 300 g, 2: 2 kg, 5: 0 g }\n",
      "role agent = orders:view, products:view\n",
      "field carrier: text\nfield score: number\nfield duty: money\nfield label: code\n"
      "field ready: bool\nfield due: time\n"};
  declare_define(out, "line-define", {true, false});
  declare_define(out, "line-deeper", {true, false});
  declare_define(out, "order-define", {false, true});
  declare_define(out, "order-deeper", {false, true});
  for (const char* name : {"acme", "bravo", "carl", "delta"}) out.push_back(supplier(name));
  if (dice_.chance(70)) out.push_back("rate USD = 0.92 EUR\n");
  if (dice_.chance(20)) out.push_back("rate GBP = 0.3 USD\n");
  if (dice_.chance(30)) out.push_back("overlaps hold\n");
  return out;
}

std::string RuleWriter::rule(std::size_t number) {
  const bool line = dice_.chance(65);
  const Place place{line, true};
  std::string out = "rule r" + std::to_string(number) + " on " + (line ? "line" : "order") + " {\n";
  const std::size_t mode = dice_.roll(100);
  if (mode < 18) out += mode < 15 ? "  mode shadow\n" : "  mode off\n";
  if (dice_.chance(6)) out += "  shop nordic\n";
  if (dice_.chance(8)) {
    out += dice_.pick({"  from 2026-11-27\n", "  until 2026-11-26\n",
                       "  from 2026-11-26\n  until 2026-11-27T12:00:00Z\n"});
  }
  const std::string when = [&]() -> std::string {
    if (dice_.chance(5)) return "true";
    if (line && dice_.chance(flavour_.compounds)) return compound();
    return condition(place, static_cast<int>(dice_.roll(flavour_.depth + 1)));
  }();
  if (dice_.chance(18)) {
    out += dice_.chance(40) ? "  otherwise\n" : "  otherwise when " + when + "\n";
  } else {
    out += "  when " + when + "\n";
  }
  return out + "  then " + actions(place) + "\n}\n";
}

RuleText RuleWriter::rule_set() {
  RuleText text;
  text.declarations = declarations();
  for (std::size_t i = 0; i < flavour_.rules; ++i) text.rules.push_back(rule(i));
  return text;
}

}  // namespace consign::reference
