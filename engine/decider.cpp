#include "engine/decider.hpp"

#include <algorithm>

#include "engine/cover_index.hpp"

namespace consign {

namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

Timestamp after(Timestamp start, std::int64_t seconds) {
  return Timestamp{start.micros + seconds * kMicrosPerSecond};
}

bool is_true(const Record& record, Field field) {
  const Value* value = record.value(field);
  return value != nullptr && value->truth;
}

}  // namespace

Decider::Decider(const Program& program, const Event& event, const Facts& facts, Timestamp now,
                 const Prior* prior, Arena& arena, Recorder* recorder)
    : program_(program),
      event_(event),
      now_(now),
      prior_(prior),
      memory_(arena.resource()),
      recorder_(recorder),
      frame_(program, event, facts, now, memory_),
      evaluator_(program, frame_, memory_),
      availability_(event, facts, prior, now, memory_),
      decision_(memory_),
      lines_(memory_),
      quiet_waits_(memory_),
      together_(memory_) {}

Decision Decider::decide() {
  decision_.at = now_;
  prepare_lines();
  if (!event_.cancelled) {
    // Reasons are told of every rule; a decision looks only at those that the event can concern.
    if (program_.index != nullptr && recorder_ == nullptr) {
      run_candidates();
    } else {
      for (const CompiledRule& compiled : program_.run) run_rule(compiled);
    }
  }
  finish();
  return std::move(decision_);
}

// ---- before the rules --------------------------------------------------------------------------

void Decider::prepare_lines() {
  lines_.reserve(event_.lines.size());
  decision_.lines.reserve(event_.lines.size());
  for (const Record& line : event_.lines) {
    LineState& state = lines_.emplace_back(memory_);
    decision_.lines.emplace_back(memory_).id = line.text(Field::line_id);
    const Value* quantity = line.value(Field::line_quantity);
    state.open = quantity == nullptr ? Decimal(0) : quantity->number;
    if (event_.cancelled) {
      state.not_shippable = "the order is cancelled";
    } else if (is_true(line, Field::line_gift_card)) {
      state.not_shippable = "gift card";
    } else if (line.value(Field::line_requires_shipping) != nullptr &&
               !is_true(line, Field::line_requires_shipping)) {
      state.not_shippable = "needs no shipping";
    } else if (state.open <= Decimal(0)) {
      state.not_shippable = "nothing left to fulfil";
    }
    if (prior_ != nullptr) keep_parts(state, line);
  }
}

void Decider::keep_parts(LineState& state, const Record& line) {
  const auto& rules = program_.rules->rules;
  const std::string_view id = line.text(Field::line_id);
  const auto cover = [&](const Decimal& quantity) {
    state.open = state.open.minus(std::min(quantity, state.open)).value_or(Decimal(0));
  };
  // What has shipped stays, whatever has become of the order since; so it comes before what can
  // still be cut.
  for (const Prior::Part& prior : prior_->parts) {
    if (prior.line != id || !prior.shipped) continue;
    cover(prior.quantity.minus(prior.gone).value_or(prior.quantity));
  }
  for (const Prior::Part& prior : prior_->parts) {
    if (prior.line != id) continue;
    const bool stands = prior.shipped || (state.shippable() && state.open > Decimal(0));
    if (!stands) continue;
    Part& part = state.kept.emplace_back();
    part.number = prior.number;
    part.quantity = prior.shipped ? prior.quantity : std::min(prior.quantity, state.open);
    part.outcome = prior.outcome;
    part.shipped = prior.shipped;
    part.supplier = prior.supplier;
    part.reason = prior.reason;
    part.kept = true;
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const Rule& each) { return each.name == prior.rule; });
    if (rule != rules.end())
      part.because = static_cast<RuleIndex>(std::distance(rules.begin(), rule));
    if (!part.shipped) cover(part.quantity);
    if (!part.supplier.empty()) availability_.add_part(part.supplier);
  }
  if (state.shippable() && !state.kept.empty() && state.open.is_zero()) {
    state.claimed = true;
    state.claimed_by = state.kept.front().because;
  }
}

// ---- rules -------------------------------------------------------------------------------------

