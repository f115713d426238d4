// Conditions that say things twice, contradict themselves, or come to a constant: the engine
// simplifies them, the reference takes them as they are. Few fields and few literals, so that parts
// meet; every verdict counts, also what is waited for and why a condition failed.

#include <doctest/doctest.h>

#include <cstdlib>

#include "consign/dsl.hpp"
#include "consign/value.hpp"
#include "tests/differential/trial.hpp"
#include "tests/differential/world.hpp"

namespace consign::reference {
namespace {

class Redundant {
 public:
  explicit Redundant(Dice& dice) : dice_(dice) {}

  std::string rules(std::size_t count) {
    std::string text = "timezone \"Europe/Stockholm\"\nrate USD = 0.92 EUR\n";
    text += "table fee = { \"acme\": 5 EUR, \"north\": 1 GBP, \"\": 0 EUR }\n";
    text += "define line-define = " + condition(true, 2) + "\n";
    text += "define order-define = " + condition(false, 2) + "\n";
    defined_ = true;
    for (std::size_t i = 0; i < count; ++i) {
      const bool line = dice_.chance(60);
      text += "rule r" + std::to_string(i) + (line ? " on line" : " on order") + " { " +
              (dice_.chance(70) ? "mode shadow " : "") + "when " + condition(line, 3) +
              " then hold \"h" + std::to_string(i) + "\" }\n";
    }
    return text;
  }

 private:
  std::string condition(bool line, int depth) {
    const std::size_t form = dice_.roll(100);
    if (depth > 0 && form < 60) {
      const std::string word = dice_.pick({" and ", " or "});
      std::string out = "(" + condition(line, depth - 1);
      for (std::size_t more = 1 + dice_.roll(3); more > 0; --more) {
        out += word + condition(line, depth - 1);
      }
      return out + ")";
    }
    if (depth > 0 && form < 68) return "not (" + condition(line, depth - 1) + ")";
    if (depth > 0 && !line && form < 80) {
      return dice_.pick({"any line (", "every line (", "no line ("}) + condition(true, 1) + ")";
    }
    if (form < 84) return dice_.pick({"true", "false"});
    if (defined_ && form < 87) return line ? "line-define" : "order-define";
    return comparison(line);
  }

  std::string comparison(bool line) {
    const std::string maybe_not = dice_.chance(30) ? "not " : "";
    switch (dice_.roll(line ? 9 : 6)) {
      case 0:
        return bounds("order.total", dice_.pick({" EUR", " EUR", " EUR", " USD", " GBP"}));
      case 1:
        return bounds("order.quantity", "");
      case 2:
        return equality("order.ship_to.country", {"SE", "NO", "DE"});
      case 3:
        return equality("order.note", {"acme", "ACME", "north", ""});
      case 4:
        return dice_.chance(70) ? bounds("order.placed_at", "time")
                                : dice_.pick({"order.test", "order.test = true", "not order.test",
                                              "order.test = false", "order.test != true"});
      case 5:
        return "order.note " + maybe_not + "like " +
               quote(dice_.pick({"ac*", "*me", "acme", "a*e", "*", "*ort*", "n?rth"}));
      case 6:
        return equality("product.vendor", {"acme", "ACME", "north", "south"});
      case 7:
        return equality("product.tag", {"acme", "bulky", "north"});
      default:
        return dice_.chance(50) ? "fee[product.vendor] > " + literal(" EUR")
                                : bounds("line.quantity", "");
    }
  }

  std::string amount() {
    return dice_.pick({"0", "0.5", "1", "2", "2.0", "3 + 2", "10 / 4", "-(1)"});
  }

  std::string literal(const std::string& unit) {
    if (unit == "time") {
      return dice_.pick({"2026-11-27T10:00:00Z", "2026-11-27T12:00:00Z", "2026-11-28T00:00:00Z"});
    }
    if (unit.empty()) return amount();
    return dice_.pick({"0", "0.5", "1", "2.0", "10", "100"}) + unit;
  }

  std::string bounds(const std::string& field, const std::string& unit) {
    const std::string maybe_not = dice_.chance(15) ? "not " : "";
    if (dice_.chance(20)) {
      return field + " " + maybe_not + "between " + literal(unit) + " and " + literal(unit);
    }
    if (unit.empty() && dice_.chance(15)) {
      return field + " " + maybe_not + "in { 1, 2, 2.0, 5 }";
    }
    if (unit.empty() && dice_.chance(10)) {
      return literal(unit) + dice_.pick({" < ", " >= ", " = "}) + literal(unit);
    }
    return field + dice_.pick({" < ", " <= ", " > ", " >= ", " = ", " != "}) + literal(unit);
  }

  std::string equality(const std::string& field, const std::vector<std::string>& texts) {
    const std::string maybe_not = dice_.chance(40) ? "not " : "";
    switch (dice_.roll(5)) {
      case 0:
        return field + " " + maybe_not + "in { " + quote(dice_.pick(texts)) + ", " +
               quote(dice_.pick(texts)) + " }";
      case 1:
        return field + dice_.pick({" is missing", " is present"});
      default:
        return field + dice_.pick({" = ", " = ", " != "}) + quote(dice_.pick(texts));
    }
  }

  Dice& dice_;
  bool defined_ = false;
};

}  // namespace

TEST_CASE("conditions that say things twice mean what they say") {
  const char* setting = std::getenv("CONSIGN_DIFFERENTIAL_SEEDS");
  const std::uint64_t count = setting == nullptr ? 2000 : std::strtoull(setting, nullptr, 10);
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    const std::string text = Redundant(dice).rules(6);
    const CheckResult result = check_rules({{"10-world.rules", text}});
    REQUIRE_MESSAGE(result.ok(), messages_of(result));
    Trial trial(result.rules);
    for (const Case& one : world_of(seed, 4).cases) {
      CHECK_MESSAGE(trial.decide(one).disagreement.empty(), text << "\n" << describe(one));
    }
  }
}

}  // namespace consign::reference
