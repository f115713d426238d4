#include "dsl/words.hpp"

#include <algorithm>
#include <array>

namespace consign {
namespace {

using namespace std::string_view_literals;

// All four in byte order, so that a look-up is a binary search.
constexpr std::array kDeclarations = {
    "accounts"sv, "define"sv, "event"sv,    "field"sv,       "group"sv,
    "list"sv,     "never"sv,  "overlaps"sv, "permissions"sv, "rate"sv,
    "role"sv,     "rule"sv,   "supplier"sv, "table"sv,       "timezone"sv,
};
constexpr std::array kClauses = {
    "about"sv, "from"sv, "mode"sv,  "otherwise"sv, "owner"sv,
    "shop"sv,  "then"sv, "until"sv, "when"sv,
};
constexpr std::array kActions = {
    "allow"sv,   "approve"sv, "assign"sv, "at"sv,    "deny"sv, "divide"sv,
    "do"sv,      "forbid"sv,  "grant"sv,  "hold"sv,  "note"sv, "notify"sv,
    "require"sv, "review"sv,  "set"sv,    "split"sv, "stop"sv, "tag"sv,
};
constexpr std::array kOthers = {
    "and"sv,     "any"sv,    "between"sv, "contains"sv, "count"sv, "ends"sv, "every"sv, "exactly"sv,
    "false"sv,   "for"sv,    "in"sv,      "is"sv,       "like"sv,  "line"sv, "lines"sv, "matches"sv,
    "missing"sv, "no"sv,     "not"sv,     "now"sv,      "of"sv,    "on"sv,   "or"sv,    "order"sv,
    "present"sv, "starts"sv, "sum"sv,     "to"sv,       "true"sv,  "with"sv,
};
static_assert(std::ranges::is_sorted(kDeclarations));
static_assert(std::ranges::is_sorted(kClauses));
static_assert(std::ranges::is_sorted(kActions));
static_assert(std::ranges::is_sorted(kOthers));

/// All reserved words in byte order, and where those of each first letter begin.
struct Reserved {
  std::array<std::string_view,
             kDeclarations.size() + kClauses.size() + kActions.size() + kOthers.size()>
      words;
  std::array<std::uint8_t, 27> first;
};

constexpr Reserved kReserved = [] {
  Reserved all{};
  auto at = all.words.begin();
  const auto add = [&](const auto& words) { at = std::ranges::copy(words, at).out; };
  add(kDeclarations);
  add(kClauses);
  add(kActions);
  add(kOthers);
  std::ranges::sort(all.words);
  for (std::size_t letter = 0; letter < all.first.size(); ++letter) {
    const auto is_before = [&](std::string_view word) {
      return static_cast<std::size_t>(word[0] - 'a') < letter;
    };
    all.first[letter] = static_cast<std::uint8_t>(std::ranges::count_if(all.words, is_before));
  }
  return all;
}();

}  // namespace

std::span<const std::string_view> declaration_words() { return kDeclarations; }
std::span<const std::string_view> clause_words() { return kClauses; }
std::span<const std::string_view> action_words() { return kActions; }

bool is_declaration_word(std::string_view word) {
  return std::ranges::binary_search(kDeclarations, word);
}
bool is_clause_word(std::string_view word) { return std::ranges::binary_search(kClauses, word); }
bool is_action_word(std::string_view word) { return std::ranges::binary_search(kActions, word); }

bool is_reserved(std::string_view word) {
  if (word.empty() || word[0] < 'a' || word[0] > 'z') return false;
  const auto letter = static_cast<std::size_t>(word[0] - 'a');
  for (std::size_t i = kReserved.first[letter]; i < kReserved.first[letter + 1]; ++i) {
    if (kReserved.words[i] == word) return true;
  }
  return false;
}

}  // namespace consign