bool Decider::in_force(const CompiledRule& compiled) const {
  if (!compiled.limited) return true;
  const RuleDetails& only = *rule(compiled.rule).details;
  const auto& shops = only.shops;
  if (!shops.empty() &&
      std::find(shops.begin(), shops.end(), event_.order.text(Field::order_shop)) == shops.end()) {
    return false;
  }
  const Value* received = event_.order.value(Field::order_received_at);
  const Timestamp time = received == nullptr ? now_ : received->time;
  return (!only.from || time >= *only.from) && (!only.until || time < *only.until);
}

bool Decider::concerns(const CompiledRule& compiled, const LineState& state) const {
  return !state.stopped && (!compiled.otherwise || state.left_over());
}

Truth Decider::evaluate(const CompiledRule& compiled, std::uint32_t line) {
  const Truth truth =
      compiled.condition == kNone ? Truth::yes : evaluator_.truth(compiled.condition, line);
  if (recorder_ != nullptr) recorder_->saw(compiled, line, truth, evaluator_);
  return truth;
}

void Decider::run_rule(const CompiledRule& compiled) {
  const bool on_order = compiled.on_order;
  if (!in_force(compiled)) {
    if (recorder_ != nullptr) {
      recorder_->skipped(compiled.rule, kNoLine, kNoRule, "not in force for this order");
    }
    return;
  }
  if (on_order) {
    run_on_order(compiled);
  } else {
    for (std::uint32_t line = 0; line < lines_.size(); ++line) run_on_line(compiled, line);
  }
  settle_together(compiled);
}

void Decider::run_candidates() {
  std::pmr::vector<Candidate> candidates(memory_);
  if (!program_.index->candidates(frame_, candidates)) {
    for (const CompiledRule& compiled : program_.run) run_rule(compiled);
    return;
  }
  find_quiet_waits();
  for (std::size_t i = 0; i < candidates.size();) {
    const std::uint32_t place = candidates[i].place;
    wait_before(place);
    std::size_t end = i;
    while (end < candidates.size() && candidates[end].place == place) ++end;
    const CompiledRule& compiled = program_.run[place];
    if (candidates[end - 1].line == kEveryLine) {
      run_rule(compiled);
    } else if (in_force(compiled)) {
      for (; i < end; ++i) run_on_line(compiled, candidates[i].line);
      settle_together(compiled);
    }
    i = end;
  }
  wait_before(kNone);
}

void Decider::find_quiet_waits() {
  for (std::uint32_t line = 0; line < lines_.size(); ++line) {
    if (!frame_.product_unknown(line) || !lines_[line].shippable()) continue;
    QuietWait& wait =
        quiet_waits_.emplace_back(QuietWait{line, PlaceCursor(memory_), PlaceCursor(memory_)});
    program_.index->add_waits(frame_, line, wait.assigning, wait.others);
  }
}

/// Lets the quiet rules that run before `place` make lines wait for their products.
void Decider::wait_before(std::uint32_t place) {
  for (QuietWait& wait : quiet_waits_) {
    LineState& state = lines_[wait.line];
    while (true) {
      if (state.claimed) wait.assigning.clear();
      const std::uint32_t assigning = wait.assigning.next();
      const std::uint32_t other = wait.others.next();
      const std::uint32_t next = std::min(assigning, other);
      if (next >= place) break;
      PlaceCursor& cursor = assigning < other ? wait.assigning : wait.others;
      if (settle_wait(state, cursor, wait.line, next)) {
        wait.assigning.clear();
        wait.others.clear();
        break;
      }
    }
  }
}

/// Looks at one quiet rule; true if nothing that follows among them can matter for the line.
bool Decider::settle_wait(LineState& state, PlaceCursor& cursor, std::uint32_t line,
                          std::uint32_t place) {
  cursor.pass(place);
  const CompiledRule& compiled = program_.run[place];
  if (state.stopped) return true;
  if (!in_force(compiled) || !concerns(compiled, state)) return false;
  if (evaluate(compiled, line) != Truth::unknown || !would_wait(compiled, state)) return false;
  make_wait(compiled, line, line);
  return true;
}

