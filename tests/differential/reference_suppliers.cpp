#include "tests/differential/reference_suppliers.hpp"

#include <algorithm>
#include <numeric>

#include "consign/hash.hpp"

namespace consign::reference {
namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The handling cost in the order's currency, where it has one that converts.
std::optional<Decimal> cost_of(const RuleSet& rules, const Supplier& supplier, const Event& event) {
  if (!supplier.handling_cost) return std::nullopt;
  return convert(rules, supplier.handling_cost->number, supplier.handling_cost->currency,
                 event.order.text(Field::order_currency));
}

/// The targets, best first; equals as written.
std::vector<const Supplier*> by_preference(const Assigning& a) {
  std::vector<const Supplier*> out;
  for (const AssignTarget& target : a.action.targets) {
    out.push_back(&a.rules.suppliers[target.supplier]);
  }
  const auto sort_by = [&](auto value_of) {
    std::stable_sort(out.begin(), out.end(), [&](const Supplier* one, const Supplier* other) {
      const auto mine = value_of(*one), theirs = value_of(*other);
      return mine && (!theirs || *mine < *theirs);
    });
  };
  if (a.action.choice == Choice::cheapest) {
    sort_by([&](const Supplier& each) { return cost_of(a.rules, each, a.event); });
  }
  if (a.action.choice == Choice::fastest) {
    sort_by([&](const Supplier& each) -> std::optional<Timestamp> {
      if (!each.lead_seconds) return std::nullopt;
      return Timestamp{a.supply.begins(each).micros + *each.lead_seconds * 1'000'000};
    });
  }
  return out;
}

struct Offer {
  std::string supplier;
  Decimal has;
};

/// The first so many of them give what they have until it is enough; nothing where it is not.
std::optional<std::vector<Share>> from_first(const std::vector<Offer>& offers, std::size_t most,
                                             Decimal wanted) {
  std::vector<Share> shares;
  for (std::size_t i = 0; i < offers.size() && i < most; ++i) {
    if (wanted.is_zero()) break;
    const Decimal share = offers[i].has < wanted ? offers[i].has : wanted;
    shares.push_back({share, offers[i].supplier, ""});
    wanted = *wanted.minus(share);
  }
  if (!wanted.is_zero()) return std::nullopt;
  return shares;
}

/// A line that nobody can take whole, in parts; nothing where they have not enough.
std::optional<Plan> in_parts(const Assigning& a, const std::vector<const Supplier*>& targets,
                             std::size_t line, const Decimal& quantity) {
  std::vector<Offer> offers;
  for (const Supplier* each : targets) {
    if (!a.supply.obstacle(*each, line).empty()) continue;
    Decimal has = *a.supply.left(*each, line);
    if (quantity.is_whole()) has = Decimal::floor(has);
    if (!has.is_zero()) offers.push_back({each->name, has});
  }
  Plan plan;
  if (auto shares = from_first(offers, a.action.at_most_parts, quantity)) {
    plan.shares = std::move(*shares);
    plan.ways = {"in parts by preference"};
    return plan;
  }
  std::stable_sort(offers.begin(), offers.end(),
                   [](const Offer& one, const Offer& other) { return other.has < one.has; });
  if (auto shares = from_first(offers, a.action.at_most_parts, quantity)) {
    plan.shares = std::move(*shares);
    plan.ways = {"in parts by those with most"};
    return plan;
  }
  return std::nullopt;
}

/// One of the targets, or several where one alone cannot.
Plan choice(const Assigning& a, std::size_t line, const Decimal& quantity) {
  const std::vector<const Supplier*> targets = by_preference(a);
  Plan plan;
  for (const Supplier* each : targets) {
    if (a.action.choice == Choice::fastest && a.supply.now() < a.supply.begins(*each)) {
      plan.ways.push_back("fastest of those that begin later");
    }
  }
  for (const Supplier* each : targets) {
    const std::string reason = a.supply.refusal(*each, line, quantity);
    if (reason.empty()) {
      plan.shares = {{quantity, each->name, ""}};
      return plan;
    }
    plan.passed_over.push_back(reason);
  }
  if (a.action.at_most_parts > 1) {
    if (auto parts = in_parts(a, targets, line, quantity)) {
      parts->passed_over = plan.passed_over;
      return *parts;
    }
    plan.ways.push_back("not even in parts");
  }
  std::string reasons;
  for (const std::string& reason : plan.passed_over) {
    reasons += (reasons.empty() ? "" : "; ") + reason;
  }
  plan.passed_over.clear();
  plan.nobody = true;
  plan.shares = {{quantity, "", reasons}};
  return plan;
}

/// One target for the whole order, by the hash of shop, order and rule.
const AssignTarget& drawn(const Rule& rule, const AssignAction& action, const Event& event) {
  const Sha256Digest digest = Sha256()
                                  .field(event.order.text(Field::order_shop))
                                  .field(event.order.text(Field::order_id))
                                  .field(rule.name)
                                  .digest();
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | digest[static_cast<std::size_t>(i)];
  const Decimal ticket(static_cast<std::int64_t>(number % 1'000'000));
  Decimal sum(0);
  for (const AssignTarget& target : action.targets) {
    sum = *sum.plus(target.percent);
    if (ticket < *sum.times(Decimal(10'000))) return target;
  }
  return action.targets.back();
}

/// Largest remainder on whole pieces; else three decimals, and the rest to the last.
std::vector<Decimal> divided(std::span<const AssignTarget> targets, const Decimal& quantity) {
  std::vector<Decimal> quantities, fractions;
  Decimal rest = quantity;
  const Decimal unit = quantity.is_whole() ? Decimal(1) : *Decimal(1).divided_by(Decimal(1000));
  for (const AssignTarget& target : targets) {
    const Decimal exact = *quantity.times(target.percent)->divided_by(Decimal(100));
    const Decimal units = Decimal::floor(*exact.divided_by(unit));
    quantities.push_back(*units.times(unit));
    fractions.push_back(*exact.minus(quantities.back()));
    rest = *rest.minus(quantities.back());
  }
  if (!quantity.is_whole()) {
    for (std::size_t i = targets.size(); i-- > 0;) {
      if (targets[i].percent.is_zero()) continue;
      quantities[i] = *quantities[i].plus(rest);
      break;
    }
    return quantities;
  }
  std::vector<std::size_t> by_fraction(targets.size());
  std::iota(by_fraction.begin(), by_fraction.end(), 0);
  std::stable_sort(by_fraction.begin(), by_fraction.end(),
                   [&](std::size_t a, std::size_t b) { return fractions[b] < fractions[a]; });
  for (const std::size_t i : by_fraction) {
    if (rest.is_zero()) break;
    quantities[i] = *quantities[i].plus(Decimal(1));
    rest = *rest.minus(Decimal(1));
  }
  return quantities;
}

}  // namespace

// ---- what suppliers can take --------------------------------------------------------------------

std::string Supply::sku_of(std::size_t line) const {
  return std::string(event_.lines[line].text(Field::line_sku));
}

std::string Supply::obstacle(const Supplier& supplier, std::size_t line) const {
  if (supplier.suspended) return "suspended";
  if (prior_ != nullptr) {
    for (const Prior::Rejection& each : prior_->rejections) {
      if (each.supplier != supplier.name) continue;
      if (each.line != event_.lines[line].text(Field::line_id)) continue;
      return "rejected it" + (each.reason.empty() ? "" : ": " + each.reason);
    }
  }
  const std::string shop(event_.order.text(Field::order_shop));
  if (!supplier.shops.empty() && !holds(supplier.shops, shop)) return "does not serve shop " + shop;
  const std::string country(event_.order.text(Field::order_ship_to_country));
  if (!supplier.countries.empty() && !holds(supplier.countries, country)) {
    return country.empty() ? "serves only some countries and the order names none"
                           : "does not serve " + country;
  }
  if (supplier.capacity && !has_part(supplier.name)) {
    std::int64_t taken = 0;
    for (const Facts::Load& load : facts_.loads) {
      if (load.supplier == supplier.name) taken = load.orders;
    }
    if (taken >= supplier.capacity->orders) {
      const bool daily = supplier.capacity->per == CapacityPeriod::day;
      return "takes " + std::to_string(supplier.capacity->orders) + " orders " +
             (daily ? "a day" : "an hour") + " and has them";
    }
  }
  return "";
}

std::optional<Decimal> Supply::left(const Supplier& supplier, std::size_t line) const {
  const std::string sku = sku_of(line);
  for (const Facts::Stock& stock : facts_.stock) {
    if (stock.supplier != supplier.name || stock.sku != sku) continue;
    const Decimal kept_back =
        stock.safety < supplier.safety_stock ? supplier.safety_stock : stock.safety;
    if (stock.available < kept_back) return Decimal(0);
    const auto given = given_.find({supplier.name, sku});
    const Decimal promised = *stock.available.minus(kept_back);
    return given == given_.end() ? promised : *promised.minus(given->second);
  }
  if (supplier.stock_tracked) return Decimal(0);
  return std::nullopt;
}

std::string Supply::refusal(const Supplier& supplier, std::size_t line,
                            const Decimal& quantity) const {
  if (const std::string reason = obstacle(supplier, line); !reason.empty()) {
    return supplier.name + ": " + reason;
  }
  const auto there = left(supplier, line);
  if (!there || !(*there < quantity)) return "";
  if (supplier.stock_tracked && sku_of(line).empty()) {
    return supplier.name + ": has what it reports by SKU, and the line has none";
  }
  return supplier.name + ": " + there->to_canonical_string() + " left, " +
         quantity.to_canonical_string() + " wanted";
}

Timestamp Supply::begins(const Supplier& supplier) const {
  const WorkingTime& working = supplier.working;
  if (working.zone == nullptr) return now_;
  const LocalTime clock = local_time(now_, *working.zone);
  const auto works = [&](int weekday) { return (working.days & (1 << weekday)) != 0; };
  const bool in_time =
      !working.cut_off_minutes || clock.hour * 60 + clock.minute < *working.cut_off_minutes;
  if (works(clock.weekday) && in_time) return now_;
  for (int days = 1;; ++days) {
    if (!works((clock.weekday + days) % 7)) continue;
    return start_of_day(Day{clock.day.days + days}, *working.zone);
  }
}

void Supply::give(const std::string& supplier, std::size_t line, const Decimal& quantity) {
  Decimal& given = given_[{supplier, sku_of(line)}];
  given = *given.plus(quantity);
  note_part(supplier);
}

void Supply::take_back(const std::string& supplier, std::size_t line, const Decimal& quantity) {
  Decimal& given = given_[{supplier, sku_of(line)}];
  given = *given.minus(quantity);
}

// ---- who gets it --------------------------------------------------------------------------------

std::vector<std::string> Plan::suppliers() const {
  std::vector<std::string> names;
  for (const Share& share : shares) {
    if (!share.supplier.empty()) names.push_back(share.supplier);
  }
  return names;
}

Plan plan_of(const Assigning& a, std::size_t line, const Decimal& quantity) {
  const auto share_of = [&](const AssignTarget& target, const Decimal& share) -> Share {
    const Supplier& supplier = a.rules.suppliers[target.supplier];
    const std::string reason = a.supply.refusal(supplier, line, share);
    return {share, reason.empty() ? supplier.name : "", reason};
  };
  const auto whole = [&](const AssignTarget& target) {
    Plan plan;
    plan.shares = {share_of(target, quantity)};
    plan.nobody = plan.shares.front().supplier.empty();
    return plan;
  };
  switch (a.action.choice) {
    case Choice::only:
      return choice(a, line, quantity);
    case Choice::split:
      return whole(drawn(a.rule, a.action, a.event));
    case Choice::first:
    case Choice::cheapest:
    case Choice::fastest:
      return choice(a, line, quantity);
    case Choice::divide:
      break;
  }
  Plan plan;
  const std::vector<Decimal> quantities = divided(a.action.targets, quantity);
  plan.nobody = true;
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    Share share = share_of(a.action.targets[i], quantities[i]);
    if (!share.supplier.empty()) plan.nobody = false;
    if (!quantities[i].is_zero()) plan.shares.push_back(std::move(share));
  }
  return plan;
}

std::vector<Plan> plan_together(const Assigning& a, const std::vector<Wanted>& lines) {
  std::vector<const Supplier*> targets = by_preference(a);
  const auto first_others =
      std::stable_partition(targets.begin(), targets.end(),
                            [&](const Supplier* each) { return a.supply.has_part(each->name); });
  std::vector<Plan> plans(lines.size());
  if (lines.empty()) return plans;
  if (first_others != targets.begin()) plans.front().ways = {"together with a part there is"};
  for (const Supplier* each : targets) {
    Supply supply = a.supply;
    std::size_t taken = 0;
    for (; taken < lines.size(); ++taken) {
      const std::string reason = supply.refusal(*each, lines[taken].line, lines[taken].quantity);
      if (!reason.empty()) {
        plans[taken].passed_over.push_back(reason);
        plans[taken].ways.push_back("together but for one");
        break;
      }
      supply.give(each->name, lines[taken].line, lines[taken].quantity);
    }
    if (taken < lines.size()) continue;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      plans[i].shares = {{lines[i].quantity, each->name, ""}};
      if (i > 0) plans[i].ways.push_back("together");
    }
    return plans;
  }
  Supply supply = a.supply;
  const Assigning each_alone{a.rules, a.rule, a.action, a.event, supply};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    plans[i] = plan_of(each_alone, lines[i].line, lines[i].quantity);
    if (i > 0) plans[i].ways.push_back("not together");
    for (const Share& share : plans[i].shares) {
      if (!share.supplier.empty()) supply.give(share.supplier, lines[i].line, share.quantity);
    }
  }
  return plans;
}

}  // namespace consign::reference
