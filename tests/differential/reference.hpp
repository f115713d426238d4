// The judge of the engine: a slow, plain second implementation of docs/language, sections B to D.
//
// A recursive walk over the typed tree, one rule after the other, one line after the other, with no
// index, no cache and no short cut. It shares the base functions (decimals, folding, globs, time,
// hashes) with the engine and nothing else. Where the engine and this disagree, one of them
// misreads the language.
//
// Where the language leaves something open, it is read like this:
//  - Operands: as false beats an error and an error beats unknown (B8), a missing operand beats an
//    erroneous one, and that an unknown one, on whichever side they stand. `between` is the
//    conjunction of its two comparisons, `in` the disjunction of its equalities.
//  - Money: the right operand is converted to the left one's currency; a sum of money is in the
//    order's currency, also the sum of nothing.
//  - Ranges (aggregates with unknown lines) go through arithmetic as intervals; a divisor that may
//    be zero makes the quotient unknown, and a time moved by a duration that is a range is unknown.
//    A summed value that is unknown makes the sum unknown.
//  - Among several errors the first one written (and the first line's) names the cause.
//  - Facts waited for are those of the parts of a condition that are unknown themselves. They are
//    told of a line that is held, too: when they come, it may get a supplier for its release.
//  - A line that waits takes no claims of later rules: they are neither recorded as superseded nor
//    as overlaps, and later unknown assigns add to what it waits for.
//  - Every later assign on a claimed line is superseded, whether or not it could have been done.
//  - `otherwise` on order runs where at least one line is free, and acts on the free lines only.
//    Lines that cannot be shipped are free until a stop ends their rules; they take tags.
//  - A stop on order ends everything, later order rules too.
//  - An unavailable supplier is not kept as the held part's supplier, and makes no overlap.
//    Overlaps compare the suppliers that two rules would give, as sets: the later one as if the
//    earlier had left the line's stock where it was.
//  - What an assign takes is gone for later ones, also where the line waits in the end. Overlaps
//  and
//    shadow rules take nothing. Overlaps look at each line for itself, also where the later rule
//    would keep lines together.
//  - Suppliers are passed over where a rule claims the line, whatever becomes of the claim.
//  - What has shipped covers its line before what has not.
//  - A timed hold whose time is up when its rule fires again does not hold again.
//  - A field that is set already is not looked at again by later rules.
//  - A grant on shop is made once per rule, action and account. Kept parts bring no new grants.
//  - Lines that kept parts cover do not wait and do not overlap, but are held like others; such
//    parts stay `kept`.
//  - The lines of a cancelled order are not shippable, "the order is cancelled".
//  - A shadow rule that assigns records nothing for a line that waits unclaimed. Its grants to the
//    supplier are recorded where its assign is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/engine.hpp"

namespace consign::reference {

struct ReferencePart {
  std::uint32_t number = 1;
  Decimal quantity;
  Outcome outcome = Outcome::held;
  std::string supplier, reason;
  RuleIndex because = kNoRule;
  std::optional<Timestamp> until;
  bool kept = false;
  bool shipped = false;
};

struct ReferenceHold {
  RuleIndex rule;
  std::string reason;
  Timestamp first_fired;
  std::optional<Timestamp> until;
};

struct ReferencePassedOver {
  RuleIndex rule;
  std::string reason;
};

struct ReferenceLine {
  std::string id;
  std::vector<ReferencePart> parts;
  std::vector<ReferenceHold> holds;
  std::vector<Superseded> superseded;
  std::vector<ReferencePassedOver> passed_over;
  std::vector<std::string> waits_for;
  std::vector<std::string> ways;  ///< how suppliers were chosen, for the coverage of a run
};

struct ReferenceNote {
  RuleIndex rule;
  std::string endpoint;  ///< of a notice; empty for a note
  std::string text;
  friend bool operator==(const ReferenceNote&, const ReferenceNote&) = default;
};

struct ReferenceGrant {
  RuleIndex rule;
  std::uint32_t action;
  std::string account;
  bool on_shop = false;
  std::uint32_t line = 0, part = 0;
  std::optional<Timestamp> until;
};

struct ReferenceFailure {
  RuleIndex rule;
  std::optional<std::uint32_t> line;
  std::string cause;
};

struct ReferenceShadow {
  RuleIndex rule;
  std::optional<std::uint32_t> line;
  std::string would, detail;
};

/// What became of a rule: for a line, or (rules on order) for the order as a whole.
struct ReferenceTrace {
  RuleIndex rule;
  Verdict verdict;
  RuleIndex by = kNoRule;  ///< superseded, skipped: because of which rule
  std::string detail;      ///< unknown: what it waits for; failed: the cause
};
using ReferenceTraces = std::vector<ReferenceTrace>;

/// A Decision that owns its text, with the reasons.
struct ReferenceDecision {
  DecisionState state = DecisionState::decided;
  Timestamp at;
  bool silent = false;
  std::vector<ReferenceLine> lines;
  std::vector<std::string> tags;
  std::vector<ReferenceNote> notes, notices;
  TextPool texts;  ///< of the fields set
  std::vector<FieldSet> fields;
  std::vector<ReferenceGrant> grants;
  std::vector<ReferenceFailure> failures;
  std::vector<ReferenceShadow> shadows;
  std::vector<ReferenceTraces> line_traces;
  ReferenceTraces order_traces;
};

/// What the language says about `event`.
ReferenceDecision decide(const RuleSet& rules, const Event& event, const Facts& facts,
                         Timestamp now, const Prior* prior = nullptr);

/// The engine's decision in the reference's shape, without reasons.
ReferenceDecision copy_of(const Decision& decision);

/// A decision as lines of text, for comparing and for people. Lists whose order means nothing
/// (grants, failures, shadow records, notes, notices, fields) are sorted.
std::string render(const RuleSet& rules, const ReferenceDecision& decision);

/// The reasons as lines of text, the reference's and the engine's.
std::string render_traces(const RuleSet& rules, const ReferenceDecision& decision);
std::string render_traces(const RuleSet& rules, const Explanation& explanation);

}  // namespace consign::reference
