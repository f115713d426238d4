#include "engine/selectivity.hpp"

#include <algorithm>

namespace consign {

Selectivity::Selectivity(const Program& program, std::span<const CompiledRule> rules)
    : order_(program.order_slots.size() * 2), line_(program.line_slots.size() * 2) {
  for (const CompiledRule& rule : rules) {
    if (rule.condition != kNone) count(program, rule.condition);
  }
}

void Selectivity::count(const Program& program, std::uint32_t condition) {
  const Node& node = program.node(condition);
  switch (node.kind) {
    case NodeKind::conjunction:
    case NodeKind::disjunction:
      for (const std::uint32_t part : program.parts(node)) count(program, part);
      return;
    case NodeKind::negation:
    case NodeKind::any_line:
    case NodeKind::every_line:
    case NodeKind::no_line:
      count(program, node.a);
      return;
    default:
      break;
  }
  const Term term = read_term(program, condition, false);
  if (term.kind == Term::Kind::counted) return count(program, term.filter);
  if (term.kind != Term::Kind::texts && term.kind != Term::Kind::none_of) return;
  Asked& asked = (term.row == Row::line ? line_ : order_)[number_of(term.slot, term.mode)];
  for (const std::uint32_t text : term.texts.all()) {
    if (text >= asked.times.size()) {
      asked.times.resize(std::max<std::size_t>(text + 1, asked.times.size() * 2));
    }
    ++asked.times[text];
    ++asked.total;
  }
}

double Selectivity::share_of(Row row, std::uint32_t slot, TextMode mode,
                             const TextIds& texts) const {
  const Asked& asked = (row == Row::line ? line_ : order_)[number_of(slot, mode)];
  double times = 0;
  for (const std::uint32_t text : texts.all()) {
    // Those in the filter of a negated count were not counted.
    times += text < asked.times.size() ? std::max(asked.times[text], 1u) : 1;
  }
  return times / asked.total;
}

}  // namespace consign
