// The typed rule tree: what `dsl` writes and `engine` reads, the waist of the program.
//
// Everything in it is resolved and checked: names have become ids, literals have become values of
// the type they are compared with, scopes are settled. It keeps the tree as written (a `between`
// stays a `between`), because reasons are told from it. Built once, immutable afterwards, safe from
// any thread.
//
// There may be millions of rules: nodes, actions and lists lie in pools that the rule set owns, and
// names and texts are views of its sources wherever they stand there as they are. So the tree is
// small, quick to make, and gone at once.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "consign/node_family.hpp"
#include "consign/permission.hpp"
#include "consign/schema.hpp"
#include "consign/source.hpp"
#include "consign/time.hpp"
#include "consign/tree_pool.hpp"
#include "consign/value.hpp"
#include "consign/vocabulary.hpp"

namespace consign {

struct Constant;
struct FieldRead;
struct ArithmeticExpr;
struct NegateExpr;
struct CallExpr;
struct LookupExpr;
struct AggregateExpr;
struct Comparison;
struct BetweenExpr;
struct Membership;
struct TextTest;
struct PresenceTest;
struct TruthTest;
struct JunctionExpr;
struct NotExpr;
struct QuantifiedExpr;
struct DefineUse;
using ExprNodes =
    NodeFamily<Constant, FieldRead, ArithmeticExpr, NegateExpr, CallExpr, LookupExpr, AggregateExpr,
               Comparison, BetweenExpr, Membership, TextTest, PresenceTest, TruthTest, JunctionExpr,
               NotExpr, QuantifiedExpr, DefineUse>;

/// The head of every node. `type` is the type of its value; conditions are of type boolean.
struct Expr {
  Span span;
  Type type;
  std::uint8_t kind;  ///< its place in ExprNodes

