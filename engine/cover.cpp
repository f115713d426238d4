#include "engine/cover.hpp"

#include <algorithm>

#include "engine/posting_map.hpp"

namespace consign {

namespace {

// Guesses of how many events hold such a thing; only their order matters.
constexpr double kPresent = 0.9;
constexpr double kMissing = 0.3;
constexpr double kTruth = 0.5;
constexpr double kHalfOpen = 0.5;
constexpr double kInterval = 0.2;
constexpr double kAffix = 0.05;
constexpr double kNoLines = 0.001;

}  // namespace

Selectivity::Selectivity(const Program& program)
    : order_texts_(program.order_slots.size()), line_texts_(program.line_slots.size()) {
  std::vector<std::vector<std::uint32_t>> order(program.order_slots.size());
  std::vector<std::vector<std::uint32_t>> line(program.line_slots.size());
  for (const Node& node : program.nodes) {
    if (!node.reads_slot() || !is_text(node.type)) continue;
    auto& texts = (node.row() == Row::line ? line : order)[node.a];
    if (node.kind == NodeKind::member) {
      const auto members = program.members_of(node);
      texts.insert(texts.end(), members.begin(), members.end());
    } else if (node.kind == NodeKind::equal && node.with_literal()) {
      texts.push_back(node.b);
    }
  }
  const auto distinct = [](std::vector<std::uint32_t>& texts) {
    settle(texts);
    return static_cast<std::uint32_t>(texts.size());
  };
  std::transform(order.begin(), order.end(), order_texts_.begin(), distinct);
  std::transform(line.begin(), line.end(), line_texts_.begin(), distinct);
}

double Selectivity::of_text(Row row, std::uint32_t slot) const {
  const auto& texts = row == Row::line ? line_texts_ : order_texts_;
  return 1.0 / (1.0 + texts[slot]);
}

namespace {

class Coverer {
 public:
  Coverer(const Program& program, const Selectivity& selectivity, Without without)
      : program_(program), selectivity_(selectivity), without_(without) {}

  std::optional<Cover> cover(std::uint32_t index, bool negated, bool quantified) const {
    const Node& node = program_.node(index);
    switch (node.kind) {
      case NodeKind::conjunction:
      case NodeKind::disjunction: {
        const bool all = (node.kind == NodeKind::conjunction) != negated;
        return all ? cheapest(node, negated, quantified) : united(node, negated, quantified);
      }
      case NodeKind::negation:
        return cover(node.a, !negated, quantified);
      case NodeKind::any_line:
        return over_lines(node.a, true, negated);
      case NodeKind::no_line:
        return over_lines(node.a, true, !negated);
      case NodeKind::every_line:
        return over_lines(node.a, false, negated);
      default:
        return leaf(node, node.negated() != negated, quantified);
    }
  }

 private:
  std::optional<Cover> cheapest(const Node& node, bool negated, bool quantified) const {
    std::optional<Cover> best;
    for (const std::uint32_t each : program_.parts(node)) {
      auto part = cover(each, negated, quantified);
      if (part && (!best || part->share < best->share)) best = std::move(part);
    }
    return best;
  }

  std::optional<Cover> united(const Node& node, bool negated, bool quantified) const {
    Cover all;
    for (const std::uint32_t each : program_.parts(node)) {
      auto part = cover(each, negated, quantified);
      if (!part) return std::nullopt;
      all.share += part->share;
      std::move(part->keys.begin(), part->keys.end(), std::back_inserter(all.keys));
    }
    return all;
  }

  /// `any line (c)`, or for `any` false `every line (c)`. If c can be true of every line it can of
  /// some, or there is none.
  std::optional<Cover> over_lines(std::uint32_t condition, bool any, bool negated) const {
    auto lines = cover(condition, negated, true);
    if (!lines) return std::nullopt;
    const bool holds_for_none = any == negated;
    if (holds_for_none) {
      Key none;
      none.kind = Key::Kind::no_lines;
      lines->keys.push_back(std::move(none));
      lines->share += kNoLines;
    }
    return lines;
  }

  /// Whether the node's slot is of a product, which may be unknown.
  bool is_product(const Node& node) const {
    return node.row() == Row::line &&
           row_of(program_.line_slots[node.a].field).subject == Subject::product;
  }

