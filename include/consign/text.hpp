// Text as people mean it: trimmed, composed, without letter case.
//
// Folding is NFC(casefold(NFC(trim(text)))), by utf8proc: the one place where two spellings
// become one. Rules fold their literals once, when they load; events are folded as they come in.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

namespace consign {

/// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view text);

/// `text` without white space (Unicode's) at both ends. A view into `text`.
std::string_view trim(std::string_view text);

/// The folded form of `text`, which must be valid UTF-8.
std::string fold(std::string_view text);

/// Folds `text` into `out`, which is cleared first and keeps its capacity: no allocation once it
/// has grown.
void fold_into(std::string_view text, std::string& out);
/// The folded form in memory of `memory`'s.
std::string_view fold_into(std::string_view text, std::pmr::memory_resource& memory);

/// ASCII letters in lower case; other bytes as they are. For e-mail addresses and enum words.
std::string ascii_lower(std::string_view text);

/// Whether `text` fits the glob `pattern` as a whole: `*` any run of characters, `?` any one
/// character, `\` takes the next one literally. Time is linear in the text times the number of
/// stars at worst; no recursion.
bool glob_matches(std::string_view pattern, std::string_view text);

/// The number of single-character edits between two words, at most `limit` + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// How many columns of a terminal `text` fills (wide characters count two, combining marks none).
std::size_t display_width(std::string_view text);

}  // namespace consign
