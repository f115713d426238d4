// The words of the language: what opens a declaration, a clause or an action, and what else cannot
// be a bare name.
#pragma once

#include <span>
#include <string_view>

namespace consign {

/// "supplier", "list", … in alphabetical order; `never` stands for `never grant`.
std::span<const std::string_view> declaration_words();
/// "about", "from", … the words that open a clause of a rule.
std::span<const std::string_view> clause_words();
/// "assign", "hold", … the words that open an action.
std::span<const std::string_view> action_words();

bool is_declaration_word(std::string_view word);
bool is_clause_word(std::string_view word);
bool is_action_word(std::string_view word);
/// Whether `word` needs quotes to be a name (language.md A3).
bool is_reserved(std::string_view word);

}  // namespace consign
