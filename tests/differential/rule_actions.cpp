// Random actions.

#include "tests/differential/rule_writer.hpp"

namespace consign::reference {

std::string RuleWriter::template_text(Place place) {
  std::string text = dice_.pick({"look", "for", "a {{b}", "no \\\"supplier\\\""});
  if (dice_.chance(50)) {
    text += place.line ? dice_.pick({" {line.sku}", " {product.tag}", " {line.price}",
                                     " {product.vendor}", " {line.property[\\\"engraving\\\"]}"})
                       : dice_.pick({" {order.id}", " {order.tag}", " {order.total}",
                                     " {order.weight}", " {customer.orders_count}"});
  }
  return "\"" + text + "\"";
}

std::string RuleWriter::targets(bool shares) {
  static const std::vector<std::string> names = {"acme", "bravo", "carl", "delta"};
  const std::size_t first = dice_.roll(names.size());
  const std::size_t count = 2 + (shares ? dice_.roll(2) : (dice_.roll(5) + 1) / 2);
  const bool even = dice_.chance(50);
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += (i == 0 ? "{ " : ", ") + names[(first + i) % names.size()];
    if (!shares) continue;
    const char* even_shares[] = {"33.3%", "33.3%", "33.4%"};
    const char* skew_shares[] = {"60%", "30%", "10%"};
    out +=
        std::string(" ") + (count == 2 ? (i == 0 ? (even ? "50%" : "70%") : (even ? "50%" : "30%"))
                                       : (even ? even_shares[i] : skew_shares[i]));
  }
  return out + " }";
}

std::string RuleWriter::assign() {
  if (dice_.chance(35)) return "assign to " + dice_.pick({"acme", "bravo", "carl", "delta"});
  const std::string or_next = dice_.chance(35) ? " or next rule" : "";
  if (dice_.chance(60)) {
    const std::string parts = dice_.chance(60)
                                  ? dice_.pick({" in parts", " in at most 2 parts",
                                                " in at most 2 parts", " in at most 3 parts"})
                                  : std::string();
    return "assign to " + dice_.pick({"first", "cheapest", "fastest"}) + " available of " +
           targets(false) + (dice_.chance(35) ? " keep together" : "") + parts + or_next;
  }
  return "assign to " + dice_.pick({"split ", "divide "}) + targets(true) + or_next;
}

std::string RuleWriter::grant(bool to_supplier_allowed) {
  std::string out = "grant " + dice_.pick({"orders:view+fulfill", "agent", "apps:dianxiaomi, agent",
                                           "products:view"});
  if (!to_supplier_allowed || dice_.chance(30))
    out += " to " + dice_.pick({"staff:anna", "sub:ben"});
  if (dice_.chance(30)) out += " on shop";
  if (dice_.chance(40)) out += dice_.pick({" for 90 days", " until 2026-12-31", " for 1h"});
  return out;
}

std::string RuleWriter::set(Place place) {
  switch (dice_.roll(7)) {
    case 0:
      return "set carrier = " + template_text(place);
    case 1:
      return "set carrier = " + text_operand(place);
    case 2:
      return "set score = " + number(place, 2);
    case 3:
      return "set duty = " + money(place, 2);
    case 4:
      return "set label = " + reading(code_field(place));
    case 5:
      return "set ready = " + dice_.pick({"true", "false", "order.test"});
    default:
      return "set due = " + time(place, 1);
  }
}

std::string RuleWriter::actions(Place place) {
  std::vector<std::string> list;
  const bool assigns = dice_.chance(45);
  if (assigns) list.push_back(assign());
  if (dice_.chance(18)) {
    list.push_back("hold " + template_text(place) + dice_.pick({"", "", " for 24h", " for 90s"}));
  }
  if (dice_.chance(25)) list.push_back(grant(assigns));
  if (dice_.chance(20)) list.push_back("tag " + template_text(place));
  if (dice_.chance(15)) list.push_back("note " + template_text(place));
  if (dice_.chance(25)) list.push_back(set(place));
  if (dice_.chance(15))
    list.push_back("notify ops" + (dice_.chance(50) ? " " + template_text(place) : ""));
  if (dice_.chance(8)) list.push_back("do not notify channel");
  // Long rule sets are not to end with their first rules.
  if (dice_.chance(flavour_.rules > 20 ? 2 : 10)) list.push_back("stop");
  if (list.empty()) list.push_back(dice_.chance(50) ? "tag \"else\"" : assign());
  std::string out;
  for (const std::string& action : list) out += (out.empty() ? "" : ",\n       ") + action;
  return out;
}

}  // namespace consign::reference
