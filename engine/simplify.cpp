#include "engine/simplify.hpp"

#include <algorithm>
#include <utility>

namespace consign {

namespace {

/// Beyond so many parts nobody looks for one that denies another.
constexpr std::size_t kFewParts = 16;

Node constant(bool truth) {
  Node node{NodeKind::constant};
  node.a = truth ? 1 : 0;
  return node;
}

bool same_slot(const Node& one, const Node& other) {
  constexpr unsigned kHow = Node::kOnLine | Node::kFolded;
  return one.a == other.a && one.type == other.type && (one.flags & kHow) == (other.flags & kHow);
}

}  // namespace

const FieldRow& Simplifier::field_of(const Node& node) const {
  const Program& program = builder_.program();
  const auto& slots = node.row() == Row::line ? program.line_slots : program.order_slots;
  return row_of(slots[node.a].field);
}

/// Of all facts only products can be unknown.
bool Simplifier::may_be_unknown(const Node& node) const {
  return field_of(node).subject == Subject::product;
}

/// Whether the amount can be brought to every other currency that has a rate.
bool Simplifier::converts_safely(Literal amount) const {
  const Program& program = builder_.program();
  const std::string_view currency = program.currency(amount);
  const auto converts = [&](std::string_view to) {
    return convert(*program.rules, program.decimal(amount.number), currency, to).has_value();
  };
  return std::ranges::all_of(program.rules->rates, [&](const Rate& rate) {
    return (rate.from != currency || converts(rate.to)) &&
           (rate.to != currency || converts(rate.from));
  });
}

// ---- one comparison ----------------------------------------------------------------------------

void Simplifier::comparison(Node& node) {
  if (node.kind == NodeKind::member) {
    const auto members = builder_.program().members_of(node);
    if (members.size() != 1) return;
    node.kind = NodeKind::equal;
    node.detail = static_cast<std::uint8_t>(Operator::equal);
    node.b = members.front();
  }
  if (node.kind == NodeKind::equal && node.type == Type::boolean && node.with_literal() &&
      node.b == 1) {
    node.kind = NodeKind::truth;
    node.detail = 0;
    node.flags &= static_cast<std::uint8_t>(~(Node::kLiteral | Node::kFolded));
    node.b = kNone;
  }
}

std::pair<Operator, std::string_view> plain_test(std::string_view glob) {
  const std::pair<Operator, std::string_view> as_it_is{Operator::like, glob};
  if (glob.find_first_of("?\\") != std::string_view::npos) return as_it_is;
  const std::size_t begin = glob.find_first_not_of('*');
  if (begin == std::string_view::npos) return as_it_is;
  const std::size_t end = glob.find_last_not_of('*') + 1;
  const std::string_view inside = glob.substr(begin, end - begin);
  if (inside.find('*') != std::string_view::npos) return as_it_is;
  const bool open_front = begin > 0, open_back = end < glob.size();
  if (open_front && open_back) return {Operator::contains, inside};
  if (open_front) return {Operator::ends_with, inside};
  return {open_back ? Operator::starts_with : Operator::equal, inside};
}

// ---- constants ---------------------------------------------------------------------------------

std::optional<bool> compared(Operator op, const Expr& left, const Expr& right) {
  Value left_room, right_room;
  const Value* one = constant_of(left, left_room);
  if (one == nullptr || !is_quantity(one->type)) return std::nullopt;
  const Value* two = constant_of(right, right_room);
  if (two == nullptr || two->type != one->type || two->currency != one->currency)
    return std::nullopt;
  switch (op) {
    case Operator::equal:
      return one->number == two->number;
    case Operator::less:
      return one->number < two->number;
    case Operator::less_equal:
      return one->number <= two->number;
    case Operator::greater:
      return one->number > two->number;
    case Operator::greater_equal:
      return one->number >= two->number;
    default:
      return std::nullopt;
  }
}

// ---- parts that belong together ----------------------------------------------------------------

/// Calls `merge(group)` for every two parts or more that are `eligible` and `alike`, in the order
/// of their first.
template <class Eligible, class Alike, class Merge>
void Simplifier::each_group(std::vector<Draft>& parts, std::size_t begin, Eligible eligible,
                            Alike alike, Merge merge) {
  leaders_.clear();
  bool any = false;
  for (std::size_t i = begin; i < parts.size(); ++i) {
    if (!eligible(parts[i].node)) continue;
    const auto leader = std::ranges::find_if(
        leaders_, [&](const Leader& each) { return alike(parts[each.part].node, parts[i].node); });
    if (leader == leaders_.end()) {
      leaders_.push_back({i, false});
    } else {
      leader->followed = any = true;
    }
  }
  if (!any) return;
  for (const Leader& leader : leaders_) {
    if (!leader.followed) continue;
    group_.clear();
    for (std::size_t i = leader.part; i < parts.size(); ++i) {
      if (eligible(parts[i].node) && alike(parts[leader.part].node, parts[i].node)) {
        group_.push_back(&parts[i]);
      }
    }
    merge(group_);
  }
}

/// Puts `made` where the first of the parts stands, and something that says nothing for the others.
void Simplifier::replace(std::span<Draft* const> parts, const Node& made, bool conjunction) {
  for (Draft* part : parts) *part = {constant(conjunction), part->span};
  parts.front()->node = made;
}

void Simplifier::merge_sets(bool conjunction, std::vector<Draft>& parts, std::size_t begin) {
  // What may stand together: under `or` what is wanted, under `and` what is refused, and the wanted
  // texts of a field that has one value, which must be among all of them.
  const auto eligible = [&](const Node& node) {
    const bool equal = node.kind == NodeKind::equal && node.with_literal();
    if ((!equal && node.kind != NodeKind::member) || !node.reads_slot()) return false;
    if (node.type == Type::money || node.type == Type::boolean) return false;
    if (node.negated() == conjunction) return true;
    return conjunction && is_text(node.type) && !field_of(node).many();
  };
  each_group(parts, begin, eligible, same_slot, [&](const std::vector<Draft*>& group) {
    std::vector<std::uint32_t> any_of;
    std::optional<std::vector<std::uint32_t>> all_of;
    for (const Draft* part : group) {
      const Node& node = part->node;
      const bool one = node.kind == NodeKind::equal;
      const auto members = one ? std::span(&node.b, 1) : builder_.program().members_of(node);
      if (node.negated() == conjunction) {
        any_of.insert(any_of.end(), members.begin(), members.end());
      } else if (!all_of) {
        all_of.emplace(members.begin(), members.end());
      } else {
        std::erase_if(*all_of, [&](std::uint32_t each) {
          return !std::ranges::binary_search(members, each);
        });
      }
    }
    Node made = group.front()->node;
    made.kind = NodeKind::member;
    made.detail = 0;
    made.flags &= static_cast<std::uint8_t>(~Node::kNegated);
    if (all_of) {
      std::ranges::sort(any_of);
      std::erase_if(*all_of,
                    [&](std::uint32_t each) { return std::ranges::binary_search(any_of, each); });
      if (all_of->empty() && may_be_unknown(made)) return;
      any_of = std::move(*all_of);
    } else if (conjunction) {
      made.flags |= Node::kNegated;
    }
    if (any_of.empty()) {
      made = constant(false);
    } else {
      made.b = builder_.set(made.type, any_of);
      comparison(made);
    }
    replace(group, made, conjunction);
  });
}

/// What bounds a field leave of it.
struct Simplifier::Interval {
  struct End {
    std::uint32_t literal;
    bool strict;
  };
  std::optional<End> low, high;
};

/// Takes over the ends of one more part. False, and nothing is changed, if that cannot be done.
bool Simplifier::narrow(Interval& interval, const Node& node) const {
  const Program& program = builder_.program();
  Interval more;
  if (node.kind == NodeKind::between) {
    const auto [low, high] = program.bounds(node);
    more.low = {low, node.has(Node::kAboveLow)};
    more.high = {high, node.has(Node::kBelowHigh)};
  } else {
    const bool upper = node.op() == Operator::less || node.op() == Operator::less_equal;
    const bool strict = node.op() == Operator::less || node.op() == Operator::greater;
    (upper ? more.high : more.low) = {node.b, strict};
  }
  bool fits = true;
  const auto tighter = [&](std::optional<Interval::End>& end,
                           const std::optional<Interval::End>& other, bool upper) {
    // Where an amount may be too large for another currency, one part may fail and the other not.
    if (other && node.type == Type::money && !converts_safely({node.type, other->literal})) {
      fits = false;
    }
    if (!end || !other) {
      if (other) end = other;
      return;
    }
    // Amounts are compared in the event's currency, where two may round to one.
    if (node.type == Type::money && end->strict != other->strict) fits = false;
    const Decimal one = program.place_of({node.type, end->literal});
    const Decimal two = program.place_of({node.type, other->literal});
    if (one == two ? other->strict : upper ? two < one : two > one) end = other;
  };
  Interval both = interval;
  tighter(both.low, more.low, false);
  tighter(both.high, more.high, true);
  if (fits) interval = both;
  return fits;
}

void Simplifier::merge_intervals(std::vector<Draft>& parts, std::size_t begin) {
  const auto currency = [&](const Node& node, bool upper) {
    const Program& program = builder_.program();
    const std::uint32_t literal =
        node.kind == NodeKind::between ? program.bounds(node)[upper ? 1 : 0] : node.b;
    return program.currency({node.type, literal});
  };
  const auto eligible = [&](const Node& node) {
    const bool bounded = node.kind == NodeKind::order || node.kind == NodeKind::between;
    return bounded && node.reads_slot() && node.with_literal() && !node.negated() &&
           !field_of(node).many() && currency(node, false) == currency(node, true);
  };
  const auto alike = [&](const Node& one, const Node& other) {
    return same_slot(one, other) && currency(one, false) == currency(other, false);
  };
  each_group(parts, begin, eligible, alike, [&](const std::vector<Draft*>& group) {
    Interval interval;
    std::vector<Draft*> merged;
    for (Draft* part : group) {
      if (narrow(interval, part->node)) merged.push_back(part);
    }
    if (merged.size() < 2) return;
    Node made = merged.front()->node;
    made.flags &= static_cast<std::uint8_t>(~(Node::kAboveLow | Node::kBelowHigh));
    if (!interval.low || !interval.high) {
      const bool upper = interval.high.has_value();
      const Interval::End end = upper ? *interval.high : *interval.low;
      made.kind = NodeKind::order;
      made.detail = static_cast<std::uint8_t>(
          upper ? (end.strict ? Operator::less : Operator::less_equal)
                : (end.strict ? Operator::greater : Operator::greater_equal));
      made.b = end.literal;
    } else if (is_empty(interval, made.type) && made.type != Type::money && !may_be_unknown(made)) {
      made = constant(false);
    } else {
      made.kind = NodeKind::between;
      made.detail = 0;
      made.b = builder_.pair(interval.low->literal, interval.high->literal);
      if (interval.low->strict) made.flags |= Node::kAboveLow;
      if (interval.high->strict) made.flags |= Node::kBelowHigh;
    }
    replace(merged, made, true);
  });
}

bool Simplifier::is_empty(const Interval& interval, Type type) const {
  const Decimal low = builder_.program().place_of({type, interval.low->literal});
  const Decimal high = builder_.program().place_of({type, interval.high->literal});
  return low == high ? interval.low->strict || interval.high->strict : low > high;
}

// ---- junctions ---------------------------------------------------------------------------------

/// Whether one part denies another, where neither can be unknown or fail.
bool Simplifier::denied(const std::vector<Draft>& parts, std::size_t begin) const {
  if (parts.size() - begin > kFewParts) return false;
  for (std::size_t i = begin; i < parts.size(); ++i) {
    Node opposite = parts[i].node;
    if (opposite.kind == NodeKind::slot || !opposite.reads_slot()) continue;
    const bool asks_value = opposite.kind != NodeKind::presence;
    const bool against_literal = opposite.with_literal() || opposite.kind == NodeKind::truth;
    if (asks_value && (opposite.type == Type::money || !against_literal)) continue;
    opposite.flags ^= Node::kNegated;
    for (std::size_t j = begin; j < i; ++j) {
      if (parts[j].node == opposite && !may_be_unknown(opposite)) return true;
    }
  }
  return false;
}

bool Simplifier::decide(NodeKind junction, std::vector<Draft>& parts, std::size_t begin) {
  const bool conjunction = junction == NodeKind::conjunction;
  merge_sets(conjunction, parts, begin);
  if (conjunction) merge_intervals(parts, begin);
  std::size_t end = begin;
  for (std::size_t i = begin; i < parts.size(); ++i) {
    if (parts[i].node.kind != NodeKind::constant) {
      parts[end++] = parts[i];
    } else if ((parts[i].node.a != 0) != conjunction) {
      return true;
    }
  }
  parts.resize(end);
  if (denied(parts, begin)) return true;
  if (end - begin < 2) return false;

  ++round_;
  end = begin;
  for (std::size_t i = begin; i < parts.size(); ++i) {
    const std::uint32_t number = builder_.add(parts[i]);
    if (number >= seen_.size()) seen_.resize(std::max<std::size_t>(number + 1, seen_.size() * 2));
    if (std::exchange(seen_[number], round_) != round_) parts[end++] = parts[i];
  }
  parts.resize(end);
  return false;
}

}  // namespace consign