  std::optional<Cover> leaf(const Node& node, bool negated, bool quantified) const {
    if (node.kind == NodeKind::constant) {
      if ((node.a != 0) != negated) return std::nullopt;
      return Cover{};  // never true, and so never looked at
    }
    if (!node.reads_slot()) return std::nullopt;
    if (without_ == Without::products &&
        (is_product(node) || !is_text(node.type) ||
         (node.kind != NodeKind::equal && node.kind != NodeKind::member))) {
      return std::nullopt;
    }
    Key key;
    key.row = node.row();
    key.slot = node.a;
    key.mode = node.mode();
    key.type = node.type;
    key.quantified = quantified && key.row == Row::line;
    switch (node.kind) {
      case NodeKind::presence:
        // `negated` on the node itself asks for presence.
        key.kind = negated ? Key::Kind::present : Key::Kind::missing;
        return single(key, negated ? kPresent : kMissing);
      case NodeKind::truth:
        if (negated) return std::nullopt;
        key.kind = Key::Kind::truth;
        key.truth = true;
        return single(key, kTruth);
      case NodeKind::equal:
        return negated ? std::nullopt : equal(node, key);
      case NodeKind::member:
        return negated ? std::nullopt : member(node, key);
      case NodeKind::order:
        return negated ? std::nullopt : bounds(node, key);
      case NodeKind::between:
        return negated ? std::nullopt : between(node, key);
      case NodeKind::text_test:
        return negated ? std::nullopt : text_test(node, key);
      default:
        return std::nullopt;
    }
  }

  static Cover single(Key key, double share) {
    Cover cover;
    cover.keys.push_back(std::move(key));
    cover.share = share;
    return cover;
  }

  std::optional<Cover> equal(const Node& node, Key key) const {
    if (!node.with_literal()) return std::nullopt;
    if (is_text(node.type)) {
      key.text = node.b;
      return single(key, selectivity_.of_text(key.row, key.slot));
    }
    if (node.type == Type::boolean) {
      key.kind = Key::Kind::truth;
      key.truth = node.b != 0;
      return single(key, kTruth);
    }
    key.kind = Key::Kind::interval;
    key.low = key.high = node.b;
    return single(key, kInterval / 4);
  }

  std::optional<Cover> member(const Node& node, const Key& key) const {
    Cover cover;
    if (node.type == Type::boolean) return std::nullopt;
    for (const std::uint32_t member : program_.members_of(node)) {
      Key& each = cover.keys.emplace_back(key);
      if (is_text(node.type)) {
        each.text = member;
        cover.share += selectivity_.of_text(key.row, key.slot);
      } else {
        each.kind = Key::Kind::interval;
        each.low = each.high = member;
        cover.share += kInterval / 4;
      }
    }
    return cover;
  }

  std::optional<Cover> bounds(const Node& node, Key key) const {
    if (!node.with_literal()) return std::nullopt;
    key.kind = Key::Kind::interval;
    const bool upper = node.op() == Operator::less || node.op() == Operator::less_equal;
    (upper ? key.high : key.low) = node.b;
    return single(key, kHalfOpen);
  }

  std::optional<Cover> between(const Node& node, Key key) const {
    if (!node.with_literal()) return std::nullopt;
    const auto [low, high] = program_.bounds(node);
    // Bounds in two currencies are two questions.
    if (program_.currency({node.type, low}) != program_.currency({node.type, high})) {
      return std::nullopt;
    }
    key.kind = Key::Kind::interval;
    key.low = low;
    key.high = high;
    return single(key, kInterval);
  }

  std::optional<Cover> text_test(const Node& node, Key key) const {
    std::string_view pattern = program_.pattern(node).text;
    key.kind = Key::Kind::starts_with;
    switch (node.op()) {
      case Operator::starts_with:
        break;
      case Operator::ends_with:
        key.kind = Key::Kind::ends_with;
        break;
      case Operator::like: {
        if (pattern.find('\\') != std::string_view::npos) return std::nullopt;
        const auto first = pattern.find_first_of("*?");
        const auto last = pattern.find_last_of("*?");
        if (first != std::string_view::npos && first == 0) {
          key.kind = Key::Kind::ends_with;
          pattern.remove_prefix(last + 1);
        } else {
          pattern = pattern.substr(0, first);
        }
        break;
      }
      default:
        return std::nullopt;
    }
    if (pattern.empty()) return std::nullopt;
    key.affix = pattern;
    return single(key, kAffix / static_cast<double>(pattern.size()));
  }

  const Program& program_;
  const Selectivity& selectivity_;
  Without without_;
};

}  // namespace

std::optional<Cover> cover_of(const Program& program, const Selectivity& selectivity,
                              std::uint32_t condition, Without without) {
  return Coverer(program, selectivity, without).cover(condition, false, false);
}

}  // namespace consign
