#include "engine/cover.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/posting_map.hpp"
#include "engine/regex_literals.hpp"

namespace consign {

namespace {

// Guesses of how many events hold such a thing; only their order matters.
constexpr double kPresent = 0.9;
constexpr double kMissing = 0.3;
constexpr double kTruth = 0.5;
constexpr double kHalfOpen = 0.5;
constexpr double kInterval = 0.2;
constexpr double kPoint = 0.05;
constexpr double kAffix = 0.05;  ///< over its length
constexpr double kInside = 0.2;  ///< over its length
constexpr double kNoLines = 0.001;
/// An order has several lines, and one that is found is looked at with all of them.
constexpr double kAnyLine = 2;
constexpr double kManyValues = 2;

constexpr std::size_t kMostFactors = 8;   ///< that compounds are tried of
constexpr std::size_t kMostKeys = 64;     ///< of a compound of several slots
constexpr std::size_t kMostSchemas = 32;  ///< of several slots
constexpr std::size_t kSample = 10'000;   ///< rules that vote on schemas
/// A schema costs a look per line; it must spare about as many looks at rules.
constexpr double kWorthALook = 0.5;

/// std::sort of so few makes GCC 12 warn of what it does not do.
template <class Things, class Less>
void sort_few(Things& things, std::size_t count, Less less) {
  for (std::size_t i = 1; i < count; ++i) {
    for (std::size_t j = i; j > 0 && less(things[j], things[j - 1]); --j) {
      std::swap(things[j], things[j - 1]);
    }
  }
}

std::size_t count_of(const TextIds& texts) { return texts.all().size(); }

}  // namespace

Schema single(const Schema::Part& part) {
  Schema schema;
  schema.count = 1;
  schema.parts[0] = part;
  return schema;
}

Coverer::Coverer(const Program& program, std::span<const CompiledRule> rules, bool always)
    : program_(program),
      selectivity_(program, rules),
      key_cost_(1.0 / static_cast<double>(std::max<std::size_t>(program.run.size(), 1000))) {
  vote(rules, always);
  allowed_ = Allowed::chosen;
}

void Coverer::vote(std::span<const CompiledRule> rules, bool always) {
  std::map<Schema, double> spared;
  const std::size_t step = rules.size() / kSample + 1;
  for (std::size_t i = 0; i < rules.size(); i += step) {
    const std::uint32_t condition = rules[i].condition;
    if (condition == kNone) continue;
    plans_.clear();
    allowed_ = Allowed::none;
    Choice plain = choose(condition, {});
    if (always) plain.cost += 1;
    allowed_ = Allowed::all;
    const Choice best = choose(condition, {});
    if (!best || best.cost >= plain.cost) continue;
    std::vector<Key> keys;
    emit(best.plan, keys);
    std::vector<Schema> used;
    for (const Key& key : keys) {
      if (key.kind == Key::Kind::texts && key.schema.count > 1) used.push_back(key.schema);
    }
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    for (const Schema& schema : used) {
      spared[schema] += (plain.cost - best.cost) * static_cast<double>(step);
    }
  }
  std::vector<std::pair<double, Schema>> ranked;
  for (const auto& [schema, looks] : spared) {
    if (always || looks >= kWorthALook) ranked.emplace_back(-looks, schema);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kMostSchemas) ranked.resize(kMostSchemas);
  for (const auto& [looks, schema] : ranked) schemas_.push_back(schema);
  std::sort(schemas_.begin(), schemas_.end());
}

std::optional<double> Coverer::cover(std::uint32_t condition, World world, std::vector<Key>& keys) {
  world_ = world;
  plans_.clear();
  const Choice choice = choose(condition, {});
  if (!choice) return std::nullopt;
  emit(choice.plan, keys);
  return std::min(choice.cost, 1.0);
}

bool Coverer::about_products(const std::vector<Key>& keys) const {
  return std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
    if (key.reach == Reach::order || key.kind == Key::Kind::no_lines) return false;
    if (key.kind != Key::Kind::texts) return may_be_unknown(program_, Row::line, key.slot);
    return std::any_of(
        key.schema.parts.begin(), key.schema.parts.begin() + key.schema.count,
        [&](const Schema::Part& part) { return may_be_unknown(program_, part.row, part.slot); });
  });
}

