// Folders of pairs: a rule file, and the text that it must give. CONSIGN_UPDATE_GOLDEN=1 rewrites
// the texts; `git diff` then is the review. An input without its pair fails.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "consign/dsl.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool is_updating() {
  const char* wish = std::getenv("CONSIGN_UPDATE_GOLDEN");
  return wish != nullptr && std::string(wish) == "1";
}

std::vector<fs::path> inputs_in(const fs::path& folder) {
  std::vector<fs::path> inputs;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path ending = entry.path().extension();
    if (ending == ".rules" || ending == ".yaml") inputs.push_back(entry.path());
  }
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

consign::CheckResult check(const fs::path& input) {
  return consign::check_rules({{input.filename().string(), read(input)}});
}

std::string messages(const consign::CheckResult& result) {
  std::string text;
  for (const auto& diagnostic : result.diagnostics) {
    text += (text.empty() ? "" : "\n") + consign::render(diagnostic, *result.sources);
  }
  return text;
}

void compare_folder(const std::string& name, const std::string& ending,
                    const std::function<std::string(const fs::path&)>& output) {
  const fs::path folder = fs::path(CONSIGN_SOURCE_DIR) / "tests/golden" / name;
  const std::vector<fs::path> inputs = inputs_in(folder);
  REQUIRE(!inputs.empty());
  for (const fs::path& input : inputs) {
    SUBCASE(input.filename().c_str()) {
      fs::path pair = input;
      pair += ending;
      const std::string actual = output(input);
      if (is_updating()) std::ofstream(pair, std::ios::binary) << actual;
      REQUIRE_MESSAGE(fs::exists(pair), "no expected text beside the input: " << pair);
      CHECK(actual == read(pair));
    }
  }
}

}  // namespace

TEST_CASE("broken and doubtful rule files are told of as expected") {
  compare_folder("diag", ".txt", [](const fs::path& input) {
    const auto result = check(input);
    CHECK_MESSAGE(!result.diagnostics.empty(), "this file has nothing to tell of");
    return messages(result);
  });
}

TEST_CASE("good rule files become the expected trees") {
  compare_folder("tree", ".tree", [](const fs::path& input) {
    const auto result = check(input);
    CHECK(messages(result) == "");
    return result.ok() ? consign::outline(*result.rules) : std::string();
  });
}
