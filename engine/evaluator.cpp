// Conditions over a frame.

#include "engine/evaluator.hpp"

#include <algorithm>
#include <cstring>

#include "consign/text.hpp"

namespace consign {

namespace {

Truth negate(Truth truth) {
  switch (truth) {
    case Truth::no:
      return Truth::yes;
    case Truth::yes:
      return Truth::no;
    default:
      return truth;
  }
}

Truth as_truth(bool truth) { return truth ? Truth::yes : Truth::no; }

template <class Place>
Truth compare(Operator op, const Place& a, const Place& b) {
  switch (op) {
    case Operator::equal:
      return as_truth(a == b);
    case Operator::less:
      return as_truth(a < b);
    case Operator::less_equal:
      return as_truth(a <= b);
    case Operator::greater:
      return as_truth(a > b);
    default:
      return as_truth(a >= b);
  }
}

/// How a `between` compares with its bounds.
Operator above_low(const Node& between) {
  return between.has(Node::kAboveLow) ? Operator::greater : Operator::greater_equal;
}
Operator below_high(const Node& between) {
  return between.has(Node::kBelowHigh) ? Operator::less : Operator::less_equal;
}

/// Takes the truths of parts in the order written and says what the whole comes to. For `or` the
/// part that decides is yes, for `and` no.
class Combiner {
 public:
  explicit Combiner(bool conjunction) : deciding_(conjunction ? Truth::no : Truth::yes) {}

  /// True if nothing that follows can matter.
  bool add(Truth part, std::string_view cause) {
    if (part == deciding_) {
      decided_ = true;
    } else if (part == Truth::error) {
      if (!error_) cause_ = cause;
      error_ = true;
    } else if (part == Truth::unknown) {
      unknown_ = true;
    }
    return decided_;
  }
  Truth result() const {
    if (decided_) return deciding_;
    if (error_) return Truth::error;
    if (unknown_) return Truth::unknown;
    return negate(deciding_);
  }
  std::string_view cause() const { return cause_; }

 private:
  Truth deciding_;
  bool decided_ = false, error_ = false, unknown_ = false;
  std::string_view cause_;
};

}  // namespace

std::string_view copy_text(std::string_view text, std::pmr::memory_resource* memory) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(memory->allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::string_view join_text(std::initializer_list<std::string_view> pieces,
                           std::pmr::memory_resource* memory) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size == 0) return {};
  auto* joined = static_cast<char*>(memory->allocate(size, 1));
  char* end = joined;
  for (const std::string_view piece : pieces) end = std::copy(piece.begin(), piece.end(), end);
  return {joined, size};
}

// ---- conditions
// ------------------------------------------------------------------------------------

Truth Evaluator::truth(std::uint32_t index, std::uint32_t line) {
  const Node& node = program_.nodes[index];
  switch (node.kind) {
    case NodeKind::conjunction:
      return junction(node, line, true);
    case NodeKind::disjunction:
      return junction(node, line, false);
    case NodeKind::negation:
      return negate(truth(node.a, line));
    case NodeKind::any_line:
      return over_lines(node, false);
    case NodeKind::every_line:
      return over_lines(node, true);
    case NodeKind::no_line:
      return negate(over_lines(node, false));
    case NodeKind::constant:
      return as_truth(node.a != 0);
    case NodeKind::kept:
      return kept_truth(node, line);
    default: {
      const Truth held = positive(node, line);
      return node.negated() ? negate(held) : held;
    }
  }
}

/// An error is not kept: it comes with its cause.
Truth Evaluator::kept_truth(const Node& node, std::uint32_t line) {
  const std::uint32_t key_line = node.row() == Row::line ? line : kNoLine;
  if (const std::uint64_t* known = memo_.find(node.a, key_line)) return static_cast<Truth>(*known);
  const Truth found = truth(node.a, line);
  if (found != Truth::error) memo_.put(node.a, key_line, static_cast<std::uint64_t>(found));
  return found;
}

Truth Evaluator::junction(const Node& node, std::uint32_t line, bool conjunction) {
  Combiner combiner(conjunction);
  for (const std::uint32_t part : program_.parts(node)) {
    if (combiner.add(truth(part, line), cause_)) break;
  }
  cause_ = combiner.cause();
  return combiner.result();
}

