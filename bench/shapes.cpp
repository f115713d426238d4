#include "bench/shapes.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace consign::bench {

namespace {

constexpr std::array<std::string_view, 30> kCountries = {
    "SE", "NO", "DK", "FI", "DE", "FR", "IT", "ES", "PT", "PL", "CZ", "AT", "CH", "BE", "NL",
    "GB", "IE", "US", "CA", "AU", "NZ", "JP", "KR", "CN", "IN", "BR", "MX", "ZA", "TR", "GR"};
constexpr std::size_t kLargestTotal = 1'000'000;

std::size_t dice(std::size_t number, std::size_t salt) {
  std::mt19937_64 random(number * 7919 + salt);
  random.discard(2);
  return random();
}

std::string country(std::size_t number) {
  return "\"" + std::string(kCountries[number % kCountries.size()]) + "\"";
}

std::string text(std::string_view letter, std::size_t number, std::string_view end = "") {
  return "\"" + std::string(letter) + std::to_string(number) + std::string(end) + "\"";
}

std::string shared_value(std::size_t n, std::size_t) {
  return "product.tag = \"common\" and line.sku = " + text("S-", n) +
         " and order.ship_to.country = \"SE\"";
}

std::string many_fire(std::size_t n, std::size_t) {
  const std::size_t roll = dice(n, 1);
  return "order.ship_to.country in { " + country(roll % 10) + ", " + country(10 + roll % 10) +
         ", " + country(20 + roll % 10) + " } and order.source = " + text("source", roll / 10 % 5) +
         " and order.shipping_method = " + text("method", roll / 50 % 6) +
         " and customer.orders_count >= " + std::to_string(roll / 300 % 10);
}

std::string ranges(std::size_t n, std::size_t rules) {
  const std::size_t low = dice(n, 2) % kLargestTotal;
  return "order.total between " + std::to_string(low) + " EUR and " +
         std::to_string(low + 2 * kLargestTotal / (rules + 10)) + " EUR";
}

std::string open_ranges(std::size_t n, std::size_t) {
  return "order.total >= 0." + std::to_string(n % 100) + " EUR";
}

std::string thresholds(std::size_t n, std::size_t rules) {
  return "order.total > " + std::to_string(kLargestTotal - kLargestTotal / (rules + 1) * (n % 30)) +
         " EUR";
}

std::string prefixes(std::size_t n, std::size_t) {
  return "line.sku starts with " + text("S-", n, "-");
}

std::string parts(std::size_t n, std::size_t) {
  return "line.title contains " + text("word", n, " ");
}

std::string globs(std::size_t n, std::size_t) {
  return "line.title like " + text("*word", n, " *");
}

std::string expressions(std::size_t n, std::size_t) {
  return "line.sku matches " + text("^S-", n, "-[A-Z]+$");
}

std::string either(std::size_t n, std::size_t) {
  return "product.tag = " + text("t", n) + " or order.tag = " + text("o", n);
}

std::string negations(std::size_t n, std::size_t) {
  if (n % 10 >= 3) return "product.tag = " + text("t", n);
  if (n % 10 == 0) return "order.ship_to.country != " + country(n / 10);
  std::string all_but_one;
  for (std::size_t i = 0; i < kCountries.size(); ++i) {
    if (i != n / 10 % kCountries.size()) all_but_one += country(i) + ", ";
  }
  return "order.ship_to.country not in { " + all_but_one + "}";
}

std::string any_of_lines(std::size_t n, std::size_t) {
  return "any line (line.sku = " + text("S-", n, "-A") + " and line.quantity > 1)";
}

std::string any_above(std::size_t n, std::size_t) {
  return "any line (line.quantity > " + std::to_string(1'000 + n) + ")";
}

std::string no_line_has(std::size_t n, std::size_t) {
  return "no line (line.sku = " + text("S-", n, "-A") + ")";
}

constexpr std::array kShapes = {
    Shape{"one value shared by all", shared_value},
    Shape{"one in 600 fires", many_fire},
    Shape{"ranges", ranges},
    Shape{"thresholds", thresholds},
    Shape{"ranges that all fire", open_ranges},
    Shape{"prefixes", prefixes},
    Shape{"contains", parts},
    Shape{"globs", globs},
    Shape{"regular expressions", expressions, 5, 1'000},
    Shape{"either of two fields", either},
    Shape{"30 % negations", negations},
    Shape{"any of 1,000 lines", any_of_lines, 1'000, 1'000},
    Shape{"any above, 1,000 lines", any_above, 1'000, 1'000},
    Shape{"no line, 1,000 lines", no_line_has, 1'000, 1'000},
};

}  // namespace

std::span<const Shape> all_shapes() { return kShapes; }

std::shared_ptr<const RuleSet> rule_set(const Shape& shape, std::size_t rules) {
  std::string all;
  for (std::size_t i = 0; i < rules; ++i) {
    all += "rule r" + std::to_string(i) + " {\n  when " + shape.rule(i, rules) +
           "\n  then tag \"found\"\n}\n";
  }
  CheckResult result = check_rules({{"bench.rules", std::move(all)}});
  if (!result.ok()) {
    std::fputs(render(result.diagnostics.front(), *result.sources).c_str(), stderr);
    std::exit(1);
  }
  return result.rules;
}

std::vector<Sample> samples(const Shape& shape, std::size_t rules, std::size_t count) {
  std::mt19937_64 random(42);
  const auto roll = [&](std::size_t below) { return std::to_string(random() % below); };
  std::vector<Sample> made;
  for (std::size_t n = 0; n < count; ++n) {
    std::string body =
        R"({"shop":"nordic","id":")" + std::to_string(n) + R"(","currency":"EUR","total":")" +
        roll(kLargestTotal) + R"(.40","source":"source)" + roll(5) +
        R"(","shipping_method":"method)" + roll(6) + R"(","tags":["web","o)" + roll(2 * rules) +
        R"("],"ship_to":{"country":")" + std::string(kCountries[random() % kCountries.size()]) +
        R"("},"customer":{"id":"c","orders_count":)" + roll(10) + R"(},"lines":[)";
    Sample sample;
    for (std::size_t line = 0; line < shape.lines; ++line) {
      const std::string number = roll(2 * rules);
      if (line != 0) body += ',';
      body += R"({"id":")" + std::to_string(line) + R"(","product":"p)" + number +
              R"(","sku":"S-)" + number + R"(-A","title":"A word)" + number +
              R"( of some length in Blue","quantity":2,"price":"19.90"})";
      Facts::Product& product = sample.facts.products.emplace_back();
      product.name = "product p" + number;
      product.state = Known::known;
      product.record = tagged({"common", "T" + number});
    }
    sample.read(body + "]}");
    made.push_back(std::move(sample));
  }
  return made;
}

}  // namespace consign::bench
