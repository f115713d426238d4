// Of n rules that assign, n*n/2 pairs would have to be compared. Most rule sets ask one thing of
// each line for its value (a SKU, a country), and rules that ask for different values of it never
// meet: so the rules are put into buckets by the thing that most of them ask for, and only pairs
// within a bucket, and those with rules that do not ask for it, are looked at.

#include "dsl/overlaps.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "consign/text.hpp"

namespace consign::check {

namespace {

constexpr std::size_t kMostShown = 20;
/// Values of one rule in buckets; a rule that asks for more stands outside of them.
constexpr std::size_t kMostValues = 16;
/// What is known of rules is kept for so many of them at a time.
constexpr std::size_t kMostKept = 10'000;

}  // namespace

Overlaps::Claims* Overlaps::claims_of(RuleNumber number) {
  const Rule& rule = rules_.rules[number];
  Claims& claims = rule.otherwise ? fallbacks_ : claims_;
  if (rule.mode != Mode::live || !assign_of(rule)) return nullptr;
  claims.rules.push_back(number);
  return &claims;
}

void Overlaps::ask(Claims& claims, std::uint32_t thing, std::string_view text, RuleNumber rule) {
  fold_into(text, folded_);
  auto number = values_.find(folded_);
  if (!number) number = values_.add(texts_.copy(std::string_view(folded_))).first;
  claims.asked.push_back({thing, *number, rule});
}

void Overlaps::note(RuleNumber number, const Environment& conjuncts) {
  Claims* claims = claims_of(number);
  if (!claims) return;
  for (const auto& [thing, remaining] : conjuncts) {
    if (!remaining.among || remaining.many || !remaining.must_be_present) continue;
    if (remaining.among->empty() || remaining.among->size() > kMostValues) continue;
    ++claims->asking[thing];
    for (const Candidate& each : *remaining.among) ask(*claims, thing, each.text, number);
  }
}

void Overlaps::note_plain(RuleNumber number, std::span<const Expr* const> parts) {
  Claims* claims = claims_of(number);
  for (const Expr* part : parts) {
    // Examples name things in the order in which rules do, so each is taken note of.
    const Expr& operand = *operand_of(*part);
    const std::uint32_t thing = satisfiability_.thing_of(operand);
    if (!claims || row_of(operand.as<FieldRead>().field).many()) continue;
    std::span<const Value> values;
    const Value truth = Value::of_bool(true);
    if (const auto* comparison = part->get_if<Comparison>()) {
      if (comparison->op == Operator::equal) {
        values = {&comparison->right->as<Constant>().value, 1};
      }
    } else if (const auto* membership = part->get_if<Membership>()) {
      if (!membership->negated) values = membership->members;
    } else if (part->is<TruthTest>()) {
      values = {&truth, 1};
    }
    if (values.empty() || values.size() > kMostValues || !is_textual(values.front().type)) continue;
    ++claims->asking[thing];
    for (const Value& value : values) {
      const bool is_truth = value.type == Type::boolean;
      ask(*claims, thing, is_truth ? (value.truth ? "true" : "false") : value.text, number);
    }
  }
}

void Overlaps::find() {
  compare_all(claims_);
  compare_all(fallbacks_);
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

void Overlaps::compare_all(Claims& claims) {
  const auto most =
      std::max_element(claims.asking.begin(), claims.asking.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<Asked> asked = std::move(claims.asked);
  std::erase_if(asked, [&](const Asked& each) { return each.thing != most->first; });
  std::vector<RuleNumber> inside, outside;
  for (const Asked& each : asked) {
    if (inside.empty() || inside.back() != each.rule) inside.push_back(each.rule);
  }
  std::set_difference(claims.rules.begin(), claims.rules.end(), inside.begin(), inside.end(),
                      std::back_inserter(outside));

  // A bucket for each value, in the order of their texts; rules come in their order.
  const auto texts = values_.texts();
  std::vector<std::vector<RuleNumber>> buckets(texts.size());
  for (const Asked& each : asked) {
    std::vector<RuleNumber>& bucket = buckets[each.value];
    if (bucket.empty() || bucket.back() != each.rule) bucket.push_back(each.rule);
  }
  std::vector<std::uint32_t> by_text(texts.size());
  std::iota(by_text.begin(), by_text.end(), 0);
  std::erase_if(by_text, [&](std::uint32_t value) { return buckets[value].size() < 2; });
  std::sort(by_text.begin(), by_text.end(),
            [&](std::uint32_t a, std::uint32_t b) { return texts[a] < texts[b]; });
  for (const std::uint32_t value : by_text) compare_within(buckets[value]);

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

void Overlaps::compare_within(const std::vector<RuleNumber>& members) {
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
bool Overlaps::cannot_meet(const Rule& first, const Rule& second) const {
  const AssignAction& a = *assign_of(first);
  const AssignAction& b = *assign_of(second);
  if (a.targets.size() == 1 && b.targets.size() == 1 &&
      a.targets.front().supplier == b.targets.front().supplier) {
    return true;
  }
  const auto stops = [](const Action& action) { return action.kind() == ActionKind::stop; };
  if (a.or_next_rule || std::any_of(first.actions.begin(), first.actions.end(), stops)) return true;
  // A rule that always fires is the fallback of those before it, and told of to those after it.
  for (const Rule* rule : {&first, &second}) {
    if (!rule->condition || satisfiability_.always(*rule->condition)) return true;
  }
  const RuleDetails& a_only = *first.details;
  const RuleDetails& b_only = *second.details;
  if (a_only.from && b_only.until && *b_only.until <= *a_only.from) return true;
  if (b_only.from && a_only.until && *a_only.until <= *b_only.from) return true;
  if (a_only.shops.empty() || b_only.shops.empty()) return false;
  return std::none_of(a_only.shops.begin(), a_only.shops.end(), [&](std::string_view shop) {
    return std::find(b_only.shops.begin(), b_only.shops.end(), shop) != b_only.shops.end();
  });
}

const Environment& Overlaps::known(RuleNumber rule) {
  const auto at = known_.find(rule);
  if (at != known_.end()) return at->second;
  return known_[rule] = satisfiability_.conjuncts(rules_.rules[rule].condition);
}

bool Overlaps::conjuncts_meet(RuleNumber first, RuleNumber second) {
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

void Overlaps::compare(RuleNumber first, RuleNumber second) {
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
  const auto together = satisfiability_.together({a.condition, b.condition});
  const auto* example = std::get_if<Environment>(&together);
  if (!example || !told_.emplace(first, second).second) return;  // two buckets may share a pair
  ++found_;
  tell(a, b, *example);
}

std::string Overlaps::suppliers_of(const Rule& rule) const {
  std::string all;
  for (const AssignTarget& target : assign_of(rule)->targets) {
    all += (all.empty() ? "`" : ", `") + rules_.suppliers[target.supplier].name + "`";
  }
  return all;
}

void Overlaps::tell(const Rule& first, const Rule& second, const Environment& environment) {
  std::string example;
  for (const auto& [id, remaining] : environment) {
    const Things::Thing& thing = satisfiability_.things().get(id);
    const std::string value = remaining.example(thing.type);
    if (value.empty() || thing.name.starts_with("#") || value == thing.name) continue;
    example += (example.empty() ? "" : ", ") + thing.name + " " + value;
  }
  auto message = sink_.report(Code::overlapping_assigns,
                              "`" + std::string(first.name) + "` and `" + std::string(second.name) +
                                  "` can claim one line for different suppliers");
  message.primary(second.name_span, "for " + suppliers_of(second))
      .label(first.name_span,
             "for " + suppliers_of(first) + (rules_.overlaps_hold ? "" : ", and first"));
  if (!example.empty()) message.note("for example with " + example);
}

const AssignAction* assign_of(const Rule& rule) {
  for (const Action& action : rule.actions) {
    if (const auto* assign = std::get_if<AssignAction>(&action.what)) return assign;
  }
  return nullptr;
}

}  // namespace consign::check