void Decider::run_on_line(const CompiledRule& compiled, std::uint32_t line) {
  const LineState& state = lines_[line];
  if (!concerns(compiled, state)) {
    if (recorder_ != nullptr) {
      if (state.stopped) {
        recorder_->skipped(compiled.rule, line, state.stopped_by, "stopped");
      } else {
        recorder_->skipped(compiled.rule, line, state.claimed_by, "the line is taken care of");
      }
    }
    return;
  }
  const Truth truth = evaluate(compiled, line);
  if (compiled.shadow) {
    shadow_on_line(compiled, line, truth, line);
    return;
  }
  switch (truth) {
    case Truth::no:
      return;
    case Truth::yes:
      fire_on_line(compiled, line);
      return;
    case Truth::unknown:
      make_wait(compiled, line, line);
      return;
    case Truth::error:
      fail(compiled, line);
      return;
  }
}

void Decider::run_on_order(const CompiledRule& compiled) {
  const Rule& each = rule(compiled.rule);
  const bool nobody_left =
      compiled.otherwise && std::none_of(lines_.begin(), lines_.end(), [&](const LineState& state) {
        return concerns(compiled, state);
      });
  if (order_stopped_ || nobody_left) {
    if (recorder_ != nullptr) {
      recorder_->skipped(compiled.rule, kNoLine, order_stopped_by_,
                         order_stopped_ ? "stopped" : "every line is taken care of");
    }
    return;
  }
  const Truth truth = evaluate(compiled, kNoLine);
  if (compiled.shadow) {
    shadow_on_order(compiled, truth);
    return;
  }
  if (truth == Truth::no) return;
  if (truth == Truth::error) {
    fail(compiled, kNoLine);
    return;
  }
  if (truth == Truth::yes) {
    for (std::uint32_t index = 0; index < each.actions.size(); ++index) {
      const Action& action = each.actions[index];
      if (const auto* grant_action = std::get_if<GrantAction>(&action.what)) {
        if (grant_action->to && grant_action->on_shop) {
          grant(compiled.rule, index, *grant_action, kNoLine);
        }
      }
    }
    fire_on_order(compiled, kNoLine);
  }
  // What the rule does to lines it does to those that it concerns at its place, not to what it has
  // made of them itself.
  std::pmr::vector<std::uint32_t> concerned(memory_);
  for (std::uint32_t line = 0; line < lines_.size(); ++line) {
    if (concerns(compiled, lines_[line])) concerned.push_back(line);
  }
  for (const std::uint32_t line : concerned) {
    if (truth == Truth::yes) {
      fire_on_line(compiled, line);
    } else {
      make_wait(compiled, kNoLine, line);
    }
  }
  const bool stops =
      std::any_of(each.actions.begin(), each.actions.end(),
                  [](const Action& action) { return action.kind() == ActionKind::stop; });
  if (truth == Truth::yes && stops) {
    order_stopped_ = true;
    order_stopped_by_ = compiled.rule;
    for (LineState& state : lines_) {
      if (state.stopped) continue;
      state.stopped = true;
      state.stopped_by = compiled.rule;
    }
  }
}

// ---- actions -----------------------------------------------------------------------------------

/// What is done once for the order, or in a rule on line for each line that it fires for.
void Decider::fire_on_order(const CompiledRule& compiled, std::uint32_t line) {
  for (const Action& action : rule(compiled.rule).actions) {
    switch (action.kind()) {
      case ActionKind::tag:
        decision_.tags.push_back(render(std::get<TagAction>(action.what).tag, line));
        break;
      case ActionKind::note:
        add_note(compiled.rule, render(std::get<NoteAction>(action.what).text, line));
        break;
      case ActionKind::set:
        set_field(compiled.rule, std::get<SetAction>(action.what), line);
        break;
      case ActionKind::notify: {
        const auto& notify = std::get<NotifyAction>(action.what);
        add_notice(compiled.rule, notify.endpoint, render(notify.text, line));
        break;
      }
      case ActionKind::silence:
        decision_.silent = true;
        break;
      case ActionKind::assign:
      case ActionKind::hold:
      case ActionKind::grant:
      case ActionKind::stop:
        break;  // these are done to lines
      case ActionKind::allow:
      case ActionKind::forbid:
      case ActionKind::approve:
      case ActionKind::deny:
      case ActionKind::review:
      case ActionKind::at_most:
      case ActionKind::require:
      case ActionKind::hand:
        break;  // these are of other scopes
    }
  }
}

