#include "engine/assignment.hpp"

#include <algorithm>

#include "consign/hash.hpp"

namespace consign {

namespace {

bool names(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

/// Where in 0 … 999,999 the order falls for a `split` of that rule: the same for each of its lines,
/// and for each time it is decided.
std::uint64_t split_point(const Event& event, const Rule& rule) {
  const Sha256Digest digest = Sha256()
                                  .field(event.order.text(Field::order_shop))
                                  .field(event.order.text(Field::order_id))
                                  .field(rule.name)
                                  .digest();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
  return number % 1'000'000;
}

class Chooser {
 public:
  Chooser(const RuleSet& rules, const Rule& rule, const AssignAction& assign, const Event& event,
          const Decimal& quantity, std::pmr::memory_resource* memory)
      : rules_(rules),
        rule_(rule),
        assign_(assign),
        event_(event),
        quantity_(quantity),
        memory_(memory),
        result_(memory) {}

  Assigned choose() {
    switch (assign_.choice) {
      case Choice::only:
      case Choice::first:
        pick([](const Supplier&, const Supplier&) { return false; });
        break;
      case Choice::cheapest:
        pick([this](const Supplier& a, const Supplier& b) { return less(cost(a), cost(b)); });
        break;
      case Choice::fastest:
        pick([](const Supplier& a, const Supplier& b) {
          return less(a.lead_seconds, b.lead_seconds);
        });
        break;
      case Choice::split:
        split();
        break;
      case Choice::divide:
        divide();
        break;
    }
    return std::move(result_);
  }

 private:
  const Supplier& supplier(const AssignTarget& target) const {
    return rules_.suppliers[target.supplier];
  }

  /// Values that are not there come last.
  template <class T>
  static bool less(const std::optional<T>& a, const std::optional<T>& b) {
    if (!a || !b) return a.has_value() && !b.has_value();
    return *a < *b;
  }

  std::optional<Decimal> cost(const Supplier& each) const {
    if (!each.handling_cost) return std::nullopt;
    return convert(rules_, each.handling_cost->number, each.handling_cost->currency,
                   event_.order.text(Field::order_currency));
  }

  /// "acme: suspended", or empty where the supplier can (language.md C5).
  std::string_view why_not(const Supplier& each) const {
    const auto because = [&](std::string_view reason, std::string_view what = {}) {
      return join_text({each.name, ": ", reason, what}, memory_);
    };
    if (each.suspended) return because("suspended");
    const std::string_view shop = event_.order.text(Field::order_shop);
    if (!each.shops.empty() && !names(each.shops, shop)) {
      return because("does not serve shop ", shop);
    }
    if (each.countries.empty()) return {};
    const Value* country = event_.order.value(Field::order_ship_to_country);
    if (country == nullptr) {
      return because("serves only some countries and the order names none");
    }
    return names(each.countries, country->text) ? std::string_view()
                                                : because("does not serve ", country->text);
  }

  void give(const Decimal& quantity, const Supplier& to) {
    result_.shares.push_back({quantity, to.name, {}});
  }
  void keep_back(const Decimal& quantity, std::string_view reason) {
    result_.shares.push_back({quantity, {}, reason});
  }

  /// The available target that no other is better than; of equals the first written.
  template <class Better>
  void pick(Better better) {
    const Supplier* best = nullptr;
    std::pmr::string reasons(memory_);
    for (const AssignTarget& target : assign_.targets) {
      const Supplier& each = supplier(target);
      const std::string_view reason = why_not(each);
      if (reason.empty()) {
        if (best == nullptr || better(each, *best)) best = &each;
      } else {
        if (!reasons.empty()) reasons += "; ";
        reasons += reason;
      }
    }
    if (best != nullptr) {
      give(quantity_, *best);
    } else if (!assign_.or_next_rule) {
      keep_back(quantity_, copy_text(reasons, memory_));
    }
  }

  void split() {
    const Decimal point(static_cast<std::int64_t>(split_point(event_, rule_)));
    Decimal sum(0);
    for (const AssignTarget& target : assign_.targets) {
      sum = sum.plus(target.percent).value_or(sum);
      if (!(point < sum.times(Decimal(10'000)).value_or(point))) continue;
      const std::string_view reason = why_not(supplier(target));
      if (reason.empty()) {
        give(quantity_, supplier(target));
      } else if (!assign_.or_next_rule) {
        keep_back(quantity_, reason);
      }
      return;
    }
  }

  void divide() {
    const std::pmr::vector<Decimal> quantities = divided();
    const bool nobody =
        std::all_of(assign_.targets.begin(), assign_.targets.end(),
                    [&](const AssignTarget& target) { return !why_not(supplier(target)).empty(); });
    if (nobody && assign_.or_next_rule) return;
    for (std::size_t i = 0; i < quantities.size(); ++i) {
      if (quantities[i].is_zero()) continue;
      const Supplier& each = supplier(assign_.targets[i]);
      const std::string_view reason = why_not(each);
      if (reason.empty()) {
        give(quantities[i], each);
      } else {
        keep_back(quantities[i], reason);
      }
    }
  }

  /// The quantity in shares that add up to it: whole pieces by largest remainder; of what is
  /// counted in fractions, thousandths, and the rest to the last.
  std::pmr::vector<Decimal> divided() const {
    const auto& targets = assign_.targets;
    const bool whole = quantity_.is_whole();
    const Decimal grain = whole ? Decimal(1) : Decimal(1'000);
    std::pmr::vector<Decimal> shares(targets.size(), memory_);
    std::pmr::vector<Decimal> remainders(targets.size(), memory_);
    Decimal left = quantity_;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const auto exact = quantity_.times(targets[i].percent).value_or(Decimal(0));
      const auto grains = exact.times(grain)->divided_by(Decimal(100)).value_or(Decimal(0));
      shares[i] = Decimal::floor(grains).divided_by(grain).value_or(Decimal(0));
      remainders[i] = grains.minus(Decimal::floor(grains)).value_or(Decimal(0));
      left = left.minus(shares[i]).value_or(left);
    }
    if (!whole) {
      std::size_t last = targets.size();
      while (last > 1 && targets[last - 1].percent.is_zero()) --last;
      shares[last - 1] = shares[last - 1].plus(left).value_or(left);
      return shares;
    }
    while (left > Decimal(0)) {
      const auto largest = std::max_element(remainders.begin(), remainders.end());
      auto& share = shares[static_cast<std::size_t>(largest - remainders.begin())];
      share = share.plus(Decimal(1)).value_or(share);
      *largest = Decimal(-1);
      left = left.minus(Decimal(1)).value_or(Decimal(0));
    }
    return shares;
  }

  const RuleSet& rules_;
  const Rule& rule_;
  const AssignAction& assign_;
  const Event& event_;
  const Decimal& quantity_;
  std::pmr::memory_resource* memory_;
  Assigned result_;
};

}  // namespace

Assigned choose_suppliers(const RuleSet& rules, const Rule& rule, const AssignAction& assign,
                          const Event& event, const Decimal& quantity,
                          std::pmr::memory_resource* memory) {
  return Chooser(rules, rule, assign, event, quantity, memory).choose();
}

}  // namespace consign
