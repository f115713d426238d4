// Of n rules that assign, n*n/2 pairs would have to be compared. Most rule sets ask one thing of
// each line for its value (a SKU, a country), and rules that ask for different values of it never
// meet: so the rules are put into buckets by the thing that most of them ask for, and only pairs
// within a bucket, and those with rules that do not ask for it, are looked at.

#include "dsl/overlaps.hpp"

#include <algorithm>
#include <set>

#include "consign/text.hpp"

namespace consign::check {

namespace {

constexpr std::size_t kMostShown = 20;
/// Values of one rule in buckets; a rule that asks for more stands outside of them.
constexpr std::size_t kMostValues = 16;
/// What is known of rules is kept for so many of them at a time.
constexpr std::size_t kMostKept = 10'000;

using RuleNumber = std::uint32_t;

class Overlaps {
 public:
  Overlaps(const RuleSet& rules, Satisfiability& satisfiability, std::size_t budget,
           DiagnosticSink& sink)
      : rules_(rules), satisfiability_(satisfiability), budget_(budget), sink_(sink) {}

  void find() {
    for (const bool otherwise : {false, true}) {
      std::vector<RuleNumber> claims;
      for (RuleNumber i = 0; i < rules_.rules.size(); ++i) {
        const Rule& rule = rules_.rules[i];
        if (rule.mode == Mode::live && rule.otherwise == otherwise && assign_of(rule)) {
          claims.push_back(i);
        }
      }
      compare_all(claims);
    }
    if (found_ > kMostShown) {
      sink_.report(Code::overlapping_assigns,
                   "and " + std::to_string(found_ - kMostShown) +
                       " more pairs of rules that can claim one line for different suppliers");
    }
    if (left_ > 0) {
      sink_.report(Code::overlapping_assigns,
                   std::to_string(left_) + " pairs of rules were not compared: there are too many");
    }
  }

 private:
  void compare_all(const std::vector<RuleNumber>& claims) {
    // Which single value of which thing each rule asks for.
    std::map<std::uint32_t, std::size_t> asked;
    std::vector<std::map<std::uint32_t, std::vector<std::string>>> values(claims.size());
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const Environment known = satisfiability_.conjuncts(rules_.rules[claims[i]].condition.get());
      for (const auto& [thing, remaining] : known) {
        if (!remaining.among || remaining.many || !remaining.must_be_present) continue;
        if (remaining.among->empty() || remaining.among->size() > kMostValues) continue;
        ++asked[thing];
        for (const Candidate& each : *remaining.among) {
          values[i][thing].push_back(fold(each.text));
        }
      }
    }
    const auto most =
        std::max_element(asked.begin(), asked.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    std::map<std::string, std::vector<RuleNumber>> buckets;
    std::vector<RuleNumber> inside, outside;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const auto mine = most == asked.end() ? values[i].end() : values[i].find(most->first);
      if (mine == values[i].end()) {
        outside.push_back(claims[i]);
        continue;
      }
      inside.push_back(claims[i]);
      std::sort(mine->second.begin(), mine->second.end());
      mine->second.erase(std::unique(mine->second.begin(), mine->second.end()), mine->second.end());
      for (const std::string& value : mine->second) buckets[value].push_back(claims[i]);
    }
    values.clear();
    for (const auto& [value, members] : buckets) compare_within(members);
    compare_within(outside);
    for (std::size_t i = 0; i < outside.size(); ++i) {
      if (budget_ == 0) {
        left_ += (outside.size() - i) * inside.size();
        break;
      }
      for (const RuleNumber other : inside) {
        compare(std::min(outside[i], other), std::max(outside[i], other));
      }
    }
  }