void Decider::fire_on_line(const CompiledRule& compiled, std::uint32_t line) {
  const Rule& each = rule(compiled.rule);
  const bool on_line = each.scope == Scope::line;
  for (std::uint32_t index = 0; index < each.actions.size(); ++index) {
    const Action& action = each.actions[index];
    switch (action.kind()) {
      case ActionKind::assign:
        assign(compiled, std::get<AssignAction>(action.what), line);
        break;
      case ActionKind::hold:
        hold(compiled.rule, std::get<HoldAction>(action.what), line);
        break;
      case ActionKind::grant: {
        const auto& grant_action = std::get<GrantAction>(action.what);
        // Those for an order rule's whole shop were made once, with the order.
        if (grant_action.to && (on_line || !grant_action.on_shop)) {
          grant(compiled.rule, index, grant_action, line);
        }
        break;
      }
      case ActionKind::stop:
        if (on_line) {
          lines_[line].stopped = true;
          lines_[line].stopped_by = compiled.rule;
        }
        break;
      case ActionKind::tag:
      case ActionKind::note:
      case ActionKind::set:
      case ActionKind::notify:
      case ActionKind::silence:
        break;  // these are done to the order
      case ActionKind::allow:
      case ActionKind::forbid:
      case ActionKind::approve:
      case ActionKind::deny:
      case ActionKind::review:
      case ActionKind::at_most:
      case ActionKind::require:
      case ActionKind::hand:
        break;  // these are of other scopes
    }
  }
  if (on_line) fire_on_order(compiled, line);
}

void Decider::assign(const CompiledRule& compiled, const AssignAction& action, std::uint32_t line) {
  LineState& state = lines_[line];
  if (!state.shippable()) return;
  if (state.claimed) {
    const bool own_part = state.open.is_zero() &&
                          std::any_of(state.kept.begin(), state.kept.end(), [&](const Part& part) {
                            return part.because == compiled.rule;
                          });
    if (own_part) return;
    decision_.lines[line].superseded.push_back({compiled.rule, state.claimed_by});
    if (recorder_ != nullptr) recorder_->superseded(compiled.rule, line, state.claimed_by);
    if (program_.rules->overlaps_hold) check_overlap(compiled, action, line);
    return;
  }
  if (state.waiting) return;  // claims do not stand while an earlier rule waits
  if (action.keep_together) {
    together_.push_back({line, state.open});
  } else {
    claim(compiled.rule, line,
          choose_suppliers(choosing(rule(compiled.rule), action), line, state.open));
  }
}

Choosing Decider::choosing(const Rule& rule, const AssignAction& action) const {
  return {*program_.rules, rule, action, event_, availability_, memory_};
}

void Decider::claim(RuleIndex index, std::uint32_t line, Assigned chosen) {
  LineState& state = lines_[line];
  if (chosen.shares.empty()) return;  // nobody can, and later rules may try
  for (Share& share : chosen.shares) {
    if (!share.supplier.empty()) {
      availability_.take(share.supplier, line, share.quantity);
    } else if (state.held) {
      share.reason = {};  // an earlier rule holds the line already, and says why
    }
  }
  for (const std::string_view reason : chosen.passed_over) {
    decision_.lines[line].passed_over.push_back({index, reason});
  }
  state.claimed = true;
  state.claimed_by = index;
  state.assigned = std::move(chosen);
}

void Decider::settle_together(const CompiledRule& compiled) {
  if (together_.empty()) return;
  for (const Action& each : rule(compiled.rule).actions) {
    const auto* action = std::get_if<AssignAction>(&each.what);
    if (action == nullptr) continue;
    if (compiled.shadow) {
      shadow_together(compiled.rule, *action);
      continue;
    }
    auto chosen = choose_together(choosing(rule(compiled.rule), *action), together_);
    for (std::size_t i = 0; i < together_.size(); ++i) {
      claim(compiled.rule, together_[i].line, std::move(chosen[i]));
    }
  }
  together_.clear();
}