// ---- choosing ----------------------------------------------------------------------------------

Coverer::Choice Coverer::choose(std::uint32_t condition, Place place) {
  const Node& node = program_.node(condition);
  switch (node.kind) {
    case NodeKind::conjunction:
      return place.negated ? one_of(node, place) : all_of(condition, place);
    case NodeKind::disjunction:
      return place.negated ? all_of(condition, place) : one_of(node, place);
    case NodeKind::negation:
      place.negated = !place.negated;
      return choose(node.a, place);
    case NodeKind::any_line:
      return over_lines(node.a, true, place);
    case NodeKind::no_line:
      place.negated = !place.negated;
      return over_lines(node.a, true, place);
    case NodeKind::every_line:
      return over_lines(node.a, false, place);
    default:
      break;
  }
  const Term term = read_term(program_, condition, place.negated);
  const auto factor = factor_of(term);
  if (!factor) return of_term(term, place);
  factors_.push_back(*factor);
  const Choice choice = best_compound(place);
  factors_.pop_back();
  return choice;
}

/// The factors of an `and` go to factors_, its other parts to others_.
void Coverer::gather(std::uint32_t condition, Place place) {
  const Node& node = program_.node(condition);
  const NodeKind junction = place.negated ? NodeKind::disjunction : NodeKind::conjunction;
  if (node.kind == junction) {
    for (const std::uint32_t part : program_.parts(node)) gather(part, place);
    return;
  }
  if (node.kind == NodeKind::negation) {
    place.negated = !place.negated;
    gather(node.a, place);
    return;
  }
  if (node.kind >= NodeKind::equal) {
    if (const auto factor = factor_of(read_term(program_, condition, place.negated))) {
      factors_.push_back(*factor);
      return;
    }
  }
  others_.push_back(condition);
  others_negated_.push_back(place.negated);
}

Coverer::Choice Coverer::all_of(std::uint32_t condition, Place place) {
  const std::size_t known = factors_.size(), begin = others_.size();
  gather(condition, place);
  const std::size_t end = others_.size();
  Choice best;
  if (factors_.size() > known) best = best_compound(place);
  for (std::size_t i = begin; i < end; ++i) {
    Place part = place;
    part.negated = others_negated_[i];
    const Choice choice = choose(others_[i], part);
    if (choice && (!best || choice.cost < best.cost)) best = choice;
  }
  factors_.resize(known);
  others_.resize(begin);
  others_negated_.resize(begin);
  return best;
}

Coverer::Choice Coverer::one_of(const Node& node, Place place) {
  Choice all;
  for (const std::uint32_t part : program_.parts(node)) {
    const Choice choice = choose(part, place);
    if (!choice) return {};
    all = all ? both(all, choice) : choice;
  }
  return all;
}

/// `any line (c)`, or for `any` false `every line (c)`. If c can be true of every line it can of
/// some, or there is none.
Coverer::Choice Coverer::over_lines(std::uint32_t condition, bool any, Place place) {
  const bool holds_for_none = any == place.negated;
  place.quantified = true;
  place.own = factors_.size();
  const Choice lines = choose(condition, place);
  if (!lines || !holds_for_none) return lines;
  Plan none;
  none.kind = Plan::Kind::no_lines;
  return both(lines, keep(kNoLines, none));
}

bool Coverer::usable(Row row, std::uint32_t slot) const {
  return world_ == World::all_known || !may_be_unknown(program_, row, slot);
}

std::optional<Coverer::Factor> Coverer::factor_of(const Term& term) const {
  if (term.kind != Term::Kind::texts || !usable(term.row, term.slot)) return std::nullopt;
  const double share = selectivity_.share_of(term.row, term.slot, term.mode, term.texts);
  const bool many = field_of(program_, term.row, term.slot).many();
  return Factor{{term.row, term.mode, term.slot}, term.texts, many ? share * kManyValues : share};
}