  template <class Node>
  bool is() const {
    return kind == ExprNodes::kind_of<Node>();
  }
  /// The node as what it is; null for any other type.
  template <class Node>
  const Node* get_if() const {
    return is<Node>() ? static_cast<const Node*>(this) : nullptr;
  }
  template <class Node>
  Node* get_if() {
    return is<Node>() ? static_cast<Node*>(this) : nullptr;
  }
  /// The node as what it is known to be.
  template <class Node>
  const Node& as() const {
    assert(is<Node>());
    return static_cast<const Node&>(*this);
  }
};
using ExprPtr = const Expr*;

/// Calls `visitor` with the node as what it is: `const Constant&`, `const Comparison&`, …
template <class Visitor>
decltype(auto) visit(Visitor&& visitor, const Expr& expr) {
  return ExprNodes::visit(std::forward<Visitor>(visitor), expr);
}

/// How two texts are compared. Codes, and texts after `exactly`, go by their bytes; enumerations
/// are brought to their list's own spelling beforehand and so go by their bytes, too.
enum class TextMode : std::uint8_t { folded, exact };

/// A literal. Text is as written; whoever compares folds it.
struct Constant : Expr {
  Value value;
};

/// A field of the event or its facts; `now` is one. Inside a quantifier `line` and `product` fields
/// are the inner line's.
struct FieldRead : Expr {
  Field field;
  std::string_view key;  ///< of a keyed field: the name in the brackets, compared exactly
};

enum class Arithmetic : std::uint8_t { add, subtract, multiply, divide };
/// Arithmetic on numbers, money, weights, durations and times. A missing operand makes the result
/// missing; division by zero, overflow, or two currencies without a rate make it an error.
struct ArithmeticExpr : Expr {
  Arithmetic op;
  ExprPtr left, right;
};
struct NegateExpr : Expr {
  ExprPtr operand;
};

/// hour, weekday or date of an instant in a zone.
struct CallExpr : Expr {
  Function function;
  ExprPtr operand;
  std::string_view zone_name;
  const TimeZone* zone;
};

/// `table[key]`: the value filed under the key, missing where there is none or the key is missing.
struct LookupExpr : Expr {
  std::uint32_t table;  ///< index into RuleSet::tables
  ExprPtr key;
  TextMode mode;  ///< how the key is compared
};

/// `count of lines (…)`, `sum of OPERAND (…)` over all lines of the order. Not nested.
struct AggregateExpr : Expr {
  ExprPtr summed;  ///< null: count the lines
  ExprPtr filter;  ///< null: all lines
};

/// `=`, `!=`, `<`, `<=`, `>`, `>=`. At most one side, the left one, has many values. `!=` is `not
/// (=)`.
struct Comparison : Expr {
  Operator op;
  ExprPtr left, right;
  TextMode mode = TextMode::exact;
};

/// `between low and high`, both included.
struct BetweenExpr : Expr {
  ExprPtr operand, low, high;
  bool negated = false;
};

/// `in list` or `in { … }`; the members have the operand's type.
struct Membership : Expr {
  ExprPtr operand;
  std::span<const Value> members;
  std::string_view list_name;  ///< empty for members in braces
  TextMode mode = TextMode::exact;
  bool negated = false;
};

/// `contains`, `starts with`, `ends with`, `like`, `matches`. The pattern is as written; `matches`
/// is a valid RE2 expression and looks at the text as received, whatever the mode.
struct TextTest : Expr {
  Operator op;
  ExprPtr operand;
  std::string_view pattern;
  TextMode mode = TextMode::folded;
  bool negated = false;
};

/// `is missing`, `is present`. The operand is a field or a lookup.
struct PresenceTest : Expr {
  ExprPtr operand;
  bool wants_missing;
};

/// A boolean field or a boolean value standing as a condition. Missing is false.
struct TruthTest : Expr {
  ExprPtr operand;
};

enum class Junction : std::uint8_t { conjunction, disjunction };
/// `a and b and …`, `a or b or …`: two parts or more, in the order written.
struct JunctionExpr : Expr {
  Junction op;
  std::span<const ExprPtr> parts;
};
struct NotExpr : Expr {
  ExprPtr operand;
};

enum class Quantifier : std::uint8_t { any, every, no };
struct QuantifiedExpr : Expr {
  Quantifier quantifier;
  ExprPtr condition;
};

/// The use of a `define`; its condition stands in RuleSet::defines. Never recursive.
struct DefineUse : Expr {
  std::uint32_t define;
};

/// A text of an action: literal pieces and fields in turn.
struct TextTemplate {
  using Piece = std::variant<std::string_view, FieldRead>;
  std::span<const Piece> pieces;
};

enum class Choice : std::uint8_t { only, first, cheapest, fastest, split, divide };
struct AssignTarget {
  std::uint32_t supplier;  ///< index into RuleSet::suppliers
  Decimal percent;         ///< split and divide; they add up to 100
};
struct AssignAction {
  Choice choice = Choice::only;
  std::span<const AssignTarget> targets;
  bool or_next_rule = false;
  bool keep_together = false;       ///< all lines that the rule claims at one supplier, if one can
  std::uint32_t at_most_parts = 1;  ///< into how many a line may be divided by what suppliers have;
                                    ///< kAnyParts: `in parts`
};
inline constexpr std::uint32_t kAnyParts = UINT32_MAX;
struct HoldAction {
  TextTemplate reason;
  std::optional<std::int64_t> seconds;  ///< for how long; nothing: until released
};
struct TagAction {
  TextTemplate tag;
};
struct NoteAction {
  TextTemplate text;
};
struct NotifyAction {
  std::string_view endpoint;
  TextTemplate text;  ///< without pieces where none was written
};
struct SetAction {
  std::uint32_t field;                        ///< index into RuleSet::fields
  std::variant<ExprPtr, TextTemplate> value;  ///< texts are templates, all else expressions
};
/// An account: `staff:anna`.
struct Principal {
  std::string_view kind, id;
  std::string to_string() const { return std::string(kind) + ":" + std::string(id); }
  friend bool operator==(const Principal&, const Principal&) = default;
};
/// How long what is granted lasts. Nothing given: until somebody ends it.
struct GrantTerm {
  std::optional<std::int64_t> seconds;       ///< `for 90 days`
  std::optional<Timestamp> until;            ///< the end of the day or the time written
  std::optional<std::int64_t> idle_seconds;  ///< `idle 90 days`: when it was not used for so long
};
struct GrantAction {
  std::span<const Permission> permissions;  ///< single, roles resolved, sorted, no duplicates
  const Principal* to = nullptr;  ///< null: the supplier that this rule's assign gives the line
  bool on_shop = false;           ///< the whole shop instead of the line
  GrantTerm term;
};
struct StopAction {};
/// The channel is not told what of the order has shipped.
struct SilenceAction {};
/// Of rules on check: the account may.
struct AllowAction {};
/// Of rules on check: the account may not, whatever allows it.
struct ForbidAction {
  TextTemplate reason;  ///< without pieces where none was written
};
/// Of rules on request: what is asked for is given.
struct ApproveAction {
  GrantTerm term;
};
/// Of rules on request: nothing is given, whatever approves it.
struct DenyAction {
  TextTemplate reason;  ///< without pieces where none was written
};
/// Of rules on request: a person decides, whatever approves it.
struct ReviewAction {
  std::string_view role;               ///< who has it decides; empty: not said
  const Principal* account = nullptr;  ///< who decides; null: not said
};
/// Of rules on request: no more than these can be given.
struct AtMostAction {
  std::span<const Permission> permissions;  ///< as in a GrantAction
};
/// Of rules on request: `require mfa`.
struct RequireAction {};
/// Of rules on an event of one's own: who gets it. Exactly one of the two.
struct HandAction {
  std::optional<std::uint32_t> group;  ///< index into RuleSet::groups
  const Principal* account = nullptr;
};

struct Action {
  Span span;
  std::variant<AssignAction, HoldAction, TagAction, NoteAction, GrantAction, SetAction,
               NotifyAction, StopAction, SilenceAction, AllowAction, ForbidAction, ApproveAction,
               DenyAction, ReviewAction, AtMostAction, RequireAction, HandAction>
      what;  ///< in the order of actions.def, so that the index is the ActionKind
  ActionKind kind() const { return static_cast<ActionKind>(what.index()); }
};

enum class Scope : std::uint8_t { line, order, check, request, event };
/// "line", "order", "check", "request", "event".
std::string_view name_of(Scope scope);
enum class Mode : std::uint8_t { live, shadow, off };

/// What few rules say.
struct RuleDetails {
  std::string_view about, owner;
  std::optional<Timestamp> from, until;  ///< until is exclusive: the end of the last day; measured
                                         ///< on order.received_at
  std::span<const std::string_view> shops;  ///< empty: all
};
inline constexpr RuleDetails kNoDetails;

struct Rule {
  std::string_view name;
  Span name_span;  ///< where it is declared; its line is the `line` of `because`
  Scope scope = Scope::order;
  std::uint32_t event = 0;  ///< of scope event: index into RuleSet::events
  Mode mode = Mode::live;
  bool otherwise = false;
  ExprPtr condition = nullptr;  ///< null: an `otherwise` without `when`
  std::span<const Action> actions;
  const RuleDetails* details = &kNoDetails;  ///< never null
};

/// The rules of one file, with all that they refer to but declarations. Rule sets share it while
/// the file, and what is declared, stay as they are.
struct FileRules {
  std::shared_ptr<const Source> source;
  TreePool pool;  ///< of nodes and all that they refer to, but what stands in the source
  std::deque<std::vector<Permission>> granted;  ///< to which grants refer
  std::vector<Rule> rules;
};

/// The rules of a set, file by file.
class RuleList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Rule;
    using difference_type = std::ptrdiff_t;
    using pointer = const Rule*;
    using reference = const Rule&;
    Iterator() = default;
    explicit Iterator(const Rule* const* at) : at_(at) {}
    const Rule& operator*() const { return **at_; }
    const Rule* operator->() const { return *at_; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    bool operator==(const Iterator& other) const = default;

   private:
    const Rule* const* at_ = nullptr;
  };

