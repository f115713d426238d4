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

bool is_quantity(Type type) {
  return type == Type::number || type == Type::money || type == Type::weight ||
         type == Type::duration;
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
  const Node& node = at(index);
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
    default: {
      const Truth held = positive(node, line);
      return node.negated ? negate(held) : held;
    }
  }
}

Truth Evaluator::junction(const Node& node, std::uint32_t line, bool conjunction) {
  Combiner combiner(conjunction);
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Truth part = truth(program_.links[node.first + i], line);
    if (combiner.add(part, cause_)) break;
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
Truth Evaluator::with_right(const Operand& left, std::uint32_t right_index, std::uint32_t line,
                            Compare compare) {
  const Operand right = operand(right_index, line);
  const State state = weaker(left.state, right.state);
  if (state == State::present) return compare(right);
  return without_value(state, left.state == State::error ? left.cause : right.cause);
}

template <class Test>
Truth Evaluator::if_present(const Operand& left, Test test) {
  return left.state == State::present ? test() : without_value(left.state, left.cause);
}

template <class Test>
Truth Evaluator::any_value(std::uint32_t index, std::uint32_t line, Test test) {
  const Node& left = at(index);
  if (left.kind != NodeKind::slot) {
    const Operand value = operand(index, line);
    return value.state == State::missing ? Truth::no : test(value);
  }
  const Slot& values = slot(left, line);
  if (values.state == Known::missing) return Truth::no;
  if (values.state == Known::unknown) {
    Operand unknown;
    unknown.type = left.type;
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

Truth Evaluator::positive(const Node& node, std::uint32_t line) {
  switch (node.kind) {
    case NodeKind::equal:
      return any_value(node.a, line, [&](const Operand& left) {
        return with_right(left, node.b, line,
                          [&](const Operand& right) { return same(left, right, node.mode); });
      });
    case NodeKind::order:
      return any_value(node.a, line, [&](const Operand& left) {
        return with_right(left, node.b, line,
                          [&](const Operand& right) { return ordered(node.op, left, right); });
      });
    case NodeKind::between:
      return any_value(node.a, line,
                       [&](const Operand& left) { return between(node, left, line); });
    case NodeKind::member:
      return any_value(node.a, line, [&](const Operand& left) {
        return if_present(left, [&] { return member(node, left); });
      });
    case NodeKind::text_test:
      return any_value(node.a, line, [&](const Operand& left) {
        return if_present(left, [&] { return text_test(node, left); });
      });
    case NodeKind::presence:
      return presence(node, line);
    case NodeKind::truth:
      return any_value(node.a, line, [&](const Operand& value) {
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
  const auto compare = [&](const auto& a, const auto& b) {
    switch (op) {
      case Operator::less:
        return as_truth(a < b);
      case Operator::less_equal:
        return as_truth(a <= b);
      case Operator::greater:
        return as_truth(a > b);
      default:
        return as_truth(a >= b);
    }
  };
  switch (left.type) {
    case Type::time:
      return compare(left.time, right.time);
    case Type::day:
      return compare(left.day, right.day);
    default: {
      Operand other = right;
      if (!same_currency(left, other)) return Truth::error;
      // The two ends of what it may turn out to be; where they differ, it is open.
      const Truth one = compare(left.low, other.high);
      const Truth two = compare(left.high, other.low);
      return one == two ? one : Truth::unknown;
    }
  }
}

Truth Evaluator::between(const Node& node, const Operand& left, std::uint32_t line) {
  Combiner combiner(true);
  const auto bound = [&](std::uint32_t limit_index, Operator op) {
    return with_right(left, limit_index, line,
                      [&](const Operand& limit) { return ordered(op, left, limit); });
  };
  combiner.add(bound(node.b, Operator::greater_equal), cause_);
  combiner.add(bound(node.c, Operator::less_equal), cause_);
  cause_ = combiner.cause();
  return combiner.result();
}

Truth Evaluator::member(const Node& node, const Operand& left) {
  const MemberSet& set = program_.sets[node.extra];
  if (!is_quantity(left.type) && left.type != Type::time && left.type != Type::day &&
      left.type != Type::boolean) {
    const std::uint32_t id = left.text.id(node.mode);
    return as_truth(id != kNone && std::binary_search(set.ids.begin(), set.ids.end(), id));
  }
  Combiner combiner(false);
  for (const std::uint32_t literal : set.literals) {
    if (combiner.add(same(left, of_literal(literal), node.mode), cause_)) break;
  }
  cause_ = combiner.cause();
  return combiner.result();
}

Truth Evaluator::text_test(const Node& node, const Operand& left) {
  const Pattern& pattern = program_.patterns[node.extra];
  const std::string_view text = left.text.view(node.mode);
  switch (node.op) {
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
  const Node& read = at(node.a);
  State state = State::present;
  if (read.kind == NodeKind::slot) {
    const Known known = slot(read, line).state;
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
