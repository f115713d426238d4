// Pairs of rules that can claim one line for different suppliers (language.md C16).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/ruleset.hpp"
#include "dsl/satisfiable.hpp"
#include "dsl/text_numbers.hpp"

namespace consign::check {

class Overlaps {
 public:
  using RuleNumber = std::uint32_t;

  /// Compares at most `budget` pairs.
  Overlaps(const RuleSet& rules, Satisfiability& satisfiability, std::size_t budget,
           DiagnosticSink& sink)
      : rules_(rules), satisfiability_(satisfiability), budget_(budget), sink_(sink) {}

  /// Takes note of what a rule's condition asks for: all rules in their order, before `find`.
  void note(RuleNumber number, const Environment& conjuncts);
  /// The same from the parts of a plain condition (satisfiable.hpp).
  void note_plain(RuleNumber number, std::span<const Expr* const> parts);
  /// Reports; says how many it found beyond those that it shows, and how many it left.
  void find();

 private:
  /// That a rule asks for a single value of a thing.
  struct Asked {
    std::uint32_t thing;
    std::uint32_t value;
    RuleNumber rule;
  };
  /// The rules that assign, in their order.
  struct Claims {
    std::vector<RuleNumber> rules;
    std::vector<Asked> asked;
    std::map<std::uint32_t, std::size_t> asking;  ///< how many rules ask for a value of each thing
  };

  /// Where the rule's claim belongs; null where there is nothing to take note of.
  Claims* claims_of(RuleNumber number);
  void ask(Claims& claims, std::uint32_t thing, std::string_view text, RuleNumber rule);
  void compare_all(Claims& claims);
  void compare_within(const std::vector<RuleNumber>& members);
  bool cannot_meet(const Rule& first, const Rule& second) const;
  const Environment& known(RuleNumber rule);
  bool conjuncts_meet(RuleNumber first, RuleNumber second);
  void compare(RuleNumber first, RuleNumber second);
  std::string suppliers_of(const Rule& rule) const;
  void tell(const Rule& first, const Rule& second, const Environment& environment);

  const RuleSet& rules_;
  Satisfiability& satisfiability_;
  std::size_t budget_;
  DiagnosticSink& sink_;
  Claims claims_, fallbacks_;
  TextNumbers values_;  ///< folded, in `texts_`
  TreePool texts_;
  std::string folded_;  ///< room for one
  std::unordered_map<RuleNumber, Environment> known_;
  std::set<std::pair<RuleNumber, RuleNumber>> told_;
  std::size_t found_ = 0;
  std::size_t left_ = 0;
};

/// The rule's assign, or null.
const AssignAction* assign_of(const Rule& rule);

}  // namespace consign::check