void Decider::check_overlap(const CompiledRule& compiled, const AssignAction& action,
                            std::uint32_t line) {
  LineState& state = lines_[line];
  if (state.open.is_zero()) return;  // parts that stand keep what they have
  const auto suppliers = [&](const Assigned& assigned) {
    std::pmr::vector<std::string_view> found(memory_);
    for (const Share& share : assigned.shares) {
      if (!share.supplier.empty()) found.push_back(share.supplier);
    }
    std::sort(found.begin(), found.end());
    return found;
  };
  const auto first = suppliers(state.assigned);
  // As if the rule had claimed the line itself: what the first claim took is there for it.
  Availability instead = availability_;
  for (const Share& share : state.assigned.shares) {
    if (!share.supplier.empty()) instead.put_back(share.supplier, line, share.quantity);
  }
  const Choosing second_choosing{*program_.rules, rule(compiled.rule), action, event_, instead,
                                 memory_};
  const auto second = suppliers(choose_suppliers(second_choosing, line, state.open));
  if (first.empty() || second.empty() || first == second) return;
  hold_line(line, {compiled.rule,
                   join_text({"rules ", rule(state.claimed_by).name, " and ",
                              rule(compiled.rule).name, " claim it for different suppliers"},
                             memory_),
                   std::nullopt});
}

void Decider::hold(RuleIndex index, const HoldAction& action, std::uint32_t line) {
  if (!lines_[line].shippable()) return;
  Timestamp first_fired = now_;
  if (prior_ != nullptr) {
    const std::string_view id = event_.lines[line].text(Field::line_id);
    for (const Prior::Hold& prior : prior_->holds) {
      if (prior.line != id || prior.rule != rule(index).name) continue;
      if (prior.ended) return;
      first_fired = prior.first_fired;
    }
  }
  std::optional<Timestamp> until;
  if (action.seconds) until = after(first_fired, *action.seconds);
  if (until && *until <= now_) return;  // its time is up: it holds once
  const std::string_view reason =
      render(action.reason, rule(index).scope == Scope::line ? line : kNoLine);
  auto& holds = decision_.lines[line].holds;
  const bool known = std::any_of(holds.begin(), holds.end(),
                                 [&](const HoldMade& each) { return each.rule == index; });
  if (!known) holds.push_back({index, reason, first_fired, until});
  hold_line(line, {index, reason, until});
}

void Decider::hold_line(std::uint32_t line, Held held) {
  LineState& state = lines_[line];
  if (!state.shippable() || state.held) return;
  state.held = true;
  state.hold = held;
}

void Decider::grant(RuleIndex index, std::uint32_t action, const GrantAction& grant_action,
                    std::uint32_t line, std::string_view supplier, std::uint32_t part) {
  if (!grant_action.on_shop && line != kNoLine && !lines_[line].shippable()) return;
  GrantMade made;
  made.rule = index;
  made.action = action;
  made.account = account_of(grant_action, supplier);
  made.grant = &grant_action;
  made.on_shop = grant_action.on_shop;
  made.line = grant_action.on_shop ? 0 : line;
  made.part = grant_action.on_shop ? 0 : part;
  made.until = grant_action.term.seconds ? std::optional(after(now_, *grant_action.term.seconds))
                                         : grant_action.term.until;
  const bool known =
      std::any_of(decision_.grants.begin(), decision_.grants.end(), [&](const GrantMade& each) {
        return each.rule == made.rule && each.action == made.action && each.on_shop &&
               made.on_shop && each.account == made.account;
      });
  if (!known) decision_.grants.push_back(made);
}

std::string_view Decider::account_of(const GrantAction& action, std::string_view supplier) const {
  if (action.to) return join_text({action.to->kind, ":", action.to->id}, memory_);
  return join_text({"supplier:", supplier}, memory_);
}

void Decider::set_field(RuleIndex index, const SetAction& action, std::uint32_t line) {
  const bool taken = std::any_of(decision_.fields.begin(), decision_.fields.end(),
                                 [&](const FieldSet& each) { return each.field == action.field; });
  if (taken) return;
  std::string_view cause;
  auto value = value_to_set(action, line, cause);
  if (!cause.empty()) {
    decision_.failures.push_back(
        {index, line == kNoLine ? std::nullopt : std::optional(line), cause});
  }
  if (value) decision_.fields.push_back({action.field, index, std::move(*value)});
}