  void add(std::shared_ptr<const FileRules> file);
  const std::vector<std::shared_ptr<const FileRules>>& files() const { return files_; }

  std::size_t size() const { return rules_.size(); }
  bool empty() const { return rules_.empty(); }
  const Rule& operator[](std::size_t index) const { return *rules_[index]; }
  const Rule& front() const { return *rules_.front(); }
  const Rule& back() const { return *rules_.back(); }
  Iterator begin() const { return Iterator(rules_.data()); }
  Iterator end() const { return Iterator(rules_.data() + rules_.size()); }

 private:
  std::vector<std::shared_ptr<const FileRules>> files_;
  std::vector<const Rule*> rules_;
};

enum class CapacityPeriod : std::uint8_t { day, hour };
/// How many orders a supplier takes in a day or an hour of its working time.
struct Capacity {
  std::int64_t orders;
  CapacityPeriod per;
};

/// When a supplier works. What comes on other days, or after the cut-off, counts for the next
/// working day.
struct WorkingTime {
  const TimeZone* zone = nullptr;  ///< the supplier's, else the rule set's; null: neither is
                                   ///< declared, and then there is nothing here that wants one
  std::uint8_t days = 0x7f;        ///< bit 0 Monday to bit 6 Sunday; at least one
  std::optional<std::int32_t> cut_off_minutes;  ///< after midnight; from then on it is too late
};

