// The workload that rules engines are compared by: N rules "the line's product has tag t_i, and the
// country is one of three, and the total is over x", and orders of five lines and 3 KB.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "consign/dsl.hpp"
#include "consign/engine.hpp"
#include "daemon/wire/order_reader.hpp"

namespace consign::bench {

/// The text of the rule set, the same for the same N.
std::string rule_text(std::size_t rules);
/// The same in files of at most so many rules.
std::vector<RuleFile> rule_files(std::size_t rules, std::size_t per_file = 100'000);
/// Parsed and checked; ends the program where it is not in order.
std::shared_ptr<const RuleSet> rule_set(std::size_t rules);

/// One order: its JSON body, the checked document, and its products' facts.
struct Sample {
  std::string body;
  OrderDocument order;
  Facts facts;

  /// Takes the document as body, and reads it.
  void read(std::string document);
};

/// What the catalogue holds of a product with these tags.
std::shared_ptr<const Record> tagged(const std::vector<std::string>& tags);
/// Orders whose lines have tags spread over twice the rules' tags, so that about every second line
/// has a rule for its tag. With `unknown_products` one product in twenty is unknown.
std::vector<Sample> samples(std::size_t rules, std::size_t count, bool unknown_products = false);

/// What a programmer would write by hand for just this workload: a hash table from tag to what the
/// rule asks for, over fields already extracted.
class HandWritten {
 public:
  explicit HandWritten(std::size_t rules);
  /// How many lines of the order a rule takes.
  std::size_t decide(const Sample& sample) const;

 private:
  struct Wanted {
    std::uint64_t countries;
    std::int64_t over_cents;
  };
  std::unordered_map<std::string, Wanted> by_tag_;
};

}  // namespace consign::bench
