// What makes a condition unknown or false: facts to wait for, the first part that failed, what it
// saw.

#include <algorithm>

#include "engine/evaluator.hpp"

namespace consign {

void Evaluator::collect_unknown(std::uint32_t index, std::uint32_t line,
                                std::pmr::vector<std::string_view>& names) {
  if (truth(index, line) != Truth::unknown) return;
  const Node& node = at(index);
  switch (node.kind) {
    case NodeKind::conjunction:
    case NodeKind::disjunction:
      for (const std::uint32_t part : program_.parts(node)) collect_unknown(part, line, names);
      return;
    case NodeKind::negation:
      collect_unknown(node.a, line, names);
      return;
    case NodeKind::any_line:
    case NodeKind::every_line:
    case NodeKind::no_line:
      for (std::uint32_t each = 0; each < frame_.line_count(); ++each) {
        collect_unknown(node.a, each, names);
      }
      return;
    default:
      break;
  }
  if (node.kind == NodeKind::between && !node.with_literal()) {
    collect_between(node, line, names);
    return;
  }
  collect_left(node, line, names);
  if (node.with_literal()) return;
  if (node.kind == NodeKind::equal || node.kind == NodeKind::order) {
    collect_operand(node.b, line, names);
  }
}

/// A `between` is two comparisons, of which one may be settled.
void Evaluator::collect_between(const Node& node, std::uint32_t line,
                                std::pmr::vector<std::string_view>& names) {
  Operand left;
  left.type = node.type;
  if (!node.reads_slot()) {
    left = operand(node.a, line);
  } else if (const Slot& values = slot(node, line); values.state == Known::unknown) {
    left.state = State::unknown;
  } else {
    const Cell& cell = frame_.cells(values).front();
    left = of_value(*cell.value, cell.text);
  }
  const auto [low, high] = program_.bounds(node);
  for (const bool upper : {false, true}) {
    if (against_bound(node, left, upper, line) != Truth::unknown) continue;
    collect_left(node, line, names);
    collect_operand(upper ? high : low, line, names);
  }
}

void Evaluator::collect_left(const Node& node, std::uint32_t line,
                             std::pmr::vector<std::string_view>& names) {
  if (node.reads_slot()) {
    collect_slot(node, line, names);
  } else {
    collect_operand(node.a, line, names);
  }
}

void Evaluator::collect_slot(const Node& node, std::uint32_t line,
                             std::pmr::vector<std::string_view>& names) {
  // Of all facts only products can be unknown.
  if (slot(node, line).state == Known::unknown) names.push_back(frame_.product_name(line));
}

void Evaluator::collect_operand(std::uint32_t index, std::uint32_t line,
                                std::pmr::vector<std::string_view>& names) {
  const Node& node = at(index);
  // A sum or product may be settled although parts of it are not.
  const bool settled = [&] {
    if (node.kind == NodeKind::constant || node.kind == NodeKind::slot) return false;
    const Operand value = operand(index, line);
    return value.state != State::unknown && !value.is_open();
  }();
  if (settled) return;
  switch (node.kind) {
    case NodeKind::constant:
      return;
    case NodeKind::slot:
      collect_slot(node, line, names);
      return;
    case NodeKind::count_lines:
    case NodeKind::sum_lines:
      for (std::uint32_t each = 0; each < frame_.line_count(); ++each) {
        const Truth wanted = node.b == kNone ? Truth::yes : truth(node.b, each);
        if (wanted == Truth::no) continue;
        if (node.kind == NodeKind::sum_lines) {
          // Where there is nothing to add, it does not matter whether the line counts.
          if (operand(node.a, each).state == State::missing) continue;
          collect_operand(node.a, each, names);
        }
        if (wanted == Truth::unknown) collect_unknown(node.b, each, names);
      }
      return;
    case NodeKind::arithmetic:
      collect_operand(node.a, line, names);
      collect_operand(node.b, line, names);
      return;
    case NodeKind::negate:
    case NodeKind::call:
    case NodeKind::lookup:
      collect_operand(node.a, line, names);
      return;
    default:
      collect_unknown(index, line, names);
  }
}

Evaluator::FailedPart Evaluator::first_failed(std::uint32_t index, std::uint32_t line) {
  const Node& node = at(index);
  switch (node.kind) {
    case NodeKind::conjunction:
      for (const std::uint32_t part : program_.parts(node)) {
        if (truth(part, line) == Truth::no) return first_failed(part, line);
      }
      break;
    case NodeKind::disjunction:
      return first_failed(program_.parts(node).front(), line);
    case NodeKind::every_line:
      for (std::uint32_t each = 0; each < frame_.line_count(); ++each) {
        if (truth(node.a, each) == Truth::no) return first_failed(node.a, each);
      }
      break;
    default:
      break;
  }
  return {index, line};
}

std::string Evaluator::saw_slot(const Node& node, std::uint32_t line) const {
  const Slot& values = slot(node, line);
  if (values.state != Known::known) {
    return values.state == Known::missing ? "missing" : "unknown";
  }
  std::string text;
  for (const Cell& cell : frame_.cells(values)) {
    if (!text.empty()) text += ", ";
    text += to_literal(*cell.value);
  }
  return text;
}

std::string Evaluator::saw(const FailedPart& part) {
  std::uint32_t index = part.node;
  const std::uint32_t line = part.line;
  // Down to the first value that the part reads.
  while (at(index).kind < NodeKind::constant) {
    const Node& node = at(index);
    if (node.reads_slot()) return saw_slot(node, line);
    if (node.kind == NodeKind::any_line || node.kind == NodeKind::no_line ||
        node.kind == NodeKind::every_line) {
      const std::size_t lines = frame_.line_count();
      return std::to_string(lines) + (lines == 1 ? " line" : " lines");
    }
    const bool junction = node.kind == NodeKind::conjunction || node.kind == NodeKind::disjunction;
    index = junction ? program_.parts(node).front() : node.a;
  }
  if (at(index).kind == NodeKind::slot) return saw_slot(at(index), line);
  const Operand value = operand(index, line);
  switch (value.state) {
    case State::missing:
      return "missing";
    case State::unknown:
      return "unknown";
    case State::error:
      return std::string(value.cause);
    case State::present:
      break;
  }
  Value shown = value_of(value);
  std::string text = to_literal(shown);
  if (value.low != value.high) {
    shown.number = value.high;
    text += " to " + to_literal(shown);
  }
  return text;
}

}  // namespace consign
