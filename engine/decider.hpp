// The decider: runs the rules of a program over a frame, in order, and keeps for each line who
// claimed, held, stopped or waits.
//
// Rules go in the outer loop and lines in the inner one, so that "the first rule, within it the
// first line" (language.md C3) is the order in which things happen. A recorder, where there is one,
// is told of every rule and line; the decision is made by the same code with or without it.
#pragma once

#include <memory_resource>
#include <vector>

#include "engine/assignment.hpp"
#include "engine/evaluator.hpp"
#include "engine/wait_index.hpp"

namespace consign {

/// Hears of every rule that is looked at. `line` is kNoLine for rules on order.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void saw(const CompiledRule& rule, std::uint32_t line, Truth truth,
                   Evaluator& evaluator) = 0;
  /// The rule was passed over for the line, because of `by` or for the reason given.
  virtual void skipped(RuleIndex rule, std::uint32_t line, RuleIndex by, std::string_view why) = 0;
  /// The fired rule's assign came too late.
  virtual void superseded(RuleIndex rule, std::uint32_t line, RuleIndex by) = 0;
};

/// Decides once; made anew for each event.
class Decider {
 public:
  Decider(const Program& program, const Event& event, const Facts& facts, Timestamp now,
          const Prior* prior, Arena& arena, Recorder* recorder);
  Decision decide();

 private:
  /// A way in which a line is held; the first in running order tells the reason.
  struct Held {
    RuleIndex rule = kNoRule;
    std::string_view reason;
    std::optional<Timestamp> until;
  };

  struct LineState {
    explicit LineState(std::pmr::memory_resource* memory)
        : kept(memory), assigned(memory), waits_for(memory) {}
    std::string_view not_shippable;  ///< the reason, or empty
    std::pmr::vector<Part> kept;     ///< parts that stand from before
    Decimal open;                    ///< quantity not covered by them
    RuleIndex claimed_by = kNoRule;
    bool claimed = false;
    Assigned assigned;  ///< by the claiming rule
    bool held = false;
    Held hold;
    bool stopped = false;
    RuleIndex stopped_by = kNoRule;
    bool waiting = false;
    RuleIndex waits_because = kNoRule;
    std::pmr::vector<std::string_view> waits_for;

    bool shippable() const { return not_shippable.empty(); }
    /// Whether `otherwise` rules look at it (language.md C8).
    bool left_over() const { return !claimed && !held && !stopped && !waiting; }
  };

  void prepare_lines();
  void keep_parts(LineState& state, const Record& line);
  void run_candidates();
  void find_quiet_waits();
  void wait_before(std::uint32_t place);
  bool settle_wait(LineState& state, PlaceCursor& cursor, std::uint32_t line, std::uint32_t place);
  void run_rule(const CompiledRule& compiled);
  void run_on_line(const CompiledRule& compiled, std::uint32_t line);
  void run_on_order(const CompiledRule& compiled);
  bool in_force(const CompiledRule& compiled) const;
  Truth evaluate(const CompiledRule& compiled, std::uint32_t line);
  bool concerns(const CompiledRule& compiled, const LineState& state) const;

  void fire_on_line(const CompiledRule& compiled, std::uint32_t line);
  void fire_on_order(const CompiledRule& compiled, std::uint32_t line);
  void assign(const CompiledRule& compiled, const AssignAction& action, std::uint32_t line);
  void claim(RuleIndex rule, std::uint32_t line, Assigned chosen);
  /// Claims the lines that the rule's assign wants to keep together, once all are known.
  void settle_together(const CompiledRule& compiled);
  Choosing choosing(const Rule& rule, const AssignAction& action) const;
  void hold(RuleIndex rule, const HoldAction& action, std::uint32_t line);
  void hold_line(std::uint32_t line, Held held);
  /// Makes one grant; a grant on the shop is made once for the same rule, action and account. The
  /// supplier and the part count for grants without `to`.
  void grant(RuleIndex rule, std::uint32_t index, const GrantAction& action, std::uint32_t line,
             std::string_view supplier = {}, std::uint32_t part = 0);
  void set_field(RuleIndex rule, const SetAction& action, std::uint32_t line);
  /// Nothing where there is no value to set, with the cause where it failed.
  std::optional<Value> value_to_set(const SetAction& action, std::uint32_t line,
                                    std::string_view& cause);
  void add_note(RuleIndex rule, std::string_view text);
  void add_notice(RuleIndex rule, std::string_view endpoint, std::string_view text);
  /// Whether a rule whose condition is unknown makes the line wait (language.md C9).
  bool would_wait(const CompiledRule& compiled, const LineState& state) const;
  void make_wait(const CompiledRule& compiled, std::uint32_t condition_line, std::uint32_t line);
  void fail(const CompiledRule& compiled, std::uint32_t line);
  void fail_line(const CompiledRule& compiled, std::uint32_t line, std::string_view cause);
  void check_overlap(const CompiledRule& compiled, const AssignAction& action, std::uint32_t line);

  void shadow_on_line(const CompiledRule& compiled, std::uint32_t condition_line, Truth truth,
                      std::uint32_t line);
  void shadow_assign(const Rule& rule, RuleIndex index, const AssignAction& action,
                     std::uint32_t line);
  void shadow_shares(RuleIndex rule, const Assigned& chosen, std::uint32_t line);
  /// What a shadow rule would have given to lines that it wants to keep together.
  void shadow_together(RuleIndex rule, const AssignAction& action);
  void shadow_grant(const Rule& rule, RuleIndex index, const GrantAction& action,
                    std::uint32_t line);
  void shadow_set(RuleIndex rule, const SetAction& action, std::uint32_t line);
  void shadow_on_order(const CompiledRule& compiled, Truth truth);
  void shadow(RuleIndex rule, std::uint32_t line, std::string_view would, std::string_view detail);

  void finish_line(std::uint32_t line);
  void finish_grants(std::uint32_t line);
  void finish();

  std::string_view render(const TextTemplate& text, std::uint32_t line);
  std::string_view account_of(const GrantAction& action, std::string_view supplier) const;
  std::string_view copy(std::string_view text) const { return copy_text(text, memory_); }
  std::string_view joined(const std::pmr::vector<std::string_view>& names) const;
  const Rule& rule(RuleIndex index) const { return program_.rule(index); }

  const Program& program_;
  const Event& event_;
  Timestamp now_;
  const Prior* prior_;
  std::pmr::memory_resource* memory_;
  Recorder* recorder_;
  Frame frame_;
  Evaluator evaluator_;
  Availability availability_;
  Decision decision_;
  std::pmr::vector<LineState> lines_;
  /// Lines whose product is unknown, with the quiet rules that may still make them wait.
  struct QuietWait {
    std::uint32_t line;
    PlaceCursor assigning, others;
  };
  std::pmr::vector<QuietWait> quiet_waits_;
  std::pmr::vector<OpenLine> together_;  ///< of the rule that runs
  bool order_stopped_ = false;
  RuleIndex order_stopped_by_ = kNoRule;
};

}  // namespace consign