Coverer::Choice Coverer::best_compound(const Place& place) {
  std::array<const Factor*, kMostFactors> tried;
  std::size_t count = 0;
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    const Factor& factor = factors_[i];
    if (i < place.own && factor.part.row == Row::line) continue;
    std::size_t at = count;
    if (count < kMostFactors) {
      ++count;
    } else if (tried[--at]->share <= factor.share) {
      continue;
    }
    for (; at > 0 && tried[at - 1]->share > factor.share; --at) tried[at] = tried[at - 1];
    tried[at] = &factor;
  }

  double best_cost = 0;
  std::array<const Factor*, Schema::kLargest> best{}, taken{};
  std::size_t best_size = 0;
  const auto consider = [&](std::size_t size, double share, std::size_t keys) {
    if (size > 1 && allowed_ == Allowed::chosen) {
      Schema schema;
      schema.count = static_cast<std::uint32_t>(size);
      for (std::size_t i = 0; i < size; ++i) schema.parts[i] = taken[i]->part;
      sort_few(schema.parts, size, std::less<>());
      if (!std::binary_search(schemas_.begin(), schemas_.end(), schema)) return;
    }
    const bool of_line = std::any_of(taken.begin(), taken.begin() + size, [](const Factor* each) {
      return each->part.row == Row::line;
    });
    const double cost = share * (of_line && place.quantified ? kAnyLine : 1) + cost_of_keys(keys);
    if (best_size != 0 && cost >= best_cost) return;
    best = taken;
    best_size = size;
    best_cost = cost;
  };
  const auto fits = [&](std::size_t size, const Factor& next, std::size_t keys) {
    if (keys > kMostKeys) return false;
    const bool many = field_of(program_, next.part.row, next.part.slot).many();
    for (std::size_t i = 0; i < size; ++i) {
      const Schema::Part& part = taken[i]->part;
      if (part.row == next.part.row && part.slot == next.part.slot) return false;
      // The values of several such fields would have to be tried in all pairs.
      if (many && field_of(program_, part.row, part.slot).many()) return false;
    }
    return true;
  };
  for (std::size_t a = 0; a < count; ++a) {
    const std::size_t keys_a = count_of(tried[a]->texts);
    taken[0] = tried[a];
    consider(1, tried[a]->share, keys_a);
    if (allowed_ == Allowed::none) continue;
    for (std::size_t b = a + 1; b < count; ++b) {
      const std::size_t keys_b = keys_a * count_of(tried[b]->texts);
      if (!fits(1, *tried[b], keys_b)) continue;
      taken[1] = tried[b];
      const double share_b = tried[a]->share * tried[b]->share;
      consider(2, share_b, keys_b);
      for (std::size_t c = b + 1; c < count; ++c) {
        const std::size_t keys_c = keys_b * count_of(tried[c]->texts);
        if (!fits(2, *tried[c], keys_c)) continue;
        taken[2] = tried[c];
        consider(3, share_b * tried[c]->share, keys_c);
      }
    }
  }
  if (best_size == 0) return {};
  Plan plan;
  plan.kind = Plan::Kind::compound;
  plan.count = static_cast<std::uint32_t>(best_size);
  bool of_line = false;
  for (std::size_t i = 0; i < best_size; ++i) {
    plan.factors[i] = *best[i];
    of_line |= best[i]->part.row == Row::line;
  }
  sort_few(plan.factors, best_size,
           [](const Factor& x, const Factor& y) { return x.part < y.part; });
  if (of_line) plan.reach = place.quantified ? Reach::any_line : Reach::own_line;
  return keep(best_cost, plan);
}

