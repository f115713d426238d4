// Files as the tool reads and rewrites them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "consign/result.hpp"

namespace consign::cli {

/// The file's bytes.
Result<std::string> read_file(const std::filesystem::path& path);

/// Puts `text` in the place of the file's content in one step: whoever opens the file sees the old
/// text or the new one, also after a crash. Mode and owner stay; a symbolic link stays one.
Status replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace consign::cli
