// The tokens of `.rules` text, as the formatter sees them: every byte but blanks is in one of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace consign {

enum class TokenKind : std::uint8_t {
  comment,  ///< from `#` to the end of its line, without blanks there
  text,     ///< with its quotes
  number,   ///< digits only; a unit or `%` is a token of its own
  word,     ///< a name, perhaps with dots; a word of the language; a unit
  other,    ///< a permission, a day, a time
  sign,
};

struct Token {
  TokenKind kind = TokenKind::sign;
  std::string_view text;
  std::size_t at = 0;
  std::size_t newlines = 0;  ///< line breaks between the token before and this one
  bool glued = false;        ///< nothing stands between the token before and this one
};

/// All tokens of `text`, which has been read without faults. They point into it.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace consign
