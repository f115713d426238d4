#include "engine/regex_literals.hpp"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <array>

namespace consign {

namespace {

constexpr int kShortest = 2;  ///< bytes; one letter tells too little

/// The longest run of ASCII in a literal. RE2 gives its literals in lower case.
std::string_view longest_ascii(std::string_view literal) {
  std::string_view best;
  for (std::size_t begin = 0; begin < literal.size();) {
    std::size_t end = begin;
    while (end < literal.size() && static_cast<unsigned char>(literal[end]) < 0x80) ++end;
    if (end - begin > best.size()) best = literal.substr(begin, end - begin);
    begin = end + 1;
  }
  return best;
}

}  // namespace

std::vector<std::string> required_literals(const std::string& pattern) {
  re2::FilteredRE2 filter(kShortest);
  RE2::Options options;
  options.set_log_errors(false);
  int id = 0;
  if (filter.Add(pattern, options, &id) != RE2::NoError) return {};
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  const auto may_match = [&](const std::vector<int>& held) {
    std::vector<int> potentials;
    filter.AllPotentials(held, &potentials);
    return !potentials.empty();
  };
  if (atoms.empty() || may_match({})) return {};
  // One that every match holds is enough: the longest of those.
  std::string required;
  std::vector<std::string> any;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::string_view piece = longest_ascii(atoms[i]);
    std::vector<int> others;
    for (std::size_t j = 0; j < atoms.size(); ++j) {
      if (j != i) others.push_back(static_cast<int>(j));
    }
    if (!may_match(others) && piece.size() > required.size()) required = piece;
    any.emplace_back(piece);
  }
  if (!required.empty()) return {required};
  const bool all_tell =
      std::all_of(any.begin(), any.end(), [](const std::string& each) { return !each.empty(); });
  if (!all_tell) return {};
  std::sort(any.begin(), any.end());
  any.erase(std::unique(any.begin(), any.end()), any.end());
  return any;
}

void lower_into(std::string_view text, std::string& out) {
  struct Other {
    std::string_view letter;
    char lower;
  };
  // No other letters outside ASCII are taken by RE2 for some inside.
  constexpr std::array kOthers = {Other{"\u212A", 'k'}, Other{"\u017F", 's'}};
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + ('a' - 'A'));
      continue;
    }
    const auto other = std::find_if(kOthers.begin(), kOthers.end(), [&](const Other& each) {
      return c == each.letter.front() && text.substr(i, each.letter.size()) == each.letter;
    });
    if (other == kOthers.end()) {
      out += c;
    } else {
      out += other->lower;
      i += other->letter.size() - 1;
    }
  }
}

}  // namespace consign