Coverer::Choice Coverer::of_term(const Term& term, Place place) {
  if (term.kind == Term::Kind::never) return keep(0, Plan{});  // and so never looked at
  if (term.kind == Term::Kind::counted) {
    place.negated = false;
    return over_lines(term.filter, true, place);
  }
  if (term.kind == Term::Kind::always || term.kind == Term::Kind::none_of) return {};
  if (!usable(term.row, term.slot) || world_ == World::waiting) return {};
  Plan plan;
  plan.kind = Plan::Kind::term;
  plan.term = term;
  if (term.row == Row::line) plan.reach = place.quantified ? Reach::any_line : Reach::own_line;
  const auto over = [&](double share, std::size_t length) {
    return share / static_cast<double>(std::max<std::size_t>(length, 1));
  };
  double share = term.or_missing ? kMissing : 0;
  switch (term.kind) {
    case Term::Kind::interval: {
      const bool half_open = term.low == kLineBegin || term.high == kLineEnd;
      share += half_open ? kHalfOpen : term.low == term.high ? kPoint : kInterval;
      break;
    }
    case Term::Kind::points:
      each_point(program_, term, [&](std::int64_t, std::string_view) { share += kPoint; });
      break;
    case Term::Kind::truth:
      share += kTruth;
      break;
    case Term::Kind::present:
      share += kPresent;
      break;
    case Term::Kind::missing:
      share += kMissing;
      break;
    case Term::Kind::starts_with:
    case Term::Kind::ends_with:
      share += over(kAffix, term.piece.size());
      break;
    case Term::Kind::contains:
      share += over(kInside, term.piece.size());
      break;
    case Term::Kind::matches: {
      const auto& literals = literals_of(term.pattern);
      if (literals.empty()) return {};
      for (const std::string& literal : literals) share += over(kInside, literal.size());
      break;
    }
    default:
      return {};
  }
  if (plan.reach == Reach::any_line) share *= kAnyLine;
  return keep(share, plan);
}

Coverer::Choice Coverer::keep(double cost, Plan plan) {
  plans_.push_back(std::move(plan));
  return {cost, static_cast<std::uint32_t>(plans_.size() - 1)};
}

Coverer::Choice Coverer::both(Choice a, Choice b) {
  Plan plan;
  plan.kind = Plan::Kind::both;
  plan.left = a.plan;
  plan.right = b.plan;
  return keep(a.cost + b.cost, plan);
}

/// Room for keys counts a little, so that a few rules that share a key are not told apart at any
/// price.
double Coverer::cost_of_keys(std::size_t keys) const {
  return std::min(0.1, static_cast<double>(keys) * key_cost_);
}

const std::vector<std::string>& Coverer::literals_of(std::uint32_t pattern) {
  const auto known = regex_literals_.find(pattern);
  if (known != regex_literals_.end()) return known->second;
  return regex_literals_.emplace(pattern, required_literals(program_.patterns[pattern].text))
      .first->second;
}

// ---- why there is none -------------------------------------------------------------------------

Unfound Coverer::why_none(std::uint32_t condition) {
  world_ = World::all_known;
  plans_.clear();
  return why_none(condition, Place{});
}

Unfound Coverer::why_none(std::uint32_t condition, Place place) {
  const Node& node = program_.node(condition);
  switch (node.kind) {
    case NodeKind::conjunction:
    case NodeKind::disjunction: {
      // Of an `and` all parts lack a cover, and any one's reason will do; of an `or` some part
      // does.
      Unfound why = Unfound::always_true;
      for (const std::uint32_t part : program_.parts(node)) {
        if (choose(part, place)) continue;
        why = why_none(part, place);
        if (why != Unfound::always_true) break;
      }
      return why;
    }
    case NodeKind::negation:
    case NodeKind::no_line:
      place.negated = !place.negated;
      return why_none(node.a, place);
    case NodeKind::any_line:
    case NodeKind::every_line:
      return why_none(node.a, place);
    default:
      break;
  }
  const Term term = read_term(program_, condition, place.negated);
  if (term.kind == Term::Kind::counted) return Unfound::counted;
  return term.kind == Term::Kind::matches ? Unfound::pattern : term.why;
}

// ---- what excludes -----------------------------------------------------------------------------

void Coverer::excluders(std::uint32_t condition, std::vector<Key>& keys) const {
  exclude(condition, {}, keys);
}

