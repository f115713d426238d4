#include "engine/builder.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "consign/text.hpp"

namespace consign {

namespace {

std::uint32_t mixed(std::uint64_t hash, std::uint64_t more) {
  hash = (hash ^ more) * 0x9E3779B97F4A7C15ull;
  return static_cast<std::uint32_t>(hash >> 32);
}

std::uint32_t hash_of(const Node& node) {
  const std::uint64_t head =
      static_cast<std::uint64_t>(node.kind) | static_cast<std::uint64_t>(node.type) << 8 |
      static_cast<std::uint64_t>(node.flags) << 16 | static_cast<std::uint64_t>(node.detail) << 24;
  return mixed(mixed(head, node.a), node.b);
}

std::uint32_t hash_of(std::span<const std::uint32_t> numbers) {
  std::uint32_t hash = static_cast<std::uint32_t>(numbers.size());
  for (const std::uint32_t number : numbers) hash = mixed(hash, std::uint64_t{number} << 1 | 1);
  return hash;
}

/// Finds the thing in the table, or makes it and files the number that `make` gives it.
template <class Same, class Make>
std::uint32_t known_or_made(NumberTable& table, std::uint32_t hash, Same same, Make make) {
  const std::uint32_t known = table.find(hash, same);
  if (known != kNone) return known;
  const std::uint32_t made = make();
  table.add(hash, made);
  return made;
}

template <class Thing>
std::uint32_t append(std::vector<Thing>& things, Thing thing) {
  things.push_back(std::move(thing));
  return static_cast<std::uint32_t>(things.size() - 1);
}

template <class Thing>
void copy_with_room(std::vector<Thing>& to, const std::vector<Thing>& from, std::size_t more) {
  to.reserve(from.size() + more);
  to = from;
}

}  // namespace

Builder::Builder(std::shared_ptr<const RuleSet> rules, bool as_written)
    : program_(std::make_shared<Program>()),
      as_written_(as_written),
      field_slots_(kFieldCount, kNone),
      known_tables_(rules->tables.size(), {kNone, kNone}) {
  // A rule is mostly a junction of a part that is its own and of others that it shares.
  const std::size_t expected = rules->rules.size();
  program_->run.reserve(expected);
  program_->nodes.reserve(expected * 2 + expected / 4);
  program_->links.reserve(expected * 3 + expected / 4);
  if (!as_written) {
    known_nodes_.reserve(expected + expected / 4);
    known_junctions_.reserve(expected);
  }
  program_->rules = std::move(rules);
}

Builder::Builder(std::shared_ptr<const RuleSet> rules, const Program& previous, std::size_t more)
    : program_(std::make_shared<Program>()),
      as_written_(false),
      first_node_(static_cast<std::uint32_t>(previous.nodes.size())),
      first_text_{static_cast<std::uint32_t>(previous.exact.size()),
                  static_cast<std::uint32_t>(previous.folded.size())},
      field_slots_(kFieldCount, kNone),
      known_tables_(rules->tables.size(), {kNone, kNone}) {
  Program& program = *program_;
  program.order_slots = previous.order_slots;
  program.line_slots = previous.line_slots;
  program.folded.assign(previous.folded, more * 2);
  program.exact.assign(previous.exact, more * 2);
  program.currencies = previous.currencies;
  program.quantities = previous.quantities;
  program.large = previous.large;
  program.times = previous.times;
  copy_with_room(program.nodes, previous.nodes, more * 4);
  copy_with_room(program.links, previous.links, more * 5);
  copy_with_room(program.members, previous.members, more * 2);
  program.sets = previous.sets;
  program.patterns = previous.patterns;
  program.calls = previous.calls;
  program.tables = previous.tables;
  program.value_nodes = previous.value_nodes;
  program.growth = previous.growth;
  program.run.reserve(rules->rules.size());
  known_nodes_.reserve(more * 2);
  known_junctions_.reserve(more);
  program.rules = std::move(rules);
}

std::shared_ptr<Program> Builder::finish() {
  Program& program = *program_;
  note_text_modes();
  if (first_node_ > 0) return std::move(program_);
  program.folded.shrink();
  program.exact.shrink();
  program.quantities.shrink_to_fit();
  program.times.shrink_to_fit();
  program.nodes.shrink_to_fit();
  program.links.shrink_to_fit();
  program.members.shrink_to_fit();
  program.sets.shrink_to_fit();
  program.run.shrink_to_fit();
  program.needs.shrink_to_fit();
  return std::move(program_);
}

void Builder::note_text_modes() {
  for (const Node& node : std::span(program_->nodes).subspan(first_node_)) {
    if (!node.reads_slot()) continue;
    SlotSpec& slot =
        (node.row() == Row::line ? program_->line_slots : program_->order_slots)[node.a];
    // A slot that is an operand may be compared in any way.
    const bool any = node.kind == NodeKind::slot;
    slot.folded |= any || node.mode() == TextMode::folded;
    slot.exact |= any || node.mode() == TextMode::exact;
  }
}

std::uint32_t Builder::slot(const FieldRead& read) {
  add_needs(need_of(read.field));
  const bool keyed = row_of(read.field).keyed();
  std::uint32_t& cached = field_slots_[static_cast<std::size_t>(read.field)];
  if (!keyed && cached != kNone) return cached;
  const Row row = row_for(read.field);
  std::uint32_t slot = keyed ? program_->find_slot(read.field, read.key, row) : kNone;
  if (slot == kNone) {
    slot = append(row == Row::line ? program_->line_slots : program_->order_slots,
                  SlotSpec{.field = read.field, .key = std::string(read.key)});
  }
  return cached = slot;
}

// ---- nodes -------------------------------------------------------------------------------------

std::uint32_t Builder::keep(const Node& node, const Span& span) {
  if (as_written_) program_->spans.push_back(span);
  return append(program_->nodes, node);
}

std::uint32_t& Builder::first_of(std::vector<std::uint32_t>& firsts, std::uint32_t number) {
  if (number >= firsts.size()) {
    firsts.resize(std::max<std::size_t>(number + 1, firsts.size() * 2), kNone);
  }
  return firsts[number];
}

std::uint32_t Builder::add(Draft& draft) {
  if (draft.number != kNone) return draft.number;
  const Node& node = draft.node;
  if (as_written_) return draft.number = keep(node, draft.span);
  const std::uint32_t first_text = first_text_[node.has(Node::kFolded)];
  if (node.kind == NodeKind::equal && node.with_literal() && is_text(node.type) &&
      node.b >= first_text) {
    std::uint32_t& first = first_of(first_equal_[node.has(Node::kFolded)], node.b - first_text);
    if (first == kNone) first = keep(node, draft.span);
    if (program_->nodes[first] == node) return draft.number = first;
  }
  return draft.number = known_or_made(
             known_nodes_, hash_of(node),
             [&](std::uint32_t known) { return program_->nodes[known] == node; },
             [&] { return keep(node, draft.span); });
}

Draft Builder::junction(NodeKind kind, std::span<const Draft> parts, const Span& span) {
  numbers_.clear();
  for (const Draft& part : parts) numbers_.push_back(part.number);
  const auto make = [&] {
    Node node{kind};
    node.a = static_cast<std::uint32_t>(program_->links.size());
    node.b = static_cast<std::uint32_t>(parts.size());
    program_->links.insert(program_->links.end(), numbers_.begin(), numbers_.end());
    return keep(node, span);
  };
  if (as_written_) return known(make());
  const auto is_it = [&](std::uint32_t number) {
    const Node& node = program_->nodes[number];
    return node.kind == kind && std::ranges::equal(program_->parts(node), numbers_);
  };
  std::uint32_t& first = first_of(first_junction_, std::ranges::max(numbers_) - first_node_);
  if (first == kNone) first = make();
  if (is_it(first)) return known(first);
  return known(known_or_made(known_junctions_, hash_of(numbers_), is_it, make));
}

Node Builder::constant(const Value& value) {
  Node node{NodeKind::constant, value.type};
  node.a = literal(value, TextMode::exact);
  if (is_text(value.type)) node.b = literal(value, TextMode::folded);
  return node;
}

// ---- literals ----------------------------------------------------------------------------------

std::uint32_t Builder::literal(const Value& value, TextMode mode) {
  switch (value.type) {
    case Type::text:
    case Type::code:
    case Type::enumeration:
    case Type::permission:
      return text(in_mode(value.text, mode), mode);
    case Type::number:
    case Type::money:
    case Type::weight:
    case Type::duration:
      return quantity(value);
    case Type::time:
      return time(value.time);
    case Type::day:
      return static_cast<std::uint32_t>(value.day.days);
    case Type::boolean:
      return value.truth ? 1 : 0;
  }
  return kNone;
}

std::string_view Builder::in_mode(std::string_view text, TextMode mode) {
  if (mode == TextMode::exact) return text;
  fold_into(text, folded_);
  return folded_;
}

std::uint32_t Builder::currency(std::string_view code) {
  auto& known = program_->currencies;
  const auto it = std::find(known.begin(), known.end(), code);
  if (it != known.end()) return static_cast<std::uint32_t>(it - known.begin());
  return append(known, std::string(code));
}

std::uint32_t Builder::quantity(const Value& value) {
  Quantity made;
  made.currency = value.type == Type::money ? currency(value.currency) : 0;
  const auto units = value.number.units();
  if (!units) {  // rare, and so not looked for
    made.units = append(program_->large, value.number);
    made.scale = Quantity::kLarge;
    return append(program_->quantities, made);
  }
  made.units = *units;
  made.scale = static_cast<std::uint32_t>(value.number.scale());
  return known_or_made(
      known_quantities_,
      mixed(static_cast<std::uint64_t>(made.units), made.currency << 8 | made.scale),
      [&](std::uint32_t known) {
        const Quantity& other = program_->quantities[known];
        return other.units == made.units && other.currency == made.currency &&
               other.scale == made.scale;
      },
      [&] { return append(program_->quantities, made); });
}

std::uint32_t Builder::time(Timestamp time) {
  return known_or_made(
      known_times_, mixed(static_cast<std::uint64_t>(time.micros), 0),
      [&](std::uint32_t known) { return program_->times[known] == time; },
      [&] { return append(program_->times, time); });
}

std::uint32_t Builder::pair(std::uint32_t first, std::uint32_t second) {
  auto& links = program_->links;
  return known_or_made(
      known_pairs_, mixed(first, std::uint64_t{second} << 32),
      [&](std::uint32_t known) { return links[known] == first && links[known + 1] == second; },
      [&] {
        const std::uint32_t at = append(links, first);
        links.push_back(second);
        return at;
      });
}

std::uint32_t Builder::set(Type type, std::vector<std::uint32_t>& members) {
  if (is_text(type)) {
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
  }
  auto& all = program_->members;
  return known_or_made(
      known_sets_, hash_of(members),
      [&](std::uint32_t known) {
        const MemberSet& set = program_->sets[known];
        return std::ranges::equal(std::span(all).subspan(set.first, set.count), members);
      },
      [&] {
        const MemberSet made{static_cast<std::uint32_t>(all.size()),
                             static_cast<std::uint32_t>(members.size())};
        all.insert(all.end(), members.begin(), members.end());
        return append(program_->sets, made);
      });
}

// ---- patterns, calls, tables -------------------------------------------------------------------

std::uint32_t Builder::pattern(std::string_view pattern, bool is_regex) {
  return known_or_made(
      known_patterns_, mixed(std::hash<std::string_view>()(pattern), is_regex),
      [&](std::uint32_t known) {
        const Pattern& other = program_->patterns[known];
        return (other.regex != nullptr) == is_regex && other.text == pattern;
      },
      [&] {
        Pattern made{std::string(pattern), nullptr};
        if (is_regex) made.regex = std::make_unique<RE2>(made.text, RE2::Quiet);
        return append(program_->patterns, std::move(made));
      });
}

std::uint32_t Builder::call(const CallExpr& expr, const Span& span) {
  Call made{expr.zone, kNone};
  if (expr.function == Function::weekday) {
    // The words of the result are constants like any others, so that they compare by number. They
    // stand side by side: once for all calls.
    const auto it = std::find_if(program_->calls.begin(), program_->calls.end(),
                                 [](const Call& each) { return each.weekdays != kNone; });
    if (it != program_->calls.end()) {
      made.weekdays = it->weekdays;
    } else {
      made.weekdays = static_cast<std::uint32_t>(program_->nodes.size());
      for (const auto word : words_of(Domain::weekday)) {
        Node node{NodeKind::constant, Type::enumeration};
        node.a = text(word, TextMode::exact);
        node.b = text(word, TextMode::folded);
        keep(node, span);
      }
    }
  }
  const auto it = std::find_if(
      program_->calls.begin(), program_->calls.end(),
      [&](const Call& each) { return each.zone == made.zone && each.weekdays == made.weekdays; });
  if (it != program_->calls.end()) return static_cast<std::uint32_t>(it - program_->calls.begin());
  return append(program_->calls, made);
}

std::uint32_t Builder::table(const LookupExpr& expr, const Span& span) {
  std::uint32_t& known = known_tables_[expr.table][static_cast<std::size_t>(expr.mode)];
  if (known != kNone) return known;
  auto made = std::make_shared<CompiledTable>();
  for (const auto& [key, value] : program_->rules->tables[expr.table].rows) {
    const std::uint32_t number = literal(key, expr.mode);
    Draft draft{constant(value), span};
    const std::uint32_t row = add(draft);
    if (is_text(key.type)) {
      made->by_text.emplace(number, row);
    } else {
      made->by_number.emplace_back(Literal{key.type, number}, row);
    }
  }
  return known = append<std::shared_ptr<const CompiledTable>>(program_->tables, std::move(made));
}

}  // namespace consign
