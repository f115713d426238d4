// The face of the engine: a typed rule tree becomes a program, a program decides events.
//
// Pure: `decide(program, event, facts, now)` gives the same answer for the same arguments, on any
// machine, at any time. No I/O, no clock, no state but the caller's arena. What comes out is data;
// whoever called carries it out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/decimal.hpp"
#include "consign/event.hpp"
#include "consign/ruleset.hpp"
#include "consign/time.hpp"

namespace consign {

/// Changes when the same inputs could be decided otherwise than before. Stored with each decision.
inline constexpr std::string_view kEngineVersion = "2";

/// A compiled rule set: immutable, shared by all threads, replaced as a whole.
class Program;

struct CompileOptions {
  bool index = true;  ///< off: every rule is looked at for every event, which tests and benchmarks
                      ///< compare with
  bool always = false;  ///< for tests: the index is asked also where looking at every rule in turn
                        ///< is likely to take less time, as it does for a few rules; and a program
                        ///< is made from the previous one however much has changed
};

/// Compiles a checked rule set; cannot fail. Keeps the rule set alive.
///
/// With a program of `previous` rules, compiled with the same options, only the rules of files that
/// the two sets do not share are compiled, as long as those are few. Decides like a program that
/// was compiled as a whole, and names the same facts; it may take a little more memory.
std::shared_ptr<const Program> compile(std::shared_ptr<const RuleSet> rules,
                                       const CompileOptions& options = {},
                                       const std::shared_ptr<const Program>& previous = nullptr);

/// The rules of one other scope of a set (check, request, or an event of its own, by its place in
/// RuleSet::events), compiled by themselves: they are about other fields than orders.
std::shared_ptr<const Program> compile_scope(std::shared_ptr<const RuleSet> rules, Scope scope,
                                             std::uint32_t event = 0);

const RuleSet& rules_of(const Program& program);

/// Why nothing that an order holds finds a rule.
enum class Unfound : std::uint8_t {
  always_true,  ///< it concerns all orders
  negated,      ///< it says only what an order has not
  two_fields,   ///< it compares fields with each other
  computed,     ///< it compares what arithmetic, a table or a function makes of fields
  counted,      ///< it asks for a count or sum that no lines at all have, too
  pattern,      ///< its pattern has no letters that must be there
};
std::string_view name_of(Unfound why);

struct Unindexed {
  std::uint32_t rule;  ///< index into RuleSet::rules
  Unfound why;
};

/// What a program is made of, and which rules it has to look at for every event.
struct ProgramCost {
  std::size_t rules = 0;       ///< that run: those switched off are not among them
  std::size_t predicates = 0;  ///< distinct comparisons
  std::size_t index_groups = 0;
  std::vector<Unindexed> unindexed;  ///< `otherwise` rules, which look only at what is left over,
                                     ///< are not counted
  std::size_t bytes = 0;  ///< of all that it is made of; without the rule tree and its texts
};
ProgramCost cost_of(const Program& program);

/// The facts that the program's fields name (language.md D1).
FactsNeeded facts_needed(const Program& program);

/// Memory for one decision at a time: grows to what the largest needed, then allocates no more. One
/// per thread. A Decision lives in the arena that it was made in, until the next one is made there.
class Arena {
 public:
  explicit Arena(std::size_t first_block = 64 * 1024);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  std::pmr::memory_resource* resource();
  /// Forgets everything made in it; keeps the memory.
  void reset();
  /// How often it had to ask the system for memory.
  std::size_t growths() const;

