#include "engine/terms.hpp"

namespace consign {

namespace {

Term nothing(Unfound why) {
  Term term;
  term.why = why;
  return term;
}

class TermReader {
 public:
  TermReader(const Program& program, std::uint32_t index, bool negated)
      : program_(program), node_(program.node(index)), negated_(node_.negated() != negated) {
    term_.node = index;
  }

  Term read() {
    if (node_.kind == NodeKind::constant) {
      if ((node_.a != 0) != negated_) return nothing(Unfound::always_true);
      return of_kind(Term::Kind::never);
    }
    if (!node_.reads_slot()) {
      const NodeKind left = program_.node(node_.a).kind;
      const bool counts = left == NodeKind::count_lines || left == NodeKind::sum_lines;
      return counts ? aggregate(program_.node(node_.a)) : nothing(Unfound::computed);
    }
    term_.row = node_.row();
    term_.slot = node_.a;
    term_.mode = node_.mode();
    switch (node_.kind) {
      case NodeKind::presence:
        // The node's own negation asks for presence.
        return of_kind(negated_ ? Term::Kind::present : Term::Kind::missing);
      case NodeKind::truth:
        return truth(true);
      case NodeKind::equal:
        return node_.with_literal() ? equal() : with_operand(node_.b);
      case NodeKind::member:
        return member();
      case NodeKind::order:
        return node_.with_literal() ? ordered() : with_operand(node_.b);
      case NodeKind::between:
        return between();
      case NodeKind::text_test:
        return text_test();
      default:
        return nothing(Unfound::computed);
    }
  }

 private:
  Literal literal(std::uint32_t number) const { return {node_.type, number}; }

  Term of_kind(Term::Kind kind) {
    term_.kind = kind;
    return term_;
  }
  Term truth(bool wanted) {
    term_.truth = wanted != negated_;
    term_.or_missing = negated_;
    return of_kind(Term::Kind::truth);
  }
  Term texts(TextIds texts) {
    term_.texts = texts;
    return of_kind(negated_ ? Term::Kind::none_of : Term::Kind::texts);
  }
  /// Why a comparison with something other than a literal is of no use.
  Term with_operand(std::uint32_t right) const {
    const bool field = program_.node(right).kind == NodeKind::slot;
    return nothing(field ? Unfound::two_fields : Unfound::computed);
  }

  Term equal() {
    if (is_text(node_.type)) return texts(TextIds(node_.b));
    if (node_.type == Type::boolean) return truth(node_.b != 0);
    if (negated_) return nothing(Unfound::negated);
    term_.low = term_.high = place_on_line(program_, literal(node_.b));
    term_.currency = program_.currency(literal(node_.b));
    return of_kind(Term::Kind::interval);
  }

  Term member() {
    if (is_text(node_.type)) return texts(TextIds(program_.members_of(node_)));
    if (negated_) return nothing(Unfound::negated);
    if (node_.type == Type::boolean) return nothing(Unfound::computed);
    return of_kind(Term::Kind::points);
  }

  Term ordered() {
    const bool upper = node_.op() == Operator::less || node_.op() == Operator::less_equal;
    // The opposite of a range is the range on the other side, or no value at all.
    (upper != negated_ ? term_.high : term_.low) = place_on_line(program_, literal(node_.b));
    term_.or_missing = negated_;
    term_.currency = program_.currency(literal(node_.b));
    return of_kind(Term::Kind::interval);
  }

  Term between() {
    if (negated_) return nothing(Unfound::negated);
    const auto [low, high] = program_.bounds(node_);
    if (!node_.with_literal()) {
      const Term one = with_operand(low);
      return one.why == Unfound::two_fields ? one : with_operand(high);
    }
    term_.currency = program_.currency(literal(low));
    // Bounds in two currencies are two questions.
    if (term_.currency != program_.currency(literal(high))) return nothing(Unfound::computed);
    term_.low = place_on_line(program_, literal(low));
    term_.high = place_on_line(program_, literal(high));
    return of_kind(Term::Kind::interval);
  }

