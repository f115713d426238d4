// Rule sets that change: what a loader makes of a change, knowing the files of before, is what
// comes of reading everything anew: the messages, the rules and every decision.
#include <doctest/doctest.h>

#include <map>

#include "engine/program.hpp"
#include "tests/differential/trial.hpp"
#include "tests/differential/world.hpp"

namespace consign::reference {
namespace {

/// A folder of rule files, and somebody who edits it.
class Folder {
 public:
  Folder(Dice& dice, const Flavour& flavour)
      : dice_(dice), writer_(dice, flavour), next_rule_(flavour.rules) {
    RuleText text = writer_.rule_set();
    for (std::string& each : text.declarations) pieces_[declarations_path()].push_back(each);
    for (std::string& each : text.rules) pieces_[rules_path()].push_back(each);
  }

  void edit() {
    switch (dice_.roll(9)) {
      case 0:
      case 1:
        return some_rules().push_back(writer_.rule(next_rule_++));
      case 2:
      case 3:
        return change_a_rule();
      case 4:
        return remove_a_rule();
      case 5: {
        auto moved = pieces_.extract(any_file());
        moved.key() = "7" + std::to_string(dice_.roll(10)) + "-" + moved.key();
        pieces_.insert(std::move(moved));
        return;
      }
      case 6: {
        auto& pieces = pieces_[any_file()];
        pieces.insert(pieces.begin(), "# every place in the file moves\n");
        return;
      }
      case 7:
        return some_rules().push_back("rule broken { when order.totl > 5 then stop }\n");
      default:
        return heal();
    }
  }

  std::vector<RuleFile> files() const {
    std::vector<RuleFile> out;
    for (const auto& [path, pieces] : pieces_) {
      RuleFile& file = out.emplace_back(RuleFile{path, {}});
      for (const std::string& piece : pieces) file.text += piece;
    }
    return out;
  }

 private:
  std::string declarations_path() { return "0" + std::to_string(dice_.roll(3)) + "-base.rules"; }
  std::string rules_path() { return std::to_string(10 + dice_.roll(6)) + "-rules.rules"; }
  std::vector<std::string>& some_rules() { return pieces_[rules_path()]; }
  std::string any_file() {
    auto it = pieces_.begin();
    std::advance(it, dice_.roll(pieces_.size()));
    return it->first;
  }

  /// The name stays, what it does is another.
  void change_a_rule() {
    for (auto& [path, pieces] : pieces_) {
      for (std::string& piece : pieces) {
        if (!piece.starts_with("rule r") || !dice_.chance(30)) continue;
        piece = writer_.rule(std::stoul(piece.substr(6)));
        return;
      }
    }
  }
  void remove_a_rule() {
    for (auto& [path, pieces] : pieces_) {
      for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
        if (!piece->starts_with("rule r") || !dice_.chance(30)) continue;
        pieces.erase(piece);
        return;
      }
    }
  }
  void heal() {
    for (auto& [path, pieces] : pieces_) {
      std::erase_if(pieces,
                    [](const std::string& piece) { return piece.starts_with("rule broken"); });
    }
  }

  Dice& dice_;
  RuleWriter writer_;
  std::size_t next_rule_;
  std::map<std::string, std::vector<std::string>> pieces_;
};

std::string told(const CheckResult& result) {
  return (result.ok() ? result.rules->hash + "\n" + outline(*result.rules) : "refused\n") +
         messages_of(result);
}

}  // namespace

TEST_CASE("after any edit of any file, rules decide as if they had been read anew") {
  std::size_t decisions = 0, refused = 0, grown_programs = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    const Flavour flavour = flavour_of(dice);
    Folder folder(dice, flavour);
    RuleSetLoader loader;
    Arena arena;
    CompileOptions always;
    always.always = true;  // however much has changed
    std::shared_ptr<const Program> program, grown;
    for (int step = 0; step < 15; ++step) {
      CAPTURE(step);
      const CheckResult changed = loader.check(folder.files());
      const CheckResult anew = check_rules(folder.files());
      REQUIRE(told(changed) == told(anew));
      folder.edit();
      if (!changed.ok()) {
        ++refused;
        continue;
      }
      program = compile(changed.rules, {}, program);
      grown = compile(changed.rules, always, grown);
      grown_programs += grown->growth.added > 0;
      const auto fresh = compile(anew.rules);
      for (int i = 0; i < 4; ++i) {
        const Case one = random_case(dice, flavour);
        const std::string decision = decided(*program, one, arena);
        REQUIRE(decision == decided(*grown, one, arena));
        REQUIRE(decision == decided(*fresh, one, arena));
        REQUIRE(decision == expected(*changed.rules, one));
        ++decisions;
      }
    }
  }
  CHECK(decisions > 1'500);
  CHECK(refused > 50);
  CHECK(grown_programs > 200);
}

}  // namespace consign::reference
