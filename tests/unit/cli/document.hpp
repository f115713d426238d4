// A document of docs/, and the examples in it.
#pragma once

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

}  // namespace consign::cli