struct Supplier {
  std::string name;   ///< as rules and the API name it
  std::string title;  ///< for people
  Span span;
  std::vector<std::string> countries;  ///< that it serves, upper case; empty: all
  std::vector<std::string> shops;      ///< that it serves; empty: all
  bool suspended = false;
  std::optional<Value> handling_cost;        ///< money per line; for `cheapest`
  std::optional<std::int64_t> lead_seconds;  ///< for `fastest`
  bool stock_tracked = false;  ///< what it has not reported it does not have; else there is no end
                               ///< of that
  Decimal safety_stock;        ///< pieces of every SKU that are never promised
  std::optional<Capacity> capacity;
  WorkingTime working;
  std::string endpoint;  ///< where it is told of its parts; empty: nowhere
};

/// When the supplier can begin with what comes at `now`: at once, or on its next working day.
Timestamp work_start(const Supplier& supplier, Timestamp now);
/// The beginning of the day or hour that an order which comes at `now` is counted into; nothing for
/// a supplier without capacity.
std::optional<Timestamp> capacity_period(const Supplier& supplier, Timestamp now);

struct Define {
  std::string name;
  Span span;
  ExprPtr condition = nullptr;
};

struct Table {
  std::string name;
  Span span;
  Type value_type;
  std::vector<std::pair<Value, Value>> rows;  ///< key as written (text or number), value
};

/// A field that rules may `set`.
struct OwnField {
  std::string name;
  Span span;
  Type type;
};

/// A named set of permissions.
struct Role {
  std::string name;
  Span span;
  std::vector<Permission> permissions;  ///< single, and whole resources; sorted, no duplicates
};

/// Accounts that events of one's own are given to.
struct Group {
  std::string name;
  Span span;
  std::vector<std::string> members;  ///< "sub:anna", in the order written; at least one
};

/// An event that the rule set declares.
struct OwnEvent {
  struct Member {
    std::string name;
    Field field;  ///< the row of its type: event_text, event_code, …
  };
  std::string name;
  Span span;
  std::vector<Member> members;

  const Member* find(std::string_view member) const;
};

/// What holds for all accounts of a kind.
struct AccountPolicy {
  std::string kind;  ///< a word of the domain `account_kind`
  Span span;
  /// How many accounts of the kind, with pending invitations, a shop of the plan may have. A plan
  /// that is not here has no limit.
  std::vector<std::pair<std::string, std::int64_t>> seats;
  std::optional<std::int64_t> invitation_seconds;  ///< how long an activation link is good;
                                                   ///< nothing: accounts need none
  std::optional<std::int64_t> idle_seconds;        ///< after which one that does nothing is removed
  bool idle_per_organization = false;              ///< only when all of its organization do nothing

  /// Nothing: no limit.
  std::optional<std::int64_t> seats_of(std::string_view plan) const;
};

/// `rate FROM = FACTOR TO`: one FROM is worth FACTOR TO. At most one per pair, in either direction.
struct Rate {
  std::string from, to;
  Decimal factor;
};

/// A whole, checked rule set.
struct RuleSet {
  std::string hash;  ///< of its files (rule_set_hash)
  std::shared_ptr<const SourceMap> sources;
  TreePool pool;  ///< of what is declared, but for what stands in the sources

  std::vector<Supplier> suppliers;
  std::vector<Define> defines;
  std::vector<Table> tables;
  std::vector<OwnField> fields;
  std::vector<Rate> rates;
  std::vector<Permission> vocabulary;   ///< built in and declared, sorted
  std::vector<Permission> never_grant;  ///< the rule set's own bans
  std::vector<Role> roles;
  std::vector<Group> groups;
  std::vector<OwnEvent> events;
  std::vector<AccountPolicy> account_policies;
  std::optional<std::string> time_zone;
  bool overlaps_hold = false;
  RuleList rules;  ///< in the order in which they run; `otherwise` rules stand where written

  std::optional<std::uint32_t> find_supplier(std::string_view name) const;
  /// Null where there is none of that name, or kind.
  const Role* find_role(std::string_view name) const;
  const OwnEvent* find_event(std::string_view name) const;
  const AccountPolicy* find_policy(std::string_view kind) const;
  /// "line", …, and for rules on an event of one's own that event's name.
  std::string_view scope_name(const Rule& rule) const;
};

/// The hash of a rule set's files: SHA-256 over their relative paths, in byte order, each with the
/// SHA-256 of the file's bytes; in hexadecimal.
std::string rule_set_hash(const SourceMap& sources);

/// `from` amount in `to`'s currency by a declared rate (exactly by a product where the rate is
/// declared that way round, else by a quotient); nothing without a rate or on overflow.
std::optional<Decimal> convert(const RuleSet& rules, const Decimal& amount, std::string_view from,
                               std::string_view to);

/// A readable outline of a tree, one node a line, for golden files and debugging.
std::string outline(const RuleSet& rules);

}  // namespace consign