Truth Evaluator::over_lines(const Node& node, bool conjunction) {
  Combiner combiner(conjunction);
  for (std::uint32_t line = 0; line < frame_.line_count(); ++line) {
    if (combiner.add(truth(node.a, line), cause_)) break;
  }
  cause_ = combiner.cause();
  return combiner.result();
}

Truth Evaluator::without_value(State state, std::string_view cause) {
  switch (state) {
    case State::error:
      return fail(cause);
    case State::unknown:
      return Truth::unknown;
    default:
      return Truth::no;
  }
}

template <class Compare>
Truth Evaluator::with_right(const Node& node, const Operand& left, std::uint32_t right_number,
                            std::uint32_t line, Compare compare) {
  const Operand right = node.with_literal() ? of_literal({node.type, right_number}, node.mode())
                                            : operand(right_number, line);
  const State state = weaker(left.state, right.state);
  if (state == State::present) return compare(right);
  return without_value(state, left.state == State::error ? left.cause : right.cause);
}

template <class Test>
Truth Evaluator::if_present(const Operand& left, Test test) {
  return left.state == State::present ? test() : without_value(left.state, left.cause);
}

template <class Test>
Truth Evaluator::any_value(const Node& node, std::uint32_t line, Test test) {
  if (!node.reads_slot()) {
    const Operand value = operand(node.a, line);
    return value.state == State::missing ? Truth::no : test(value);
  }
  const Slot& values = slot(node, line);
  if (values.state == Known::missing) return Truth::no;
  if (values.state == Known::unknown) {
    Operand unknown;
    unknown.type = node.type;
    unknown.state = State::unknown;
    return test(unknown);
  }
  Combiner combiner(false);
  for (const Cell& cell : frame_.cells(values)) {
    if (combiner.add(test(of_value(*cell.value, cell.text)), cause_)) break;
  }
  cause_ = combiner.cause();
  return combiner.result();
}

std::optional<Truth> Evaluator::slot_with_literal(const Node& node, std::uint32_t line) {
  if (!node.reads_slot()) return std::nullopt;
  const bool texts = is_text(node.type);
  if (!texts && !is_quantity(node.type)) return std::nullopt;
  const Slot& values = slot(node, line);
  if (values.state != Known::known) {
    return values.state == Known::missing ? Truth::no : Truth::unknown;
  }
  const auto cells = frame_.cells(values);
  if (texts) {
    const TextMode mode = node.mode();
    if (node.kind == NodeKind::member) {
      const auto members = program_.members_of(node);
      return as_truth(std::ranges::any_of(cells, [&](const Cell& cell) {
        return std::ranges::binary_search(members, cell.text.id(mode));
      }));
    }
    return as_truth(
        std::ranges::any_of(cells, [&](const Cell& cell) { return cell.text.id(mode) == node.b; }));
  }
  if (cells.size() != 1 || node.kind == NodeKind::member) return std::nullopt;
  const Value& value = *cells.front().value;
  const auto limit = [&](std::uint32_t literal, Operator op) -> std::optional<Truth> {
    if (node.type == Type::money && value.currency != program_.currency({node.type, literal})) {
      return std::nullopt;
    }
    return compare(op, value.number, program_.decimal(literal));
  };
  if (node.kind != NodeKind::between) return limit(node.b, node.op());
  const auto [low, high] = program_.bounds(node);
  const auto above = limit(low, above_low(node));
  const auto below = limit(high, below_high(node));
  if (!above || !below) return std::nullopt;
  return as_truth(*above == Truth::yes && *below == Truth::yes);
}

Truth Evaluator::positive(const Node& node, std::uint32_t line) {
  if (node.with_literal()) {
    if (const auto quick = slot_with_literal(node, line)) return *quick;
  }
  switch (node.kind) {
    case NodeKind::equal:
      return any_value(node, line, [&](const Operand& left) {
        return with_right(node, left, node.b, line,
                          [&](const Operand& right) { return same(left, right, node.mode()); });
      });
    case NodeKind::order:
      return any_value(node, line, [&](const Operand& left) {
        return with_right(node, left, node.b, line,
                          [&](const Operand& right) { return ordered(node.op(), left, right); });
      });
    case NodeKind::between:
      return any_value(node, line, [&](const Operand& left) { return between(node, left, line); });
    case NodeKind::member:
      return any_value(node, line, [&](const Operand& left) {
        return if_present(left, [&] { return member(node, left); });
      });
    case NodeKind::text_test:
      return any_value(node, line, [&](const Operand& left) {
        return if_present(left, [&] { return text_test(node, left); });
      });
    case NodeKind::presence:
      return presence(node, line);
    case NodeKind::truth:
      return any_value(node, line, [&](const Operand& value) {
        return if_present(value, [&] { return as_truth(value.truth); });
      });
    default:
      return fail("not a condition");
  }
}

