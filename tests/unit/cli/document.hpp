// A document of docs/, and the examples in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace consign::cli {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The document's blocks of code, in order, each after the word behind its opening fence.
inline std::vector<std::pair<std::string, std::string>> code_blocks(const std::string& document) {
  std::vector<std::pair<std::string, std::string>> blocks;
  const std::string fence = "\n```";
  for (auto begin = document.find(fence); begin != std::string::npos;) {
    const auto word = begin + fence.size(), line_end = document.find('\n', word);
    const auto end = document.find(fence, line_end);
    if (end == std::string::npos) break;
    blocks.emplace_back(document.substr(word, line_end - word),
                        document.substr(line_end + 1, end - line_end));
    begin = document.find(fence, end + fence.size());
  }
  return blocks;
}

/// The document with `table` between the markers of that name; empty where it has none.
inline std::string with_table(std::string document, const std::string& name,
                              const std::string& table) {
  const std::string opener = "<!-- " + name + " -->\n";
  const auto begin = document.find(opener), end = document.find("<!-- /" + name + " -->");
  if (begin == std::string::npos || end == std::string::npos) return "";
  const auto from = begin + opener.size();
  return document.replace(from, end - from, table);
}

/// Whether the document is as it should be, which it is made where the environment asks for it.
inline bool is_or_becomes(const std::filesystem::path& path, const std::string& wanted) {
  if (read_text(path) == wanted) return true;
  if (std::getenv("CONSIGN_UPDATE_GOLDEN") == nullptr || wanted.empty()) return false;
  std::ofstream(path) << wanted;
  return true;
}

}  // namespace consign::cli
