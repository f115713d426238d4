#include "engine/program.hpp"

#include <algorithm>

#include "engine/cover_index.hpp"

namespace consign {

namespace {

template <class Thing>
std::size_t bytes_of(const std::vector<Thing>& things) {
  return things.capacity() * sizeof(Thing);
}

/// What a hash table of the library takes: its buckets, and a node with a link for each entry.
template <class Map>
std::size_t bytes_of_map(const Map& map) {
  return map.bucket_count() * sizeof(void*) +
         map.size() * (sizeof(typename Map::value_type) + sizeof(void*));
}

}  // namespace

std::uint8_t need_of(Field field) {
  std::uint8_t needs = kNeedsNothing;
  const Subject subject = row_of(field).subject;
  if (subject == Subject::product) needs |= kNeedsProducts;
  if (subject == Subject::shop || field == Field::order_channel) needs |= kNeedsShop;
  if (field == Field::customer_orders_count) needs |= kNeedsCustomerOrders;
  if (field == Field::customer_tag) needs |= kNeedsCustomerTags;
  return needs;
}

Row row_for(Field field) {
  const Subject subject = row_of(field).subject;
  return subject == Subject::line || subject == Subject::product ? Row::line : Row::order;
}

std::uint32_t Program::find_slot(Field field, std::string_view key, Row row) const {
  const auto& slots = row == Row::line ? line_slots : order_slots;
  const auto it = std::find_if(slots.begin(), slots.end(), [&](const SlotSpec& each) {
    return each.field == field && each.key == key;
  });
  return it == slots.end() ? kNone : static_cast<std::uint32_t>(it - slots.begin());
}

Decimal Program::place_of(Literal literal) const {
  switch (literal.type) {
    case Type::time:
      return Decimal(times[literal.number].micros);
    case Type::day:
      return Decimal(static_cast<std::int32_t>(literal.number));
    default:
      return decimal(literal.number);
  }
}

std::size_t Program::part_count() const {
  return nodes.size() + links.size() + members.size() + folded.size() + exact.size() +
         patterns.size();
}

std::string_view name_of(Unfound why) {
  switch (why) {
    case Unfound::always_true:
      return "always_true";
    case Unfound::negated:
      return "negated";
    case Unfound::two_fields:
      return "two_fields";
    case Unfound::computed:
      return "computed";
    case Unfound::counted:
      return "counted";
    case Unfound::pattern:
      return "pattern";
  }
  return {};
}

ProgramCost cost_of(const Program& program) {
  ProgramCost cost;
  cost.rules = program.run.size();
  cost.predicates =
      static_cast<std::size_t>(std::ranges::count_if(program.nodes, [](const Node& node) {
        return node.kind >= NodeKind::equal && node.kind <= NodeKind::truth;
      }));
  cost.bytes = sizeof(Program) + bytes_of(program.order_slots) + bytes_of(program.line_slots) +
               program.folded.bytes() + program.exact.bytes() + bytes_of(program.currencies) +
               bytes_of(program.quantities) + bytes_of(program.large) + bytes_of(program.times) +
               bytes_of(program.nodes) + bytes_of(program.links) + bytes_of(program.members) +
               bytes_of(program.sets) + bytes_of(program.patterns) + bytes_of(program.calls) +
               bytes_of(program.tables) + bytes_of(program.run) + bytes_of(program.needs) +
               bytes_of_map(program.value_nodes);
  for (const Pattern& pattern : program.patterns) {
    cost.bytes += pattern.text.capacity();
    // RE2 tells the size of its program in instructions of 16 bytes or so.
    if (pattern.regex != nullptr) {
      cost.bytes += sizeof(RE2) + static_cast<std::size_t>(pattern.regex->ProgramSize()) * 16;
    }
  }
  for (const auto& table : program.tables) {
    cost.bytes += sizeof(CompiledTable) + bytes_of_map(table->by_text) + bytes_of(table->by_number);
  }
  if (program.index != nullptr) {
    const IndexLayer::Cost index = program.index->cost();
    cost.index_groups = index.groups;
    cost.bytes += index.bytes;
    for (const auto& [place, why] : index.unindexed) {
      const RuleIndex rule = program.run[place].rule;
      // `otherwise` rules cost nothing while other rules do their work.
      if (!program.rule(rule).otherwise) cost.unindexed.push_back({rule, why});
    }
  }
  return cost;
}

const RuleSet& rules_of(const Program& program) { return *program.rules; }
FactsNeeded facts_needed(const Program& program) { return program.facts; }

}  // namespace consign
