// Parts that are asked about more than once for an event are marked, so that what they came to is
// kept.
//
// Only those that take longer than looking it up: comparing a field with a literal does not. What
// asks about the order or about all its lines is asked once for each line by a rule on lines, and
// so counts as asked about more than once.

#include <algorithm>

#include "engine/program.hpp"

namespace consign {

namespace {

/// An `and` or `or` of so many parts takes longer than looking it up.
constexpr std::uint32_t kManyParts = 4;

bool asks_all_lines(const Node& node) {
  return node.kind == NodeKind::any_line || node.kind == NodeKind::every_line ||
         node.kind == NodeKind::no_line || node.kind == NodeKind::count_lines ||
         node.kind == NodeKind::sum_lines;
}

bool takes_long(const Node& node) {
  if (node.kind == NodeKind::text_test) {
    return node.op() != Operator::starts_with && node.op() != Operator::ends_with;
  }
  return node.kind == NodeKind::call || node.kind == NodeKind::lookup ||
         node.kind == NodeKind::arithmetic;
}

bool has_many_parts(const Node& node) {
  return (node.kind == NodeKind::conjunction || node.kind == NodeKind::disjunction) &&
         node.b >= kManyParts;
}

class Sharing {
 public:
  Sharing(Program& program, std::uint32_t first)
      : program_(program),
        first_(first),
        uses_(program.nodes.size() - first),
        on_line_(program.nodes.size() - first) {}

  void mark() {
    const auto count = static_cast<std::uint32_t>(program_.nodes.size());
    // Parts stand before what they are parts of.
    for (std::uint32_t number = first_; number < count; ++number) look_at(number);
    for (const CompiledRule& rule : program_.run) use(rule.condition);
    for (const auto& [action, number] : program_.value_nodes) use(number);
    for (std::uint32_t number = first_; number < count; ++number) {
      if (is_worth_keeping(number)) keep(number);
    }
  }

 private:
  bool use(std::uint32_t number) {
    if (number == kNone || number < first_) return false;
    if (uses_[number - first_] < 2) ++uses_[number - first_];
    return on_line_[number - first_];
  }

  /// Notes the uses of the node's parts, and whether what it comes to hangs on the line.
  void look_at(std::uint32_t number) {
    const Node& node = program_.nodes[number];
    bool on_line = false;
    switch (node.kind) {
      case NodeKind::conjunction:
      case NodeKind::disjunction:
        for (const std::uint32_t part : program_.parts(node)) on_line |= use(part);
        break;
      case NodeKind::any_line:
      case NodeKind::every_line:
      case NodeKind::no_line:
      case NodeKind::count_lines:
      case NodeKind::sum_lines:
        use(node.a);
        use(node.b);
        break;
      case NodeKind::constant:
        break;
      case NodeKind::slot:
        on_line = node.row() == Row::line;
        break;
      case NodeKind::negation:
      case NodeKind::negate:
      case NodeKind::call:
      case NodeKind::lookup:
        on_line = use(node.a);
        break;
      case NodeKind::arithmetic:
        on_line = use(node.a);
        on_line |= use(node.b);
        break;
      case NodeKind::equal:
      case NodeKind::order:
      case NodeKind::between:
      case NodeKind::member:
      case NodeKind::text_test:
      case NodeKind::presence:
      case NodeKind::truth:
        on_line = node.reads_slot() ? node.row() == Row::line : use(node.a);
        if (node.with_literal()) break;
        if (node.kind == NodeKind::between) {
          for (const std::uint32_t bound : program_.bounds(node)) on_line |= use(bound);
        } else if (node.kind == NodeKind::equal || node.kind == NodeKind::order) {
          on_line |= use(node.b);
        }
        break;
      case NodeKind::kept:
        break;
    }
    on_line_[number - first_] = on_line;
  }

  bool is_worth_keeping(std::uint32_t number) const {
    const Node& node = program_.nodes[number];
    if (asks_all_lines(node)) return true;
    const bool often = uses_[number - first_] > 1;
    if (takes_long(node)) return often || !on_line_[number - first_];
    return often && has_many_parts(node);
  }

  /// The node moves to the end; what stood for it leads there.
  void keep(std::uint32_t number) {
    Node kept{NodeKind::kept, program_.nodes[number].type};
    kept.a = static_cast<std::uint32_t>(program_.nodes.size());
    if (on_line_[number - first_]) kept.flags = Node::kOnLine;
    program_.nodes.push_back(program_.nodes[number]);
    program_.nodes[number] = kept;
  }

  Program& program_;
  const std::uint32_t first_;
  std::vector<std::uint8_t> uses_;  ///< of each node from the first on: none, one, more
  std::vector<bool> on_line_;
};

}  // namespace

void mark_kept(Program& program, std::uint32_t first) {
  const auto nodes = std::span<const Node>(program.nodes).subspan(first);
  const bool any = std::ranges::any_of(nodes, [](const Node& node) {
    return asks_all_lines(node) || takes_long(node) || has_many_parts(node);
  });
  if (any) Sharing(program, first).mark();
}

}  // namespace consign
