// docs/language.md holds the language's tables as `consign help` prints them, and examples that are
// in order. CONSIGN_UPDATE_GOLDEN=1 writes the tables anew.
#include <doctest/doctest.h>

#include "tests/unit/cli/document.hpp"
#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;

namespace {

const std::filesystem::path kPath = std::filesystem::path(CONSIGN_SOURCE_DIR) / "docs/language.md";

}  // namespace

TEST_CASE("the example of events of one's own is in order") {
  const auto blocks =
      code_blocks(read_text(std::filesystem::path(CONSIGN_SOURCE_DIR) / "docs/events.md"));
  REQUIRE(!blocks.empty());
  const TemporaryFolder folder;
  folder.write("rules/10-chats.rules", blocks[0].second);
  const Ran ran = run_consign({"check", "--deny-warnings", folder.path() + "/rules"});
  CHECK_MESSAGE(ran.exit == 0, ran.err);
}

TEST_CASE("the examples of the language reference are in order") {
  const auto blocks = code_blocks(read_text(kPath));
  // declarations, a rule, conditions, checks, requests, accounts, a group, events, YAML
  REQUIRE(blocks.size() == 9);
  const TemporaryFolder folder;
  folder.write("rules/10-declarations.rules", blocks[0].second + blocks[1].second);
  std::istringstream conditions(blocks[2].second);
  std::string rules;
  for (std::string line; std::getline(conditions, line);) {
    rules += "rule r" + std::to_string(rules.size()) + " { when " + line + " then tag \"x\" }\n";
  }
  folder.write("rules/20-conditions.rules", rules);
  folder.write("rules/30-checks.rules", blocks[3].second);
  folder.write("rules/40-requests.rules", blocks[4].second);
  const Ran spelled = run_consign({"check", "--deny-warnings", folder.path() + "/rules"});
  CHECK_MESSAGE(spelled.exit == 0, spelled.err);
  folder.write("access/10-declared.rules", blocks[5].second + blocks[6].second + blocks[7].second);
  const Ran access = run_consign({"check", "--deny-warnings", folder.path() + "/access"});
  CHECK_MESSAGE(access.exit == 0, access.err);
  CHECK(blocks[8].first == "yaml");
  const std::string yaml = folder.write("10-rules.yaml", blocks[8].second);
  const Ran in_yaml = run_consign({"check", "--deny-warnings", yaml});
  CHECK_MESSAGE(in_yaml.exit == 0, in_yaml.err);
}

TEST_CASE("the tables of the language reference are those of the program") {
  std::string document = read_text(kPath);
  for (const std::string topic : {"fields", "operators", "functions", "actions", "messages"}) {
    CAPTURE(topic);
    document =
        with_table(document, topic, run_consign({"help", topic, "--format", "markdown"}).out);
    REQUIRE_FALSE(document.empty());
  }
  CHECK_MESSAGE(is_or_becomes(kPath, document),
                "docs/language.md is behind; run this test with CONSIGN_UPDATE_GOLDEN=1");
}
