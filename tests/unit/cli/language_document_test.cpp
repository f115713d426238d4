// docs/language.md holds the language's tables as `consign help` prints them.
// CONSIGN_UPDATE_GOLDEN=1 writes them anew.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;

TEST_CASE("the tables of the language reference are those of the program") {
  const std::filesystem::path path = std::filesystem::path(CONSIGN_SOURCE_DIR) / "docs/language.md";
  std::ifstream file(path);
  const std::string before{std::istreambuf_iterator<char>(file), {}};
  std::string document = before;
  for (const std::string topic :
       {"fields", "operators", "functions", "actions", "permissions", "messages"}) {
    CAPTURE(topic);
    const std::string opener = "<!-- " + topic + " -->\n", closer = "<!-- /" + topic + " -->";
    const auto begin = document.find(opener);
    const auto end = document.find(closer);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const auto from = begin + opener.size();
    document.replace(from, end - from, run_consign({"help", topic, "--format", "markdown"}).out);
  }
  if (std::getenv("CONSIGN_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << document;
  CHECK_MESSAGE((document == before || std::getenv("CONSIGN_UPDATE_GOLDEN") != nullptr),
                "docs/language.md is behind; run this test with CONSIGN_UPDATE_GOLDEN=1");
}
