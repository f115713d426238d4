#include "tests/differential/index_kinds.hpp"

#include "engine/cover.hpp"

namespace consign::reference {
namespace {

using Kind = Key::Kind;

std::string_view name_of(Kind kind, std::uint32_t slots) {
  switch (kind) {
    case Kind::texts:
      return slots == 1 ? "text" : slots == 2 ? "two texts" : "three texts";
    case Kind::interval:
      return "interval";
    case Kind::starts_with:
      return "starts with";
    case Kind::ends_with:
      return "ends with";
    case Kind::contains:
      return "contains";
    case Kind::contains_lower:
      return "contains, in lower case";
    case Kind::present:
      return "present";
    case Kind::missing:
      return "missing";
    case Kind::truth:
      return "truth";
    case Kind::no_lines:
      return "no lines";
  }
  return {};
}

}  // namespace

std::vector<std::string_view> index_kinds(const Program& program) {
  std::vector<std::string_view> out;
  Coverer coverer(program, program.run, true);
  std::vector<Key> keys;
  for (const CompiledRule& rule : program.run) {
    if (rule.condition == kNone) continue;
    for (const World world : {World::all_known, World::product_unknown, World::waiting}) {
      keys.clear();
      if (!coverer.cover(rule.condition, world, keys)) continue;
      for (const Key& key : keys) out.push_back(name_of(key.kind, key.schema.count));
    }
  }
  return out;
}

std::vector<std::string_view> all_index_kinds() {
  std::vector<std::string_view> out;
  for (int kind = 0; kind <= static_cast<int>(Kind::no_lines); ++kind) {
    const std::uint32_t most = static_cast<Kind>(kind) == Kind::texts ? Schema::kLargest : 1;
    for (std::uint32_t slots = 1; slots <= most; ++slots) {
      out.push_back(name_of(static_cast<Kind>(kind), slots));
    }
  }
  return out;
}

}  // namespace consign::reference