void Coverer::exclude(std::uint32_t condition, Place place, std::vector<Key>& keys) const {
  const Node& node = program_.node(condition);
  switch (node.kind) {
    case NodeKind::conjunction:
    case NodeKind::disjunction:
      // What makes one part of an `or` false leaves the others.
      if ((node.kind == NodeKind::conjunction) == place.negated) return;
      for (const std::uint32_t part : program_.parts(node)) exclude(part, place, keys);
      return;
    case NodeKind::negation:
      place.negated = !place.negated;
      exclude(node.a, place, keys);
      return;
    case NodeKind::any_line:
    case NodeKind::no_line:
    case NodeKind::every_line: {
      if (node.kind == NodeKind::no_line) place.negated = !place.negated;
      // One line settles what is asked of every line alone.
      if ((node.kind == NodeKind::every_line) == place.negated) return;
      place.quantified = true;
      exclude(node.a, place, keys);
      return;
    }
    default:
      break;
  }
  const Term term = read_term(program_, condition, place.negated);
  if (term.kind != Term::Kind::none_of) return;
  if (place.quantified && term.row == Row::order) return;  // there may be no lines to ask it of
  Key key;
  key.kind = Key::Kind::texts;
  if (term.row == Row::line) key.reach = place.quantified ? Reach::any_line : Reach::own_line;
  key.schema = single({term.row, term.mode, term.slot});
  for (const std::uint32_t text : term.texts.all()) {
    key.texts = text;
    keys.push_back(key);
  }
}

// ---- keys --------------------------------------------------------------------------------------

void Coverer::emit(std::uint32_t index, std::vector<Key>& keys) {
  const Plan& plan = plans_[index];
  switch (plan.kind) {
    case Plan::Kind::nothing:
      return;
    case Plan::Kind::compound:
      emit_compound(plan, keys);
      return;
    case Plan::Kind::term:
      emit_term(plan, keys);
      return;
    case Plan::Kind::both:
      emit(plan.left, keys);
      emit(plan.right, keys);
      return;
    case Plan::Kind::no_lines: {
      Key& key = keys.emplace_back();
      key.kind = Key::Kind::no_lines;
      return;
    }
  }
}

void Coverer::emit_compound(const Plan& plan, std::vector<Key>& keys) {
  Key key;
  key.kind = Key::Kind::texts;
  key.reach = plan.reach;
  key.schema.count = plan.count;
  for (std::size_t i = 0; i < plan.count; ++i) key.schema.parts[i] = plan.factors[i].part;
  const auto with_rest = [&](auto&& self, std::size_t at, std::uint32_t joined) -> void {
    if (at == plan.count) {
      key.texts = joined;
      keys.push_back(key);
      return;
    }
    for (const std::uint32_t text : plan.factors[at].texts.all()) {
      self(self, at + 1, at == 0 ? text : joined_key(joined, text));
    }
  };
  with_rest(with_rest, 0, 0);
}

void Coverer::emit_term(const Plan& plan, std::vector<Key>& keys) {
  const Term& term = plan.term;
  Key key;
  key.reach = plan.reach;
  key.slot = term.slot;
  key.mode = term.mode;
  key.truth = term.truth;
  key.low = term.low;
  key.high = term.high;
  key.currency = term.currency;
  key.piece = term.piece;
  const auto put = [&](Key::Kind kind) {
    key.kind = kind;
    keys.push_back(key);
  };
  if (term.or_missing) put(Key::Kind::missing);
  switch (term.kind) {
    case Term::Kind::interval:
      return put(Key::Kind::interval);
    case Term::Kind::points:
      each_point(program_, term, [&](std::int64_t at, std::string_view currency) {
        key.low = key.high = at;
        key.currency = currency;
        put(Key::Kind::interval);
      });
      return;
    case Term::Kind::truth:
      return put(Key::Kind::truth);
    case Term::Kind::present:
      return put(Key::Kind::present);
    case Term::Kind::missing:
      return put(Key::Kind::missing);
    case Term::Kind::starts_with:
      return put(Key::Kind::starts_with);
    case Term::Kind::ends_with:
      return put(Key::Kind::ends_with);
    case Term::Kind::contains:
      return put(Key::Kind::contains);
    case Term::Kind::matches:
      for (const std::string& literal : literals_of(term.pattern)) {
        key.piece = literal;
        put(Key::Kind::contains_lower);
      }
      return;
    default:
      return;
  }
}

}  // namespace consign