  void compare_within(const std::vector<RuleNumber>& members) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (budget_ == 0) {
        const std::size_t rest = members.size() - i;
        left_ += rest * (rest - 1) / 2;
        return;
      }
      for (std::size_t j = i + 1; j < members.size(); ++j) compare(members[i], members[j]);
    }
  }

  /// Rules that differ in more than their conditions: other shops, other times, one and the same
  /// supplier, or a first one that says what is to come after it.
  bool cannot_meet(const Rule& first, const Rule& second) const {
    const AssignAction& a = *assign_of(first);
    const AssignAction& b = *assign_of(second);
    if (a.targets.size() == 1 && b.targets.size() == 1 &&
        a.targets.front().supplier == b.targets.front().supplier) {
      return true;
    }
    const auto stops = [](const Action& action) { return action.kind() == ActionKind::stop; };
    if (a.or_next_rule || std::any_of(first.actions.begin(), first.actions.end(), stops))
      return true;
    // A rule that always fires is the fallback of those before it, and told of to those after it.
    for (const Rule* rule : {&first, &second}) {
      if (!rule->condition || satisfiability_.always(*rule->condition)) return true;
    }
    if (first.from && second.until && *second.until <= *first.from) return true;
    if (second.from && first.until && *first.until <= *second.from) return true;
    if (first.shops.empty() || second.shops.empty()) return false;
    return std::none_of(first.shops.begin(), first.shops.end(), [&](const std::string& shop) {
      return std::find(second.shops.begin(), second.shops.end(), shop) != second.shops.end();
    });
  }

  const Environment& known(RuleNumber rule) {
    const auto at = known_.find(rule);
    if (at != known_.end()) return at->second;
    return known_[rule] = satisfiability_.conjuncts(rules_.rules[rule].condition.get());
  }

  bool conjuncts_meet(RuleNumber first, RuleNumber second) {
    if (known_.size() > kMostKept) known_.clear();
    const Environment& a = known(first);
    const Environment& b = known(second);
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() && right != b.end()) {
      if (left->first < right->first) {
        ++left;
      } else if (right->first < left->first) {
        ++right;
      } else {
        Remaining both = left->second;
        both.absorb(right->second);
        if (both.contradicts()) return false;
        ++left;
        ++right;
      }
    }
    return true;
  }

  void compare(RuleNumber first, RuleNumber second) {
    if (budget_ == 0) {
      ++left_;
      return;
    }
    --budget_;
    const Rule& a = rules_.rules[first];
    const Rule& b = rules_.rules[second];
    if (cannot_meet(a, b) || !conjuncts_meet(first, second)) return;
    if (found_ >= kMostShown) {
      if (told_.emplace(first, second).second) ++found_;
      return;
    }
    const auto together = satisfiability_.together({a.condition.get(), b.condition.get()});
    const auto* example = std::get_if<Environment>(&together);
    if (!example || !told_.emplace(first, second).second) return;  // two buckets may share a pair
    ++found_;
    tell(a, b, *example);
  }

  std::string suppliers_of(const Rule& rule) const {
    std::string all;
    for (const AssignTarget& target : assign_of(rule)->targets) {
      all += (all.empty() ? "`" : ", `") + rules_.suppliers[target.supplier].name + "`";
    }
    return all;
  }

  void tell(const Rule& first, const Rule& second, const Environment& environment) {
    std::string example;
    for (const auto& [id, remaining] : environment) {
      const Things::Thing& thing = satisfiability_.things().get(id);
      const std::string value = remaining.example(thing.type);
      if (value.empty() || thing.name.starts_with("#") || value == thing.name) continue;
      example += (example.empty() ? "" : ", ") + thing.name + " " + value;
    }
    auto message =
        sink_.report(Code::overlapping_assigns, "`" + first.name + "` and `" + second.name +
                                                    "` can claim one line for different suppliers");
    message.primary(second.name_span, "for " + suppliers_of(second))
        .label(first.name_span,
               "for " + suppliers_of(first) + (rules_.overlaps_hold ? "" : ", and first"));
    if (!example.empty()) message.note("for example with " + example);
  }

  const RuleSet& rules_;
  Satisfiability& satisfiability_;
  std::size_t budget_;
  DiagnosticSink& sink_;
  std::unordered_map<RuleNumber, Environment> known_;
  std::set<std::pair<RuleNumber, RuleNumber>> told_;
  std::size_t found_ = 0;
  std::size_t left_ = 0;
};

}  // namespace

const AssignAction* assign_of(const Rule& rule) {
  for (const Action& action : rule.actions) {
    if (const auto* assign = std::get_if<AssignAction>(&action.what)) return assign;
  }
  return nullptr;
}

void warn_of_overlaps(const RuleSet& rules, Satisfiability& satisfiability, std::size_t pair_budget,
                      DiagnosticSink& sink) {
  Overlaps(rules, satisfiability, pair_budget, sink).find();
}

}  // namespace consign::check
