#include "tests/differential/rule_writer.hpp"

#include "consign/value.hpp"

namespace consign::reference {

const std::vector<std::string>& words() {
  static const std::vector<std::string> list = {
      "acme",         "ACME",       " acme ", "bulky",       "Straße",
      "STRASSE",      "straẞe",     "İzmir",  "i\u0307zmir", "izmir",
      "café",         "cafe\u0301", "",       "  ",          "a*b",
      "north",        "south",      "ﬀ",      "Ⅷ",           "say \"hi\"\\n",
      "Ünïcøde words"};
  return list;
}

const std::vector<std::string>& codes() {
  static const std::vector<std::string> list = {"ACM-1", "acm-1", "ACM-2",       "BLK-4",
                                                "007",   "7",     "a@b.example", "A@B.Example"};
  return list;
}

const std::vector<std::string>& numbers() {
  static const std::vector<std::string> list = {"0",
                                                "1",
                                                "1.0",
                                                "2",
                                                "3",
                                                "5",
                                                "0.5",
                                                "2.25",
                                                "10",
                                                "100.00",
                                                "9007199254740993",
                                                "1234567890.123456789",
                                                "9999999999999999999"};
  return list;
}

std::string RuleWriter::text_field(Place place, bool many) {
  if (many && dice_.chance(40)) {
    if (place.line && dice_.chance(60)) return "product.tag";
    return dice_.pick({"order.tag", "order.discount_code", "customer.tag"});
  }
  if (place.line && dice_.chance(70)) {
    return dice_.pick({"line.title", "line.variant", "line.vendor", "line.property[\"engraving\"]",
                       "product.vendor", "product.type", "product.title"});
  }
  return dice_.pick({"order.source", "order.note", "order.shipping_method",
                     "order.attribute[\"gift\"]", "order.ship_to.city", "order.ship_to.company"});
}

std::string RuleWriter::code_field(Place place) {
  if (place.line && dice_.chance(70)) return dice_.pick({"line.id", "line.sku", "product.id"});
  return dice_.pick({"order.id", "order.name", "order.shop", "order.ship_to.postcode",
                     "customer.id", "customer.email", "shop.id"});
}

// ---- conditions
// ----------------------------------------------------------------------------------

std::string RuleWriter::condition(Place place, int depth) {
  if (depth > 0 && dice_.chance(45)) return junction(place, depth);
  if (depth > 0 && dice_.chance(15)) return "not (" + condition(place, depth - 1) + ")";
  if (depth > 0 && place.quantifier && dice_.chance(20)) {
    return dice_.pick({"any line (", "every line (", "no line ("}) +
           condition({true, false}, depth - 1) + ")";
  }
  if (declared_ && dice_.chance(6)) return place.line ? "line-define" : "order-define";
  if (dice_.chance(4)) return dice_.pick({"true", "false"});
  return comparison(place, depth);
}

std::string RuleWriter::junction(Place place, int depth) {
  const std::string word = dice_.pick({" and ", " or "});
  std::string out;
  for (std::size_t i = 0, parts = 2 + dice_.roll(2); i < parts; ++i) {
    const bool nested = dice_.chance(50);
    const std::string part =
        nested ? "(" + condition(place, depth - 1) + ")" : comparison(place, depth - 1);
    out += (i == 0 ? "" : word) + part;
  }
  return out;
}

std::string RuleWriter::comparison(Place place, int depth) {
  switch (dice_.roll(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return text_comparison(place);
    case 4:
      return code_comparison(place);
    case 5:
      return enum_comparison(place);
    case 6:
      return presence(place);
    case 7:
      return truth(place);
    default:
      return ordered_comparison(place, depth);
  }
}

std::string RuleWriter::text_comparison(Place place) {
  const std::string left =
      dice_.chance(10) ? "zone-of[" + text_field(place, false) + "]" : text_field(place, true);
  const std::string word = quote(dice_.pick(words()));
  const std::string maybe_not = dice_.chance(25) ? "not " : "";
  switch (dice_.roll(10)) {
    case 0:
      return left + " = exactly " + word;
    case 1:
      return left + dice_.pick({" = ", " != "}) + text_field(place, false);
    case 2:
      return left + " " + maybe_not + "in words";
    case 3:
      return left + " " + maybe_not + "in { " + word + ", " + quote(dice_.pick(words())) + " }";
    case 4:
      return left + " " + maybe_not + dice_.pick({"contains ", "starts with ", "ends with "}) +
             quote(dice_.pick({"ac", "A", "ss", "ß", "i", "\u0307", "e", "me", " a", "zz"}));
    case 5:
      return left + " " + maybe_not + "contains exactly " +
             quote(dice_.pick({"ac", "AC", "ß", " "}));
    case 6:
      return left + " " + maybe_not + "like " +
             quote(dice_.pick({"a*", "*me", "A?ME", "*", "a\\*b", "stra*e", "caf?", "*\u0301"}));
    case 7:
      return left + " " + maybe_not + "matches " +
             quote(dice_.pick({"^a", "(?i)^ACME$", "[sß]", "\\bhi\\b", "^$", "."}));
    default:
      return left + dice_.pick({" = ", " != "}) + word;
  }
}

std::string RuleWriter::code_comparison(Place place) {
  const std::string left = code_field(place);
  const std::string code = quote(dice_.pick(codes()));
  const std::string maybe_not = dice_.chance(25) ? "not " : "";
  switch (dice_.roll(5)) {
    case 0:
      return left + " " + maybe_not + "in { " + code + ", " + quote(dice_.pick(codes())) + " }";
    case 1:
      return left + " " + maybe_not + dice_.pick({"contains ", "starts with ", "ends with "}) +
             quote(dice_.pick({"ACM", "acm", "-1", "A@", "7"}));
    case 2:
      return left + " " + maybe_not + "like " + quote(dice_.pick({"ACM-*", "*-?", "a@*", "??7"}));
    case 3:
      return left + " " + maybe_not + "matches " + quote(dice_.pick({"^ACM", "(?i)acm", "[0-9]$"}));
    default:
      return left + dice_.pick({" = ", " != "}) + code;
  }
}

std::string RuleWriter::enum_comparison(Place place) {
  const std::string is = dice_.pick({" = ", " != "});
  switch (dice_.roll(place.line ? 8 : 7)) {
    case 0:
      return "order.ship_to.country" + is + quote(dice_.pick({"SE", "se", "NO", "DE", "US"}));
    case 1:
      return "order.ship_to.country " + dice_.pick({"in nordics", "not in nordics"});
    case 2:
      return "order.currency" + is + quote(dice_.pick({"EUR", "usd", "GBP"}));
    case 3:
      return "order.payment in { \"paid\", \"Authorized\" }";
    case 4:
      return "order.channel" + is + quote(dice_.pick({"shopify", "Own", "shopee"}));
    case 5:
      return "weekday(order.placed_at)" + is + quote(dice_.pick({"friday", "sat", "Sunday"}));
    case 6:
      return "shop.plan" + is + quote(dice_.pick({"basic", "PLUS"}));
    default:
      return "product.status" + is + quote(dice_.pick({"active", "Draft"}));
  }
}

std::string RuleWriter::ordered_comparison(Place place, int depth) {
  const std::string op = dice_.pick({" = ", " != ", " < ", " <= ", " > ", " >= "});
  const std::string maybe_not = dice_.chance(25) ? "not " : "";
  const bool between = dice_.chance(20);
  const auto compare = [&](const std::string& left, const std::string& right,
                           const std::string& high) {
    if (between) return left + " " + maybe_not + "between " + right + " and " + high;
    return left + op + right;
  };
  switch (dice_.roll(7)) {
    case 0:
    case 1: {
      if (dice_.chance(15)) return number(place, depth) + " " + maybe_not + "in amounts";
      const std::string right = dice_.chance(70) ? dice_.pick(numbers()) : number(place, depth);
      return compare(number(place, depth), right, dice_.pick(numbers()));
    }
    case 2:
    case 3: {
      const std::string unit = dice_.pick({" EUR", " EUR", " USD", " GBP"});
      const std::string right =
          dice_.chance(70) ? dice_.pick(numbers()) + unit : money(place, depth);
      return compare(money(place, depth), right, dice_.pick(numbers()) + unit);
    }
    case 4:
      return compare(weight(place, depth), dice_.pick({"300 g", "0.5 kg", "2 lb", "1 oz"}),
                     "20 kg");
    case 5:
      return compare(duration(place, depth), dice_.pick({"1h", "2 days", "90s"}), "1 week");
    default:
      if (dice_.chance(30))
        return compare("hour(order.placed_at)", dice_.pick({"0", "9", "17"}), "12");
      if (dice_.chance(40)) {
        return compare("date(" + time(place) + ", \"America/New_York\")",
                       dice_.pick({"2026-11-26", "2026-11-27"}), "2026-11-28");
      }
      if (dice_.chance(50)) return compare(time(place), "2026-11-27", "2026-11-28");
      return compare(time(place), dice_.pick({"2026-11-27T10:00:00Z", "2026-11-26T23:30:00+01:00"}),
                     "2026-11-28T00:00:00Z");
  }
}

std::string RuleWriter::presence(Place place) {
  const std::string field = [&] {
    switch (dice_.roll(5)) {
      case 0:
        return text_field(place, true);
      case 1:
        return place.line ? dice_.pick({"line.sku", "line.weight", "product.vendor", "product.tag"})
                          : dice_.pick({"order.name", "customer.email", "order.weight"});
      case 2:
        return dice_.pick({"order.discount", "order.ship_to.country", "order.subtotal"});
      case 3:
        return "fee[" + text_field(place, false) + "]";
      default:
        return text_field(place, false);
    }
  }();
  return field + dice_.pick({" is missing", " is present", " is not missing"});
}

std::string RuleWriter::truth(Place place) {
  const std::string field = place.line && dice_.chance(60)
                                ? dice_.pick({"line.gift_card", "line.requires_shipping"})
                                : "order.test";
  switch (dice_.roll(4)) {
    case 0:
      return "not " + field;
    case 1:
      return field + " = " + dice_.pick({"true", "false"});
    default:
      return field;
  }
}

// ---- operands
// ------------------------------------------------------------------------------------

std::string RuleWriter::filter(int depth) {
  return dice_.chance(25) ? "" : " (" + condition({true, false}, depth > 0 ? depth - 1 : 0) + ")";
}

std::string RuleWriter::aggregate(int depth) {
  if (dice_.chance(40)) return "count of lines" + filter(depth);
  return dice_.pick({"sum of line.quantity", "sum of (line.quantity * 2 - 3)",
                     "sum of extra[product.vendor]"}) +
         filter(depth);
}

std::string RuleWriter::number(Place place, int depth) {
  if (depth > 0 && dice_.chance(35)) {
    const std::string left = number(place, depth - 1), right = number(place, depth - 1);
    switch (dice_.roll(6)) {
      case 0:
        return "(" + left + " + " + right + ")";
      case 1:
        return "(" + left + " - " + right + ")";
      case 2:
        return "(" + left + " * " + right + ")";
      case 3:
        return "(" + left + " / " + right + ")";
      case 4:
        return "-(" + left + ")";
      default:
        return "(" + money(place, depth - 1) + " / " + money(place, depth - 1) + ")";
    }
  }
  if (place.quantifier && dice_.chance(30)) return aggregate(depth);
  if (dice_.chance(12)) return "extra[" + text_field(place, false) + "]";
  if (place.line && dice_.chance(40)) return "line.quantity";
  return dice_.pick(
      {"order.quantity", "order.line_count", "customer.orders_count", "shop.staff_count"});
}

std::string RuleWriter::money(Place place, int depth) {
  if (depth > 0 && dice_.chance(30)) {
    switch (dice_.roll(4)) {
      case 0:
        return "(" + money(place, depth - 1) + " + " + money(place, depth - 1) + ")";
      case 1:
        return "(" + money(place, depth - 1) + " - " + dice_.pick({"1 EUR", "0.10 USD"}) + ")";
      case 2:
        return "(" + money(place, depth - 1) + " * " + number(place, depth - 1) + ")";
      default:
        return "(" + money(place, depth - 1) + " / " + number(place, depth - 1) + ")";
    }
  }
  if (place.quantifier && dice_.chance(15)) {
    return dice_.pick({"sum of line.price", "sum of (line.price * line.quantity)",
                       "sum of fee[line.vendor]"}) +
           filter(depth);
  }
  if (dice_.chance(12)) return "fee[" + text_field(place, false) + "]";
  if (place.line && dice_.chance(40)) return "line.price";
  return dice_.pick({"order.total", "order.subtotal", "order.shipping", "order.discount"});
}

std::string RuleWriter::weight(Place place, int depth) {
  if (depth > 0 && dice_.chance(30)) {
    return "(" + weight(place, depth - 1) + " * " + number(place, depth - 1) + ")";
  }
  if (dice_.chance(10)) return "heavy[" + number(place, 0) + "]";
  return place.line && dice_.chance(60) ? "line.weight" : "order.weight";
}

std::string RuleWriter::duration(Place place, int depth) {
  const std::string span = "(" + time(place) + " - " + time(place) + ")";
  return depth > 0 && dice_.chance(30) ? "(" + span + " * 2)" : span;
}

std::string RuleWriter::time(Place) {
  const std::string field = dice_.pick({"order.placed_at", "order.received_at", "now"});
  return dice_.chance(25)
             ? "(" + field +
                   dice_.pick({" + 3 days", " - 12h", " - ((now - order.placed_at) / 7)"}) + ")"
             : field;
}

// ---- actions
// -------------------------------------------------------------------------------------

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
  const std::size_t count = 2 + dice_.roll(2);
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
  if (dice_.chance(45)) return "assign to " + dice_.pick({"acme", "bravo", "carl", "delta"});
  const std::string or_next = dice_.chance(35) ? " or next rule" : "";
  if (dice_.chance(60)) {
    return "assign to " + dice_.pick({"first", "cheapest", "fastest"}) + " available of " +
           targets(false) + or_next;
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
      return "set carrier = " + text_field(place, false);
    case 2:
      return "set score = " + number(place, 2);
    case 3:
      return "set duty = " + money(place, 2);
    case 4:
      return "set label = " + code_field(place);
    case 5:
      return "set ready = " + dice_.pick({"true", "false", "order.test"});
    default:
      return "set due = " + time(place);
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
  if (dice_.chance(10) || list.empty()) list.push_back("stop");
  std::string out;
  for (const std::string& action : list) out += (out.empty() ? "" : ",\n       ") + action;
  return out;
}

// ---- declarations and rules
// ----------------------------------------------------------------------

std::string RuleWriter::supplier(const std::string& name) {
  std::string out = "supplier " + name + " {\n  name \"" + name + " Ltd\"\n";
  if (dice_.chance(35))
    out += "  countries " + dice_.pick({"nordics", "{ \"SE\" }", "{ \"DE\", \"US\" }"}) + "\n";
  if (dice_.chance(25)) out += "  shops { nordic }\n";
  if (dice_.chance(60)) {
    out += "  handling cost " + dice_.pick({"2.50 EUR", "2.60 USD", "1 GBP", "2.5 EUR"}) + "\n";
  }
  if (dice_.chance(60)) out += "  lead time " + dice_.pick({"2 days", "48h", "1 week"}) + "\n";
  if (dice_.chance(20)) out += "  suspended\n";
  return out + "}\n";
}

std::vector<std::string> RuleWriter::declarations() {
  std::vector<std::string> out = {
      "timezone \"Europe/Stockholm\"\n",
      "list nordics = { \"SE\", \"no\", \"DK\" }\n",
      "list words = { \"Acme\", \"STRASSE\", \"café\" }\n",
      "list amounts = { 1, 2.50, 9007199254740993 }\n",
      "table zone-of = { \"acme\": \"north\", \"Straße\": \"South\", \"\": \"north\" }\n",
      "table extra = { \"ACME\": 2, \"bulky\": 0, \"café\": -1.5, \"izmir\": 9999999999999999999 "
      "}\n",
      "table fee = { \"acme\": 5 EUR, \"bulky\": 0.10 USD, \"izmir\": 3 GBP }\n",
      "table heavy = { 1: 300 g, 2: 2 kg, 5: 0 g }\n",
      "role agent = orders:view, products:view\n",
      "field carrier: text\nfield score: number\nfield duty: money\nfield label: code\n"
      "field ready: bool\nfield due: time\n",
      "define line-define = " + condition({true, false}, 1) + "\n",
      "define order-define = " + condition({false, true}, 1) + "\n"};
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
  if (dice_.chance(5))
    out += dice_.pick({"  from 2026-11-27\n", "  until 2026-11-26\n",
                       "  from 2026-11-26 until 2026-11-27T12:00:00Z\n"});
  const int depth = static_cast<int>(dice_.roll(4));
  if (dice_.chance(18)) {
    out +=
        dice_.chance(40) ? "  otherwise\n" : "  otherwise when " + condition(place, depth) + "\n";
  } else {
    out += "  when " + (dice_.chance(8) ? std::string("true") : condition(place, depth)) + "\n";
  }
  return out + "  then " + actions(place) + "\n}\n";
}

RuleText RuleWriter::rule_set(std::size_t rule_count) {
  RuleText text;
  text.declarations = declarations();
  declared_ = true;
  for (std::size_t i = 0; i < rule_count; ++i) text.rules.push_back(rule(i));
  return text;
}

}  // namespace consign::reference
