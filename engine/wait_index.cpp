#include "engine/wait_index.hpp"

#include <algorithm>

namespace consign {

/// Brings it to a rule that is there.
void PlaceCursor::List::settle() {
  for (first = kNone; !places.empty(); places = places.subspan(1)) {
    first = layer(places.front());
    if (first != kNone) return;
  }
}

void PlaceCursor::add(std::span<const std::uint32_t> places, PlaceMap layer) {
  List list{places, layer, kNone};
  list.settle();
  if (list.first != kNone) lists_.push_back(list);
}

std::uint32_t PlaceCursor::next() const {
  std::uint32_t first = kNone;
  for (const List& list : lists_) first = std::min(first, list.first);
  return first;
}

void PlaceCursor::pass(std::uint32_t place) {
  for (List& list : lists_) {
    if (list.first != place) continue;
    list.places = list.places.subspan(1);
    list.settle();
  }
}

namespace {

/// Whether the condition asks about one line only and can end in no error, given that amounts are
/// compared in one currency, which is among `money`.
bool cannot_fail(const Program& program, std::uint32_t index, std::vector<std::string>& money) {
  const Node& node = program.node(index);
  const auto compared_with = [&](std::uint32_t literal) {
    if (node.type == Type::money) money.emplace_back(program.currency({node.type, literal}));
  };
  const auto operand = [&](std::uint32_t each) { return cannot_fail(program, each, money); };
  switch (node.kind) {
    case NodeKind::conjunction:
    case NodeKind::disjunction:
      return std::ranges::all_of(program.parts(node), operand);
    case NodeKind::member:
      if (!is_text(node.type)) std::ranges::for_each(program.members_of(node), compared_with);
      return node.reads_slot() || operand(node.a);
    case NodeKind::constant:
      compared_with(node.a);
      return true;
    case NodeKind::slot:
      return true;
    case NodeKind::negation:
    case NodeKind::call:
      return operand(node.a);
    case NodeKind::text_test:
    case NodeKind::presence:
    case NodeKind::truth:
      return node.reads_slot() || operand(node.a);
    case NodeKind::equal:
    case NodeKind::order:
      if (node.with_literal()) compared_with(node.b);
      return (node.reads_slot() || operand(node.a)) && (node.with_literal() || operand(node.b));
    case NodeKind::between:
      if (node.with_literal()) std::ranges::for_each(program.bounds(node), compared_with);
      return (node.reads_slot() || operand(node.a)) &&
             (node.with_literal() || std::ranges::all_of(program.bounds(node), operand));
    case NodeKind::any_line:
    case NodeKind::every_line:
    case NodeKind::no_line:
    case NodeKind::arithmetic:
    case NodeKind::negate:
    case NodeKind::lookup:
    case NodeKind::count_lines:
    case NodeKind::sum_lines:
    case NodeKind::kept:
      return false;
  }
  return false;
}

}  // namespace

bool WaitIndex::is_quiet(const Program& program, const CompiledRule& compiled,
                         std::vector<std::string>& money) {
  const Rule& rule = program.rule(compiled.rule);
  return rule.scope == Scope::line && rule.mode == Mode::live &&
         cannot_fail(program, compiled.condition, money);
}

void WaitIndex::file(const CompiledRule& compiled, Coverer& coverer, std::uint32_t place) {
  if (!compiled.assigns && !compiled.stops_or_holds) return;  // unknown, it does nothing
  Files& files = compiled.stops_or_holds ? others_ : assigning_;
  thread_local std::vector<Key> keys;
  keys.clear();
  if (!coverer.cover(compiled.condition, World::waiting, keys)) {
    files.unfiled.push_back(place);
    return;
  }
  for (const Key& key : keys) files.equalities.add(key, place);
}

void WaitIndex::build() {
  for (Files* files : {&assigning_, &others_}) {
    files->equalities.build();
    settle(files->unfiled);
  }
}

void WaitIndex::look_up(const Frame& frame, std::size_t line, PlaceMap layer,
                        PlaceCursor& assigning, PlaceCursor& others) const {
  look_up(assigning_, frame, line, layer, assigning);
  look_up(others_, frame, line, layer, others);
}

void WaitIndex::look_up(const Files& files, const Frame& frame, std::size_t line, PlaceMap layer,
                        PlaceCursor& cursor) {
  cursor.add(files.unfiled, layer);
  files.equalities.each_key(
      frame, static_cast<std::uint32_t>(line),
      [&](const PostingMap& map, std::uint32_t key) { cursor.add(map.find(key), layer); });
}

std::size_t WaitIndex::bytes() const {
  std::size_t bytes = 0;
  for (const Files* files : {&assigning_, &others_}) {
    bytes += files->equalities.bytes() + files->unfiled.capacity() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace consign