std::optional<Value> Decider::value_to_set(const SetAction& action, std::uint32_t line,
                                           std::string_view& cause) {
  Value value;
  if (const auto* text = std::get_if<TextTemplate>(&action.value)) {
    value = Value::of_text(render(*text, line));
  } else {
    const Operand operand = evaluator_.operand(program_.value_nodes.at(&action), line);
    if (operand.state == State::error) cause = copy(operand.cause);
    if (operand.state != State::present || operand.low != operand.high) return std::nullopt;
    value = evaluator_.value_of(operand);
  }
  value.type = program_.rules->fields[action.field].type;
  return value;
}

void Decider::add_note(RuleIndex index, std::string_view text) {
  const bool known =
      std::any_of(decision_.notes.begin(), decision_.notes.end(),
                  [&](const Noted& each) { return each.rule == index && each.text == text; });
  if (!known) decision_.notes.push_back({index, text});
}

void Decider::add_notice(RuleIndex index, std::string_view endpoint, std::string_view text) {
  const bool known =
      std::any_of(decision_.notices.begin(), decision_.notices.end(), [&](const Noticed& each) {
        return each.rule == index && each.endpoint == endpoint && each.text == text;
      });
  if (!known) decision_.notices.push_back({index, endpoint, text});
}

// ---- conditions that are unknown or fail
// -----------------------------------------------------------

bool Decider::would_wait(const CompiledRule& compiled, const LineState& state) const {
  // Parts that stand keep what they have; a claim by an earlier rule does not wait for later ones
  // that would only assign.
  const bool stands = !state.kept.empty() && state.open.is_zero();
  const bool matters = compiled.stops_or_holds || (compiled.assigns && !state.claimed);
  return state.shippable() && !stands && matters;
}

void Decider::make_wait(const CompiledRule& compiled, std::uint32_t condition_line,
                        std::uint32_t line) {
  LineState& state = lines_[line];
  if (!would_wait(compiled, state)) return;
  if (!state.waiting) {
    state.waiting = true;
    state.waits_because = compiled.rule;
  }
  evaluator_.collect_unknown(compiled.condition, condition_line, state.waits_for);
}

void Decider::fail(const CompiledRule& compiled, std::uint32_t line) {
  const std::string_view cause = copy(evaluator_.cause());
  decision_.failures.push_back(
      {compiled.rule, line == kNoLine ? std::nullopt : std::optional(line), cause});
  if (line != kNoLine) {
    fail_line(compiled, line, cause);
    return;
  }
  for (std::uint32_t each = 0; each < lines_.size(); ++each) {
    if (concerns(compiled, lines_[each])) fail_line(compiled, each, cause);
  }
}

void Decider::fail_line(const CompiledRule& compiled, std::uint32_t line, std::string_view cause) {
  if (!compiled.assigns && !compiled.stops_or_holds) return;
  const std::string_view reason =
      join_text({"rule ", rule(compiled.rule).name, " failed: ", cause}, memory_);
  hold_line(line, {compiled.rule, reason, std::nullopt});
}

// ---- texts -------------------------------------------------------------------------------------

std::string_view Decider::render(const TextTemplate& text, std::uint32_t line) {
  std::pmr::string out(memory_);
  for (const auto& piece : text.pieces) {
    if (const auto* literal = std::get_if<std::string_view>(&piece)) {
      out += *literal;
      continue;
    }
    const auto& read = std::get<FieldRead>(piece);
    const Row row = row_for(read.field);
    if (row == Row::line && line == kNoLine) continue;
    const std::uint32_t number = program_.find_slot(read.field, read.key, row);
    const Slot& slot =
        row == Row::line ? frame_.line_slot(line, number) : frame_.order_slot(number);
    if (slot.state == Known::unknown) out += "?";
    bool first = true;
    for (const Cell& cell : frame_.cells(slot)) {
      if (!first) out += ", ";
      first = false;
      out += to_text(*cell.value);
    }
  }
  return copy(out);
}

std::string_view Decider::joined(const std::pmr::vector<std::string_view>& names) const {
  std::pmr::string out(memory_);
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return copy(out);
}

}  // namespace consign
