#include "dsl/words.hpp"

#include <algorithm>
#include <array>

namespace consign {
namespace {

using namespace std::string_view_literals;

// All four in byte order, so that a look-up is a binary search.
constexpr std::array kDeclarations = {
    "define"sv, "event"sv, "field"sv, "list"sv,     "never"sv, "overlaps"sv, "permissions"sv,
    "rate"sv,   "role"sv,  "rule"sv,  "supplier"sv, "table"sv, "timezone"sv,
};
constexpr std::array kClauses = {
    "about"sv, "from"sv, "mode"sv,  "otherwise"sv, "owner"sv,
    "shop"sv,  "then"sv, "until"sv, "when"sv,
};
constexpr std::array kActions = {
    "assign"sv, "divide"sv, "grant"sv, "hold"sv, "note"sv,
    "notify"sv, "set"sv,    "split"sv, "stop"sv, "tag"sv,
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
  return is_declaration_word(word) || is_clause_word(word) || is_action_word(word) ||
         std::ranges::binary_search(kOthers, word);
}

}  // namespace consign