Truth Evaluator::same(const Operand& left, const Operand& right, TextMode mode) {
  switch (left.type) {
    case Type::text:
    case Type::code:
    case Type::enumeration:
    case Type::permission: {
      const std::uint32_t a = left.text.id(mode), b = right.text.id(mode);
      // Numbers settle it unless neither side is known to the program's literals.
      if (a != kNone || b != kNone) return as_truth(a == b);
      return as_truth(left.text.view(mode) == right.text.view(mode));
    }
    case Type::number:
    case Type::money:
    case Type::weight:
    case Type::duration: {
      Operand other = right;
      if (!same_currency(left, other)) return Truth::error;
      if (left.low == left.high && other.low == other.high) return as_truth(left.low == other.low);
      if (left.high < other.low || other.high < left.low) return Truth::no;
      return Truth::unknown;
    }
    case Type::time:
      return as_truth(left.time == right.time);
    case Type::day:
      return as_truth(left.day == right.day);
    case Type::boolean:
      return as_truth(left.truth == right.truth);
  }
  return Truth::no;
}

Truth Evaluator::ordered(Operator op, const Operand& left, const Operand& right) {
  switch (left.type) {
    case Type::time:
      return compare(op, left.time, right.time);
    case Type::day:
      return compare(op, left.day, right.day);
    default: {
      Operand other = right;
      if (!same_currency(left, other)) return Truth::error;
      // The two ends of what it may turn out to be; where they differ, it is open.
      const Truth one = compare(op, left.low, other.high);
      const Truth two = compare(op, left.high, other.low);
      return one == two ? one : Truth::unknown;
    }
  }
}

Truth Evaluator::against_bound(const Node& node, const Operand& left, bool upper,
                               std::uint32_t line) {
  const auto [low, high] = program_.bounds(node);
  const Operator op = upper ? below_high(node) : above_low(node);
  return with_right(node, left, upper ? high : low, line,
                    [&](const Operand& limit) { return ordered(op, left, limit); });
}

Truth Evaluator::between(const Node& node, const Operand& left, std::uint32_t line) {
  Combiner combiner(true);
  for (const bool upper : {false, true}) {
    combiner.add(against_bound(node, left, upper, line), cause_);
  }
  cause_ = combiner.cause();
  return combiner.result();
}

Truth Evaluator::member(const Node& node, const Operand& left) {
  const auto members = program_.members_of(node);
  if (is_text(node.type)) {
    return as_truth(std::ranges::binary_search(members, left.text.id(node.mode())));
  }
  Combiner combiner(false);
  for (const std::uint32_t literal : members) {
    const Operand right = of_literal({node.type, literal}, node.mode());
    if (combiner.add(same(left, right, node.mode()), cause_)) break;
  }
  cause_ = combiner.cause();
  return combiner.result();
}

Truth Evaluator::text_test(const Node& node, const Operand& left) {
  const Pattern& pattern = program_.pattern(node);
  const std::string_view text = left.text.view(node.mode());
  switch (node.op()) {
    case Operator::contains:
      return as_truth(text.find(pattern.text) != std::string_view::npos);
    case Operator::starts_with:
      return as_truth(text.starts_with(pattern.text));
    case Operator::ends_with:
      return as_truth(text.ends_with(pattern.text));
    case Operator::like:
      return as_truth(glob_matches(pattern.text, text));
    case Operator::matches:
      return as_truth(
          RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern.regex));
    default:
      return fail("not a test of text");
  }
}

Truth Evaluator::presence(const Node& node, std::uint32_t line) {
  State state = State::present;
  if (node.reads_slot()) {
    const Known known = slot(node, line).state;
    state = known == Known::known     ? State::present
            : known == Known::missing ? State::missing
                                      : State::unknown;
  } else {
    const Operand value = operand(node.a, line);
    if (value.state == State::error) return fail(value.cause);
    state = value.state;
  }
  if (state == State::unknown) return Truth::unknown;
  return as_truth(state == State::missing);
}

}  // namespace consign
