// What resolving a rule set knows: its names, where each was declared, and where messages go.
//
// One World lives for one `resolve`. The parts of the resolver (declarations, permissions,
// expressions, actions) share it; none keeps state of its own beyond the declaration that it works
// on.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "consign/ruleset.hpp"
#include "dsl/ast.hpp"
#include "dsl/text_numbers.hpp"

namespace consign::check {

/// The names of one kind ("supplier", "list", …), in the order of declaring.
class NameTable {
 public:
  struct Entry {
    std::uint32_t index;
    Span span;
  };
  /// `help`: what to do about a second one of the same spelling.
  explicit NameTable(std::string_view kind,
                     std::string_view help =
                         "names are unique over all files of a rule set: give one of the two "
                         "another name")
      : kind_(kind), help_(help) {}
  void reserve(std::size_t names) {
    numbers_.reserve(names);
    entries_.reserve(names);
  }

  /// Adds a name; a second one of the same spelling is reported with both places and not added.
  bool declare(const ast::Word& name, std::uint32_t index, DiagnosticSink& sink);
  const Entry* find(std::string_view name) const;
  /// In the order of declaring, for suggestions.
  std::vector<std::string_view> names() const {
    return {numbers_.texts().begin(), numbers_.texts().end()};
  }
  std::string_view kind() const { return kind_; }

 private:
  std::string_view kind_, help_;
  TextNumbers numbers_;         ///< of the tree's own words
  std::vector<Entry> entries_;  ///< by number
};

/// What a condition reads outside quantifiers, from which a rule's scope is inferred, and how deep
/// it is.
struct Reach {
  struct Read {
    Span span;
    std::string_view name;  ///< the field, as spelled in the table of fields
  };
  std::optional<Read> line;   ///< the first line or product field
  std::optional<Read> order;  ///< the first order or customer field, or anything about lines in all
  std::optional<Read> shop;   ///< the first shop field
  std::optional<Read> check;  ///< the first check field
  std::optional<Read> request;     ///< the first request field
  std::optional<Read> account;     ///< the first account field
  std::optional<Read> event;       ///< the first field of an event of the set's own
  std::uint32_t event_index = 0;   ///< which event that is
  std::optional<Span> quantifier;  ///< the first quantifier, count or sum
  std::size_t depth = 0;
};

/// A define while and after it is resolved.
struct DefineState {
  enum { fresh, open, done, broken } state = fresh;
  const ast::Define* tree = nullptr;
  Reach reach;
};

/// A ban and where it stands; one of consignd.yaml has no place.
struct Ban {
  Permission permission;
  std::optional<Span> place;
};

struct World {
  World(RuleSet& rule_set, const SourceMap& source_map, const CheckOptions& check_options,
        DiagnosticSink& diagnostic_sink)
      : rules(rule_set), sources(source_map), options(check_options), sink(diagnostic_sink) {}

  RuleSet& rules;
  TreePool* pool = &rules.pool;  ///< where nodes are made
  FileRules* file = nullptr;     ///< whose rules are resolved; null: declarations are
  /// Whether the file's rules refer to nothing that was made for them outside of it.
  bool self_contained = true;
  const SourceMap& sources;
  const CheckOptions& options;
  DiagnosticSink& sink;

  NameTable suppliers{"supplier"};
  NameTable lists{"list"};
  NameTable tables{"table"};
  NameTable roles{"role"};
  NameTable defines{"define"};
  NameTable fields{"field"};
  NameTable events{"event"};
  NameTable groups{"group"};
  NameTable policies{"accounts", "say in one of the two all that holds for them"};
  NameTable rule_names{"rule"};

  std::vector<const ast::List*> list_trees;        ///< by index in `lists`
  std::set<std::string, std::less<>> mixed_lists;  ///< whose members differ in type: told already
  std::vector<const ast::Role*> role_trees;        ///< by index in `roles`
  std::vector<DefineState> define_states;          ///< by index in `defines` and RuleSet::defines
  std::vector<Ban> bans;
  const TimeZone* zone = nullptr;  ///< of `timezone "…"`
  bool zone_declared = false;      ///< also where its name is unknown

  /// A node of the typed tree, which may still be changed.
  template <class Node, class... Parts>
  Node* make(Span span, Type type, Parts&&... parts) {
    return pool->make<Node>(Expr{span, type, ExprNodes::kind_of<Node>()},
                            std::forward<Parts>(parts)...);
  }
  /// A text of the tree as written that lives as long as what is made: itself where it stands in
  /// the source.
  std::string_view lasting(std::string_view text, SourceId source);
  std::string_view lasting(const ast::Word& word) { return lasting(word.text, word.span.source); }

  /// The author's words on one line, not too long.
  std::string words(Span span) const;
  /// The same in backticks.
  std::string quoted(Span span) const { return "`" + words(span) + "`"; }
  /// Whether an amount in one currency can be compared with one in another.
  bool rate_between(std::string_view a, std::string_view b) const;
};

/// Reports a time zone that the tz database does not have.
void report_unknown_zone(World& world, const ast::Word& zone);
/// The account that is meant, its kind a word of the domain; nothing where there is no such kind,
/// or a supplier that is not declared, which is reported.
std::optional<Principal> account_of(World& world, const ast::Account& written);
/// Hangs "did you mean" on a message where one of `names` is close to `word`; whether it did.
bool suggest(DiagnosticSink::Builder& message, std::string_view word,
             const std::vector<std::string_view>& names);
/// What to write instead of another system's name for permissions; empty where it is none.
std::string meant_by_handle(std::string_view written);
/// "`a`, `b` and `c`".
std::string list_of(const std::vector<std::string_view>& names);
/// `text` in backticks.
std::string ticked(std::string_view text);

}  // namespace consign::check
