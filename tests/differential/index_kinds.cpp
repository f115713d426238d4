#include "tests/differential/index_kinds.hpp"

#include "engine/cover.hpp"

namespace consign::reference {
namespace {

using Kind = Key::Kind;

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::equal:
      return "equal";
    case Kind::interval:
      return "interval";
    case Kind::starts_with:
      return "starts with";
    case Kind::ends_with:
      return "ends with";
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
  const Selectivity selectivity(program);
  for (const CompiledRule& rule : program.run) {
    if (rule.condition == kNone) continue;
    const auto cover = cover_of(program, selectivity, rule.condition);
    if (!cover) continue;
    for (const Key& key : cover->keys) out.push_back(name_of(key.kind));
  }
  return out;
}

std::vector<std::string_view> all_index_kinds() {
  std::vector<std::string_view> out;
  for (int kind = 0; kind <= static_cast<int>(Kind::no_lines); ++kind) {
    out.push_back(name_of(static_cast<Kind>(kind)));
  }
  return out;
}

}  // namespace consign::reference
