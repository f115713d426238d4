// Covers: for each rule a small set of keys of which every event that can concern it holds one.
//
// A rule whose cover is not touched is certainly false and is not looked at. "Can concern" means
// that the condition is anything but false: also an unknown or a failed one has consequences. An
// `and` takes the cheapest cover among its parts, or a compound of up to three of its equalities,
// also of those around an `or` or a quantifier in it; an `or` takes the union; what asks about
// lines is covered by keys over the lines. Negations have no cover, but some have excluders: keys
// of which an event that holds one makes the rule false.
//
// What can be unknown are the fields of a line's product, and all of them at once. A cover that
// touches them says nothing of such a line, so that rule gets a second cover, made without them, of
// which events with unknown products are judged by.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/selectivity.hpp"

namespace consign {

/// Whose slots a key is about.
enum class Reach : std::uint8_t {
  order,     ///< the order's alone
  own_line,  ///< also those of the line that a rule on line is asked about
  any_line,  ///< also those of a line inside a quantifier
};

/// Which slots a compound of equalities is made of; one is a compound, too.
struct Schema {
  static constexpr std::size_t kLargest = 3;
  struct Part {
    Row row = Row::order;
    TextMode mode = TextMode::exact;
    std::uint32_t slot = kNone;
    friend auto operator<=>(const Part&, const Part&) = default;
  };
  std::uint32_t count = 0;
  std::array<Part, kLargest> parts;  ///< ascending
  friend auto operator<=>(const Schema&, const Schema&) = default;
};

/// Something that an event may hold. Which members count depends on the kind.
struct Key {
  enum class Kind : std::uint8_t {
    texts,     ///< the slots of `schema` hold the texts that `texts` is the key of
    interval,  ///< the slot holds a quantity, a time or a day from `low` to `high`
    starts_with,
    ends_with,       ///< the slot's text has `piece` at that end
    contains,        ///< or somewhere
    contains_lower,  ///< in ASCII lower case, as regular expressions need it (regex_literals.hpp)
    present,         ///< the slot has a value
    missing,         ///< the slot has none
    truth,           ///< the slot holds the boolean `truth`
    no_lines,        ///< the order has no lines
  };
  Kind kind = Kind::texts;
  Reach reach = Reach::order;
  TextMode mode = TextMode::exact;
  bool truth = false;
  std::uint32_t slot = kNone;
  std::uint32_t texts = 0;
  std::int64_t low = kLineBegin, high = kLineEnd;
  std::string_view currency;
  std::string_view piece;  ///< lives as long as the program or the coverer
  Schema schema;
};

/// What is known of the event that a cover is made for.
enum class World : std::uint8_t {
  all_known,
  product_unknown,  ///< of some line: keys are about other slots
  waiting,          ///< likewise, and keys are equalities alone
};

/// Makes covers. Keeps what it learns of the rules, so that those of one program share it.
class Coverer {
 public:
  /// For `rules`, which are the program's or some of them: judges from a sample of them which
  /// compounds are worth it; `always`: all of them are.
  Coverer(const Program& program, std::span<const CompiledRule> rules, bool always);

  /// Puts the keys of the cheapest cover of a rule's condition into `keys`. The share of events
  /// that are likely to touch one, or nothing if it has no cover.
  std::optional<double> cover(std::uint32_t condition, World world, std::vector<Key>& keys);
  /// Why a condition that has no cover has none.
  Unfound why_none(std::uint32_t condition);
  /// Puts keys into `keys` of which each one that an event holds makes the condition false: of a
  /// rule on line, keys of its own line for that line alone.
  void excluders(std::uint32_t condition, std::vector<Key>& keys) const;
  /// Whether some key is about a product's slot, and so says nothing where that is unknown.
  bool about_products(const std::vector<Key>& keys) const;

 private:
  /// An equality that holds wherever the condition at hand may hold.
  struct Factor {
    Schema::Part part;
    TextIds texts;
    double share = 1;
  };
  using Compound = std::array<Factor, Schema::kLargest>;
  /// What a cover is made of, before there are keys.
  struct Plan {
    enum class Kind : std::uint8_t { nothing, compound, term, both, no_lines };
    Kind kind = Kind::nothing;
    Reach reach = Reach::order;
    std::uint32_t count = 0;  ///< compound: its factors
    std::uint32_t left = 0, right = 0;
    Compound factors;
    Term term;
  };
  /// A plan and what it costs; no plan: no cover.
  struct Choice {
    double cost = 0;
    std::uint32_t plan = kNone;
    explicit operator bool() const { return plan != kNone; }
  };
  /// Where in the condition we are.
  struct Place {
    bool negated = false;
    bool quantified = false;
    std::size_t own = 0;  ///< factors before this are of other lines, but for those of the order
  };

  void vote(std::span<const CompiledRule> rules, bool always);
  Choice choose(std::uint32_t condition, Place place);
  Choice all_of(std::uint32_t condition, Place place);
  Choice one_of(const Node& node, Place place);
  Choice over_lines(std::uint32_t condition, bool any, Place place);
  Choice of_term(const Term& term, Place place);
  Choice best_compound(const Place& place);
  void gather(std::uint32_t condition, Place place);
  std::optional<Factor> factor_of(const Term& term) const;
  bool usable(Row row, std::uint32_t slot) const;
  Choice keep(double cost, Plan plan);
  Choice both(Choice a, Choice b);
  double cost_of_keys(std::size_t keys) const;
  Unfound why_none(std::uint32_t condition, Place place);
  void exclude(std::uint32_t condition, Place place, std::vector<Key>& keys) const;
  void emit(std::uint32_t plan, std::vector<Key>& keys);
  void emit_compound(const Plan& plan, std::vector<Key>& keys);
  void emit_term(const Plan& plan, std::vector<Key>& keys);
  const std::vector<std::string>& literals_of(std::uint32_t pattern);

  /// Which compounds of several slots may be used.
  enum class Allowed : std::uint8_t { none, chosen, all };

  const Program& program_;
  Selectivity selectivity_;
  World world_ = World::all_known;
  Allowed allowed_ = Allowed::all;
  std::vector<Schema> schemas_;  ///< chosen; sorted
  double key_cost_;
  std::map<std::uint32_t, std::vector<std::string>> regex_literals_;  ///< by pattern
  // Of the condition at hand:
  std::vector<Factor> factors_;        ///< those around the place where we are
  std::vector<std::uint32_t> others_;  ///< parts of an `and` that are no factors, see gather()
  std::vector<bool> others_negated_;
  std::vector<Plan> plans_;
};

/// The schema of one slot.
Schema single(const Schema::Part& part);

}  // namespace consign