  Term text_test() {
    if (negated_) return nothing(Unfound::negated);
    term_.pattern = node_.b;
    term_.piece = program_.pattern(node_).text;
    switch (node_.op()) {
      case Operator::starts_with:
        return piece(Term::Kind::starts_with);
      case Operator::ends_with:
        return piece(Term::Kind::ends_with);
      case Operator::contains:
        return piece(Term::Kind::contains);
      case Operator::like:
        return glob(term_.piece);
      case Operator::matches:
        return of_kind(Term::Kind::matches);
      default:
        return nothing(Unfound::pattern);
    }
  }

  Term piece(Term::Kind kind) { return of_kind(term_.piece.empty() ? Term::Kind::present : kind); }

  /// The longest run of letters that a glob needs, or one at an end that is about as long: those
  /// are found faster.
  Term glob(std::string_view pattern) {
    const auto special = [](char c) { return c == '*' || c == '?' || c == '\\'; };
    std::string_view front, back, longest;
    for (std::size_t begin = 0; begin < pattern.size();) {
      std::size_t end = begin;
      if (special(pattern[begin])) {
        // What a backslash takes literally may itself look special.
        if (pattern[begin] != '\\' || begin + 1 == pattern.size()) {
          ++begin;
          continue;
        }
        end = ++begin + 1;
      }
      while (end < pattern.size() && !special(pattern[end])) ++end;
      const std::string_view run = pattern.substr(begin, end - begin);
      if (begin == 0) front = run;
      if (end == pattern.size()) back = run;
      if (run.size() > longest.size()) longest = run;
      begin = end;
    }
    if (longest.empty()) {
      // Stars alone ask for a value, and so does `?`, but of one letter.
      return of_kind(Term::Kind::present);
    }
    const bool at_front = front.size() >= back.size();
    const std::string_view at_end = at_front ? front : back;
    if (!at_end.empty() && at_end.size() + 2 >= longest.size()) {
      term_.piece = at_end;
      return of_kind(at_front ? Term::Kind::starts_with : Term::Kind::ends_with);
    }
    term_.piece = longest;
    return of_kind(Term::Kind::contains);
  }

  /// A count or sum is zero where no line counts.
  Term aggregate(const Node& total) {
    if (total.b == kNone) return nothing(Unfound::counted);
    if (!node_.with_literal() || node_.type == Type::money) return nothing(Unfound::computed);
    const auto zero_holds = [&](std::uint32_t number, Operator op) {
      const Decimal limit = program_.place_of(literal(number));
      switch (op) {
        case Operator::less:
          return limit > Decimal(0);
        case Operator::less_equal:
          return limit >= Decimal(0);
        case Operator::greater:
          return limit < Decimal(0);
        case Operator::greater_equal:
          return limit <= Decimal(0);
        default:
          return limit.is_zero();
      }
    };
    bool holds = false;
    switch (node_.kind) {
      case NodeKind::equal:
      case NodeKind::order:
        holds = zero_holds(node_.b, node_.op());
        break;
      case NodeKind::between: {
        const auto [low, high] = program_.bounds(node_);
        holds = zero_holds(low, Operator::greater_equal) && zero_holds(high, Operator::less_equal);
        break;
      }
      default:
        return nothing(Unfound::computed);
    }
    if (holds != negated_) return nothing(Unfound::counted);
    term_.filter = total.b;
    return of_kind(Term::Kind::counted);
  }

  const Program& program_;
  const Node& node_;
  bool negated_;
  Term term_;
};

}  // namespace

std::int64_t place_on_line(const Program& program, Literal literal) {
  switch (literal.type) {
    case Type::time:
      return program.times[literal.number].micros;
    case Type::day:
      return static_cast<std::int32_t>(literal.number);
    default:
      return place_on_line(program.decimal(literal.number));
  }
}

Term read_term(const Program& program, std::uint32_t node, bool negated) {
  return TermReader(program, node, negated).read();
}

}  // namespace consign
