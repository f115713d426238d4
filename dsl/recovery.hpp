// Finding one's feet again after a fault, by looking at lines and brackets only.
//
// A declaration or a clause is taken to begin where a line begins with its word. Texts end on their
// line, so an unclosed one cannot swallow what follows; braces are counted only inside a rule, so a
// missing one cannot either.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace consign {

/// The first offset from `at` on that is neither blank nor in a comment.
std::size_t skip_blank(std::string_view text, std::size_t at);
/// The end of the name-like word at `at`; `at` itself if there is none.
std::size_t word_end(std::string_view text, std::size_t at);
/// Whether only blanks stand before `at` on its line.
bool begins_line(std::string_view text, std::size_t at);
/// Whether a declaration's word stands at `at`, first on its line, with a blank, a quote or the end
/// behind it.
bool declaration_begins(std::string_view text, std::size_t at);

/// Where the next declaration begins, from `from` on; the end of the text if there is none.
std::size_t next_declaration(std::string_view text, std::size_t from);

/// The same behind a supplier that begins at `start`, after a fault in it. A zone of its own is
/// indented; one in the first column is the rule set's, also where the braces were not closed.
std::size_t behind_supplier(std::string_view text, std::size_t start, std::size_t fault);

/// Behind the `}` that closes what the first `{` from `at` on opens; npos if there is none.
std::size_t block_end(std::string_view text, std::size_t at);

/// Where to go on inside a rule after a fault: at a clause, behind the rule's `}`, or, where that
/// is missing, at the next declaration or the end.
struct ClauseResume {
  std::size_t at;
  bool in_rule;
};
/// `start` is where the faulty clause begins, `fault` where it went wrong.
ClauseResume next_clause(std::string_view text, std::size_t start, std::size_t fault);

/// What is open at `to` when one reads from `from`: brackets, outermost first, and a text.
struct OpenMarks {
  std::vector<std::size_t> brackets;
  std::size_t text = std::string_view::npos;
};
OpenMarks open_marks(std::string_view text, std::size_t from, std::size_t to);

}  // namespace consign
