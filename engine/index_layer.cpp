#include "engine/index_layer.hpp"

#include <algorithm>

namespace consign {

namespace {

/// Whether the condition asks about lines other than its own.
bool asks_about_lines(const Program& program, std::uint32_t index) {
  const Node& node = program.node(index);
  const auto part = [&](std::uint32_t each) { return asks_about_lines(program, each); };
  const auto left = [&] { return !node.reads_slot() && part(node.a); };
  switch (node.kind) {
    case NodeKind::conjunction:
    case NodeKind::disjunction:
      return std::ranges::any_of(program.parts(node), part);
    case NodeKind::any_line:
    case NodeKind::every_line:
    case NodeKind::no_line:
    case NodeKind::count_lines:
    case NodeKind::sum_lines:
      return true;
    case NodeKind::negation:
    case NodeKind::negate:
    case NodeKind::call:
    case NodeKind::lookup:
      return part(node.a);
    case NodeKind::arithmetic:
      return part(node.a) || part(node.b);
    case NodeKind::equal:
    case NodeKind::order:
      return left() || (!node.with_literal() && part(node.b));
    case NodeKind::between:
      return left() || (!node.with_literal() && std::ranges::any_of(program.bounds(node), part));
    case NodeKind::member:
    case NodeKind::text_test:
    case NodeKind::presence:
    case NodeKind::truth:
      return left();
    case NodeKind::constant:
    case NodeKind::slot:
      return false;
    case NodeKind::kept:
      break;
  }
  return true;
}

/// The share of orders that make a rule false which has something that does.
constexpr double kExcluded = 0.2;
/// The largest share of orders that are taken to concern a rule with a cover.
constexpr double kLikeliest = 0.8;
/// Lines that an order has, where that counts.
constexpr double kLines = 3;

template <class T>
std::size_t bytes_of(const std::vector<T>& things) {
  return things.capacity() * sizeof(T);
}

}  // namespace

IndexLayer::IndexLayer(const Program& program, std::span<const CompiledRule> rules, bool always)
    : rules_(rules.size()) {
  Coverer coverer(program, rules, always);
  for (std::uint32_t place = 0; place < rules.size(); ++place) {
    file(program, rules[place], coverer, place);
  }
  for (KeyFiles* files : {&known_, &open_lines_.files, &open_orders_.files}) files->build();
  waits_.build();
  excluded_.build();
  std::sort(quiet_currencies_.begin(), quiet_currencies_.end());
  quiet_currencies_.erase(std::unique(quiet_currencies_.begin(), quiet_currencies_.end()),
                          quiet_currencies_.end());
  for (auto* places : {&open_lines_.always, &open_orders_.always, &quiet_}) places->shrink_to_fit();
  uncovered_.shrink_to_fit();
}

void IndexLayer::file(const Program& program, const CompiledRule& rule, Coverer& coverer,
                      std::uint32_t place) {
  thread_local std::vector<Key> keys;
  keys.clear();
  const auto share = rule.condition == kNone
                         ? std::nullopt
                         : coverer.cover(rule.condition, World::all_known, keys);
  if (!share) {
    keys.clear();
    Unfound why = Unfound::always_true;
    if (rule.condition != kNone) {
      why = coverer.why_none(rule.condition);
      coverer.excluders(rule.condition, keys);
    }
    uncovered_.push_back({place, why});
    excluded_.add(keys, place);
    if (!keys.empty()) spared_ += kExcluded;
    return;
  }
  spared_ += (1 - std::min(*share, kLikeliest)) *
             (program.rule(rule.rule).scope == Scope::line ? kLines : 1);
  for (const Key& key : keys) known_.add(key, place);
  if (!coverer.about_products(keys)) return;
  if (WaitIndex::is_quiet(program, rule, quiet_currencies_)) {
    quiet_.push_back(place);
    waits_.file(rule, coverer, place);
    return;
  }
  keys.clear();
  Open& open = asks_about_lines(program, rule.condition) ? open_orders_ : open_lines_;
  if (coverer.cover(rule.condition, World::product_unknown, keys)) {
    for (const Key& key : keys) open.files.add(key, place);
  } else {
    open.always.push_back(place);
  }
}

const WaitIndex* IndexLayer::waits(const Frame& frame) const {
  const bool one_currency =
      quiet_currencies_.empty() ||
      (quiet_currencies_.size() == 1 && quiet_currencies_.front() == frame.currency());
  return one_currency ? &waits_ : nullptr;
}

void IndexLayer::find(const Frame& frame, Candidates& found) const {
  excluded_.find(frame, found);
  if (found.too_many()) return;
  known_.find(frame, KeyFiles::Lines::all, found);
  bool open = false;
  const bool with_quiet = waits(frame) == nullptr;
  for (std::uint32_t line = 0; line < frame.line_count(); ++line) {
    if (!frame.product_unknown(line)) continue;
    open = true;
    found.add(open_lines_.always, line);
    if (with_quiet) found.add(quiet_, line);
  }
  if (open) {
    open_lines_.files.find(frame, KeyFiles::Lines::with_unknown_product, found);
    open_orders_.files.find(frame, KeyFiles::Lines::all, found);
    found.add(open_orders_.always, kEveryLine);
  }
}

IndexLayer::Cost IndexLayer::cost() const {
  Cost cost;
  cost.unindexed = uncovered_;
  for (const KeyFiles* files : {&known_, &open_lines_.files, &open_orders_.files}) {
    const KeyFiles::Cost each = files->cost();
    cost.groups += each.groups;
    cost.bytes += each.bytes;
  }
  for (const auto* places : {&open_lines_.always, &open_orders_.always, &quiet_}) {
    cost.bytes += bytes_of(*places);
  }
  cost.bytes += bytes_of(uncovered_);
  cost.groups += excluded_.groups();
  cost.bytes += waits_.bytes() + excluded_.bytes();
  return cost;
}

}  // namespace consign
