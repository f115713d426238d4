#include "bench/workload.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace consign::bench {

namespace {

constexpr std::array<std::string_view, 30> kCountries = {
    "SE", "NO", "DK", "FI", "DE", "FR", "IT", "ES", "PT", "PL", "CZ", "AT", "CH", "BE", "NL",
    "GB", "IE", "US", "CA", "AU", "NZ", "JP", "KR", "CN", "IN", "BR", "MX", "ZA", "TR", "GR"};

/// What rule number i asks for; the same in the rules' text and in the hand-written loop.
struct Terms {
  std::array<std::size_t, 3> countries;
  std::int64_t over;
};

Terms terms_of(std::size_t rule) {
  std::mt19937_64 random(rule * 7919 + 17);
  Terms terms{};
  for (std::size_t i = 0; i < terms.countries.size(); ++i) {
    terms.countries[i] = (random() % 10) * 3 + i;
  }
  terms.over = static_cast<std::int64_t>(random() % 900);
  return terms;
}

}  // namespace

namespace {

std::string rules_between(std::size_t first, std::size_t last) {
  std::string text = first == 0 ? "supplier acme\n" : "";
  for (std::size_t i = first; i < last; ++i) {
    const Terms terms = terms_of(i);
    text += "rule r" + std::to_string(i) + " {\n  when product.tag = \"t" + std::to_string(i) +
            "\" and order.ship_to.country in { ";
    for (const std::size_t country : terms.countries) {
      text += "\"" + std::string(kCountries[country]) + "\", ";
    }
    text +=
        "} and order.total > " + std::to_string(terms.over) + " EUR\n  then assign to acme\n}\n";
  }
  return text;
}

}  // namespace

std::string rule_text(std::size_t rules) { return rules_between(0, rules); }

std::vector<RuleFile> rule_files(std::size_t rules, std::size_t per_file) {
  std::vector<RuleFile> files;
  for (std::size_t first = 0; first < rules; first += per_file) {
    files.push_back({"bench-" + std::to_string(1'000 + files.size()) + ".rules",
                     rules_between(first, std::min(rules, first + per_file))});
  }
  return files;
}

std::shared_ptr<const RuleSet> rule_set(std::size_t rules) {
  CheckResult result = check_rules(rule_files(rules));
  if (!result.ok()) {
    std::fputs(render(result.diagnostics.front(), *result.sources).c_str(), stderr);
    std::exit(1);
  }
  return result.rules;
}

void Sample::read(std::string document) {
  body = std::move(document);
  order = std::move(read_order(std::move(parse_json(body).value())).value());
  receive(order, Timestamp{1795255152000000});
}

std::shared_ptr<const Record> tagged(const std::vector<std::string>& tags) {
  auto record = std::make_shared<Record>();
  for (const std::string& tag : tags) record->add(Field::product_tag, Value::of_text(tag));
  return record;
}

std::vector<Sample> samples(std::size_t rules, std::size_t count, bool unknown_products) {
  std::mt19937_64 random(42);
  std::vector<Sample> made;
  for (std::size_t n = 0; n < count; ++n) {
    std::string body =
        R"({"shop":"nordic","id":")" + std::to_string(100000 + n) +
        R"(","placed_at":"2026-11-21T09:59:12Z","currency":"EUR","total":")" +
        std::to_string(random() % 1000) +
        R"(.40","payment":"paid","ship_to":{"name":"A. Berg","address":"Storgatan 1",)"
        R"("city":"Umeå","postcode":"903 26","country":")" +
        std::string(kCountries[random() % kCountries.size()]) +
        R"("},"customer":{"id":"c-9","email":"a.berg@example.com","orders_count":2},)"
        R"("tags":["web"],"note":")" +
        std::string(800, 'n') + R"(","lines":[)";
    Sample sample;
    for (int line = 0; line < 5; ++line) {
      const std::string number = std::to_string(random() % (2 * rules));
      if (line != 0) body += ',';
      body +=
          R"({"id":")" + std::to_string(line) + R"(","product":"p)" + number + R"(","sku":"SKU-)" +
          number + R"(","title":")" + std::string(200, 't') +
          R"(","quantity":2,"price":"19.90","grams":300,"properties":{"colour":"red","size":"L"}})";
      Facts::Product& product = sample.facts.products.emplace_back();
      product.name = "product p" + number;
      if (unknown_products && random() % 20 == 0) continue;
      product.state = Known::known;
      product.record = tagged({"web", "T" + number});
    }
    sample.read(body + "]}");
    made.push_back(std::move(sample));
  }
  return made;
}

HandWritten::HandWritten(std::size_t rules) {
  for (std::size_t i = 0; i < rules; ++i) {
    const Terms terms = terms_of(i);
    Wanted wanted{0, terms.over * 100};
    for (const std::size_t country : terms.countries) wanted.countries |= 1ull << country;
    by_tag_.emplace("t" + std::to_string(i), wanted);
  }
}

std::size_t HandWritten::decide(const Sample& sample) const {
  const std::string_view code = sample.order.event.order.text(Field::order_ship_to_country);
  std::uint64_t country = 0;
  for (std::size_t i = 0; i < kCountries.size(); ++i) {
    if (kCountries[i] == code) country = 1ull << i;
  }
  const auto total = sample.order.event.order.value(Field::order_total)->number.times(Decimal(100));
  const std::int64_t cents = total->to_int64().value_or(0);
  std::size_t taken = 0;
  for (const Facts::Product& product : sample.facts.products) {
    if (product.state != Known::known) continue;
    for (const Value& tag : product.record->values(Field::product_tag)) {
      std::string folded(tag.text);
      for (char& c : folded) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      const auto found = by_tag_.find(folded);
      if (found == by_tag_.end()) continue;
      if ((found->second.countries & country) != 0 && cents > found->second.over_cents) {
        ++taken;
        break;
      }
    }
  }
  return taken;
}

}  // namespace consign::bench
