// What a rule set has of a program that was compiled before it: the rules of files that it shares
// with that program's rule set.
//
// The rules of a file are shared only as long as nothing else that they refer to changes
// (FileRules), so what they were compiled to is good for the new set, too. Parts of dropped rules
// stay in the program; before they are too many, all is compiled anew.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/program.hpp"

namespace consign {

class Difference {
 public:
  /// Nothing if compiling all of `rules` is better; with `always`, only where nothing is shared.
  static std::optional<Difference> between(const Program& previous, const RuleSet& rules,
                                           bool always);

  /// Of the program that is made.
  const Growth& growth() const { return growth_; }
  /// How many rules are to be compiled.
  std::size_t added() const { return added_; }

  /// Calls `keep(compiled, place)` for each rule that was compiled before, with its new number and
  /// the place that it had, and `make(index, otherwise)`, twice, for each other one: as they run.
  template <class Keep, class Make>
  void each_rule(const Program& previous, Keep keep, Make make) const;

 private:
  static constexpr RuleIndex kNew = kNoRule;
  /// The rules of one file, in the order of the new set.
  struct File {
    RuleIndex first, end;
    RuleIndex before;  ///< where they stood in the previous set; kNew: they did not
  };
  std::vector<File> files_;
  Growth growth_;
  std::size_t added_ = 0;
};

template <class Keep, class Make>
void Difference::each_rule(const Program& previous, Keep keep, Make make) const {
  std::uint32_t place = 0;
  for (const bool otherwise : {false, true}) {
    const auto stands_before = [&](RuleIndex rule) {
      return place < previous.run.size() && previous.run[place].otherwise == otherwise &&
             previous.run[place].rule < rule;
    };
    for (const File& file : files_) {
      if (file.before == kNew) {
        for (RuleIndex rule = file.first; rule < file.end; ++rule) make(rule, otherwise);
        continue;
      }
      while (stands_before(file.before)) ++place;
      for (; stands_before(file.before + (file.end - file.first)); ++place) {
        CompiledRule compiled = previous.run[place];
        compiled.rule = (compiled.rule - file.before + file.first) & ((1u << 26) - 1);
        keep(compiled, place);
      }
    }
    while (stands_before(kNoRule)) ++place;
  }
}

}  // namespace consign