 private:
  struct Blocks;
  std::unique_ptr<Blocks> blocks_;
};

/// A rule by its place in RuleSet::rules.
using RuleIndex = std::uint32_t;
inline constexpr RuleIndex kNoRule = UINT32_MAX;

/// Strongest first.
enum class Outcome : std::uint8_t { not_shippable, held, waiting, assigned };
std::string_view name_of(Outcome outcome);

/// A part of a line. Part numbers start at 1; the quantities of a line's parts add up to its own.
struct Part {
  std::uint32_t number = 1;
  Decimal quantity;
  Outcome outcome = Outcome::held;
  std::string_view supplier;       ///< assigned; or held, where the rules gave one
  std::string_view reason;         ///< empty for assigned parts
  RuleIndex because = kNoRule;     ///< the rule that brought the outcome about, if one did
  std::optional<Timestamp> until;  ///< of a timed hold
  bool kept = false;               ///< carried over from the prior state, not decided now
  bool shipped = false;            ///< kept, and out of the rules' reach
};

/// An assign that came too late (language.md C4).
struct Superseded {
  RuleIndex rule;
  RuleIndex by;
};

/// A hold that a rule laid on a line, for whoever keeps its clock.
struct HoldMade {
  RuleIndex rule;
  std::string_view reason;
  Timestamp first_fired;           ///< now, or when it fired first, where the prior state knows it
  std::optional<Timestamp> until;  ///< first_fired plus the duration
};

/// A supplier that an assign named and did not give the line to because it cannot.
struct PassedOver {
  RuleIndex rule;
  std::string_view reason;  ///< "acme: 1 left, 2 wanted"
};

struct LineDecision {
  explicit LineDecision(std::pmr::memory_resource* memory)
      : parts(memory), holds(memory), superseded(memory), passed_over(memory), waits_for(memory) {}
  std::string_view id;
  std::pmr::vector<Part> parts;
  std::pmr::vector<HoldMade> holds;  ///< all that fired, in rule order
  std::pmr::vector<Superseded> superseded;
  std::pmr::vector<PassedOver> passed_over;      ///< while another got the line, or a part of it
  std::pmr::vector<std::string_view> waits_for;  ///< sorted, no duplicates
};

struct GrantMade {
  RuleIndex rule;
  std::uint32_t action;      ///< which of the rule's actions
  std::string_view account;  ///< "supplier:acme"
  const GrantAction* grant;
  bool on_shop = false;
  std::uint32_t line = 0;  ///< index of the line; not where on_shop
  std::uint32_t part = 0;  ///< part number; 0: the line as a whole
  std::optional<Timestamp> until;
};

struct Tagged {
  std::string_view text;
};
struct Noted {
  RuleIndex rule;
  std::string_view text;
};
struct Noticed {
  RuleIndex rule;
  std::string_view endpoint;
  std::string_view text;
};
struct FieldSet {
  std::uint32_t field;
  RuleIndex rule;
  Value value;
};

/// A rule whose condition, or a value in one of its actions, ended in an error (language.md C12).
struct Failure {
  RuleIndex rule;
  std::optional<std::uint32_t> line;  ///< nothing: the order as a whole
  std::string_view cause;
};

/// What a shadow rule would have done (language.md C14).
struct ShadowRecord {
  RuleIndex rule;
  std::optional<std::uint32_t> line;
  std::string_view would;   ///< "would_assign", "would_be_superseded", "would_hold", "would_wait",
                            ///< "would_grant", "would_tag", "would_note", "would_set",
                            ///< "would_notify", "would_silence", "would_stop", "would_fail"
  std::string_view detail;  ///< the supplier, the reason, the tag, …
};

enum class DecisionState : std::uint8_t { decided, waiting, cancelled };
std::string_view name_of(DecisionState state);

/// What a rule set says about one order. Text in it belongs to the arena, the program or the event,
/// all of which must outlive it.
struct Decision {
  explicit Decision(std::pmr::memory_resource* memory)
      : lines(memory),
        tags(memory),
        notes(memory),
        fields(memory),
        grants(memory),
        notices(memory),
        failures(memory),
        shadows(memory) {}
  DecisionState state = DecisionState::decided;
  Timestamp at;
  bool silent = false;                      ///< the channel is not to be told what has shipped
  std::pmr::vector<LineDecision> lines;     ///< in the order of the event's lines
  std::pmr::vector<std::string_view> tags;  ///< sorted, no duplicates
  std::pmr::vector<Noted> notes;
  std::pmr::vector<FieldSet> fields;
  std::pmr::vector<GrantMade> grants;
  std::pmr::vector<Noticed> notices;
  std::pmr::vector<Failure> failures;
  std::pmr::vector<ShadowRecord> shadows;
};

/// What stands already when an order is decided again (language.md D2, C6). Lines and rules go by
/// name, since the order or the rule set may have changed. Owns its text.
struct Prior {
  struct Part {
    std::string line;
    std::uint32_t number = 1;
    Decimal quantity;
    Outcome outcome = Outcome::assigned;  ///< assigned, held, or (by a person) not_shippable
    std::string supplier, reason;
    std::string rule;
    bool by_person = false;
    bool shipped = false;  ///< it stays whatever becomes of the order
    Decimal gone;          ///< of a shipped part: what the line's open quantity no longer includes
  };
  /// A supplier that would not take the line: it is not asked again.
  struct Rejection {
    std::string line, supplier, reason;
  };
  struct Hold {
    std::string line, rule;
    Timestamp first_fired;
    bool ended = false;  ///< its time is up, or someone released it: it does not hold again
  };
  std::vector<Part> parts;  ///< that keep what they have; waiting and freed ones are not among them
  std::vector<Hold> holds;
  std::vector<Rejection> rejections;
};

/// Decides `event` at `now`. With `prior`, parts that stand keep their supplier. The arena is reset
/// first: a decision that was made in it before must be gone by then.
Decision decide(const Program& program, const Event& event, const Facts& facts, Timestamp now,
                Arena& arena, const Prior* prior = nullptr);

/// What rules say to a check (language.md C12, C13): forbid beats allow. Texts as in a Decision.
struct CheckDecision {
  explicit CheckDecision(std::pmr::memory_resource* memory) : shadows(memory) {}
  enum class Answer : std::uint8_t { nothing, allow, forbid } answer = Answer::nothing;
  RuleIndex because = kNoRule;  ///< the first rule that says so
  std::string_view reason;      ///< of a forbid: its own words, or why it failed; may be empty
  std::pmr::vector<ShadowRecord> shadows;  ///< "would_allow", "would_forbid"
};

/// Answers a check by a program of rules on check. `question` holds check.* and account.*.
CheckDecision decide_check(const Program& program, const Record& question, Timestamp now,
                           Arena& arena);

/// What rules say to a request for access to one shop (language.md C12, C13): deny beats review,
/// review beats approve. Texts as in a Decision.
struct RequestDecision {
  explicit RequestDecision(std::pmr::memory_resource* memory)
      : grants(memory), limits(memory), notices(memory), failures(memory), shadows(memory) {}
  enum class Answer : std::uint8_t { nothing, approve, review, deny };
  /// A grant that fired. Where there are any, they are given instead of what was asked for.
  struct Given {
    RuleIndex rule;
    const GrantAction* grant;
  };
  struct Limit {
    RuleIndex rule;
    std::span<const Permission> at_most;
  };
  Answer answer = Answer::nothing;
  RuleIndex because = kNoRule;  ///< the first rule that says so
  std::string_view reason;  ///< of a deny, its own words; of a review, what has failed; or empty
  const ReviewAction* reviewer = nullptr;  ///< of the first rule that says `review`
  std::optional<GrantTerm> term;           ///< of the first rule that says `approve`
  bool require_mfa = false;
  std::pmr::vector<Given> grants;
  std::pmr::vector<Limit> limits;
  std::pmr::vector<Noticed> notices;
  std::pmr::vector<Failure> failures;
  std::pmr::vector<ShadowRecord> shadows;  ///< "would_approve", "would_deny", "would_review", …
};

/// Decides a request by a program of rules on request. `question` holds request.* and account.* (of
/// who files it), `shop` the facts of the shop that it is about.
RequestDecision decide_request(const Program& program, const Record& question, const Record& shop,
                               Timestamp now, Arena& arena);

/// What rules say about an event of the set's own. Texts as in a Decision.
struct EventDecision {
  explicit EventDecision(std::pmr::memory_resource* memory)
      : tags(memory),
        notes(memory),
        notices(memory),
        superseded(memory),
        failures(memory),
        shadows(memory) {}
  enum class State : std::uint8_t {
    recorded,  ///< no rule gives it to anybody
    assigned,  ///< to whom `hand` says
    held,      ///< a rule that gives it to somebody, or stops, has failed
  };
  State state = State::recorded;
  const HandAction* hand = nullptr;  ///< of the first rule that gives it to somebody; also of held
  RuleIndex because = kNoRule;       ///< the rule that brought the state about
  std::string_view reason;           ///< of held: the rule and what has failed
  std::pmr::vector<std::string_view> tags;  ///< sorted, no duplicates
  std::pmr::vector<Noted> notes;
  std::pmr::vector<Noticed> notices;
  std::pmr::vector<Superseded> superseded;
  std::pmr::vector<Failure> failures;
  std::pmr::vector<ShadowRecord> shadows;
};

/// Decides an event by a program of the rules on it. `event` holds its fields, in the rows of their
/// types, by name; `shop_facts` shop.* of the shop that it is about, if it is about one.
EventDecision decide_event(const Program& program, const Record& event, const Record& shop_facts,
                           Timestamp now, Arena& arena);

/// Why a rule did what it did for one line.
enum class Verdict : std::uint8_t {
  fired,
  superseded,
  not_matched,
  unknown,
  failed,
  skipped,
  shadow,
};
std::string_view name_of(Verdict verdict);

struct RuleTrace {
  RuleIndex rule = kNoRule;
  Verdict verdict = Verdict::not_matched;
  RuleIndex by = kNoRule;  ///< superseded: by which; skipped: which rule ended the work
  Span part;               ///< not_matched: the first part of the condition that failed
  bool has_part = false;
  std::string saw;  ///< not_matched: the value that it saw, as a rule would write it
  std::vector<std::string> waits_for;  ///< unknown
  std::string detail;  ///< failed: the cause; skipped: why; shadow: what it would have done
};

/// All rules that were considered for each line (and for the order as a whole), in the order in
/// which they ran. Made by the same code as the decision, with a recorder switched on; the arena is
/// reset as for a decision.
struct Explanation {
  std::vector<std::vector<RuleTrace>> lines;  ///< same index as the event's lines
  std::vector<RuleTrace> order;               ///< rules on order
};
Explanation explain(const Program& program, const Event& event, const Facts& facts, Timestamp now,
                    Arena& arena, const Prior* prior = nullptr);

}  // namespace consign
