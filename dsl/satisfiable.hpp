// Whether conditions can hold together: the analysis behind `check`'s warnings.
//
// It keeps, for each thing that is compared with literals (a field, a count, an hour), what the
// parts of a conjunction leave of its values. Where nothing is left, the parts contradict. What it
// does not understand counts as "can hold", so it never says that something cannot fire which can;
// it does miss contradictions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "consign/ruleset.hpp"

namespace consign::check {

/// A text, code, word, permission or truth that a thing may have: its bytes, or (folded) all
/// spellings of them.
struct Candidate {
  std::string text;          ///< folded where `folded`
  std::string_view written;  ///< in the rule set
  bool folded = false;
  bool quoted = true;  ///< a rule writes it in quotes

  /// As a rule would write it.
  std::string shown() const { return quoted ? quote(written) : std::string(written); }
};

/// One end of a range of numbers.
struct Bound {
  Decimal value;
  bool inclusive = true;
};

/// What is left of the values of one thing. Restrictions hold only if the thing is there: `a !=
/// "x"` holds too where `a` is missing.
class Remaining {
 public:
  /// Which things may be in what state at all, before any condition is known.
  bool many = false;
  bool must_be_present = false;
  bool must_be_missing = false;

  std::optional<std::vector<Candidate>> among;   ///< single values: one of these
  std::vector<std::vector<Candidate>> required;  ///< many values: of each of these, at least one
  std::vector<Candidate> excluded;
  std::vector<std::pair<const TextTest*, bool>> tests;  ///< and whether they have to fail
  std::optional<std::vector<Decimal>> numbers;          ///< one of these numbers
  std::vector<Decimal> not_numbers;
  std::optional<Bound> low, high;
  std::string currency;     ///< of the numbers, if they are money
  std::vector<Span> parts;  ///< the conditions that say so, in the order of adding

  /// Takes over what another conjunct says of the same thing.
  void absorb(Remaining other);
  /// Whether no state of the thing fits.
  bool contradicts() const;
  /// A value that fits, as a rule would write it; empty where none is worth showing.
  std::string example(Type type) const;

 private:
  bool no_candidate() const;
  bool no_number() const;
  bool denies_test() const;
};

/// The things that a rule set's conditions compare, by number. Not thread-safe.
class Things {
 public:
  struct Thing {
    std::string name;  ///< as a rule would write it
    Type type;
    Remaining start;  ///< what is known of it anyway
  };
  /// The thing that an operand stands for, or nothing for a constant expression that is not
  /// understood.
  std::uint32_t of(const RuleSet& rules, const Expr& operand);
  const Thing& get(std::uint32_t id) const { return things_[id]; }

 private:
  std::uint32_t by_text(const RuleSet& rules, const Expr& operand);

  std::unordered_map<std::string, std::uint32_t> ids_;
  std::unordered_map<Field, std::uint32_t> fields_;  ///< ids of those that have no key
  std::vector<Thing> things_;
};

using Environment = std::map<std::uint32_t, Remaining>;

/// The part that cannot hold, and those that it contradicts (none: it cannot hold by itself).
struct Contradiction {
  Span part;
  std::vector<Span> with;
};

/// Whether texts, codes, words, permissions and truths are what values of the type are.
bool is_textual(Type type);

/// Whether the condition is plain: an `and` of comparisons and tests of as many different fields
/// with literals, or one of them. Nothing in it can contradict, and most conditions are so. Gives
/// the parts.
bool is_plain(const Expr* condition, std::vector<const Expr*>& parts);
/// What such a part compares or tests.
const Expr* operand_of(const Expr& part);

class Satisfiability {
 public:
  explicit Satisfiability(const RuleSet& rules) : rules_(rules) {}

  /// A state of all things in which the conditions may hold together, or the contradiction. A null
  /// condition always holds.
  std::variant<Environment, Contradiction> together(const std::vector<const Expr*>& conditions);
  /// What the parts of the condition that must all hold say, disjunctions left aside, and why it
  /// cannot hold at all, if it cannot. A null condition says nothing.
  struct Alone {
    Environment conjuncts;
    std::optional<Contradiction> contradiction;
  };
  Alone alone(const Expr* condition);
  /// The conjuncts only.
  Environment conjuncts(const Expr* condition);
  /// Whether the condition holds for every event, whatever it is: `true` and what is made of it.
  bool always(const Expr& condition) const;
  const Things& things() const { return things_; }
  std::uint32_t thing_of(const Expr& operand) { return things_.of(rules_, operand); }

 private:
  struct Item {
    const Expr* expr;
    bool negated;
    std::optional<Span> shown;  ///< the use of the define that it comes from
  };
  struct State {
    Environment environment;
    std::vector<Item> choices;  ///< disjunctions that are still to be looked at
  };
  std::optional<Contradiction> add(Item item, State& state);
  std::optional<Contradiction> add_truth(const TruthTest& node, const Item& item, State& state);
  std::optional<Contradiction> add_comparison(const Comparison& node, const Item& item,
                                              State& state);
  std::optional<Contradiction> add_between(const BetweenExpr& node, const Item& item, State& state);
  std::optional<Contradiction> add_membership(const Membership& node, const Item& item,
                                              State& state);
  std::optional<Contradiction> add_inner(const Expr& condition, bool negated, const Item& item);
  std::optional<Contradiction> restrict(const Expr& operand, Remaining more, const Item& item,
                                        State& state) {
    return restrict(things_.of(rules_, operand), std::move(more), item, state);
  }
  std::optional<Contradiction> restrict(std::uint32_t thing, Remaining more, const Item& item,
                                        State& state);
  std::optional<Contradiction> choose(State state, Environment& found);

  const RuleSet& rules_;
  Things things_;
  std::size_t branches_left_ = 0;  ///< of disjunctions, in one question
};

}  // namespace consign::check
