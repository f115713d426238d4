#include "engine/assignment.hpp"

#include <algorithm>

#include "consign/hash.hpp"
#include "engine/evaluator.hpp"

namespace consign {

namespace {

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

/// Values that are not there come last.
template <class T>
bool less(const std::optional<T>& a, const std::optional<T>& b) {
  if (!a || !b) return a.has_value() && !b.has_value();
  return *a < *b;
}

using Suppliers = std::pmr::vector<const Supplier*>;

/// The targets, the one that is to be preferred first; equals as written.
Suppliers by_preference(const Choosing& choosing) {
  Suppliers targets(choosing.memory);
  targets.reserve(choosing.assign.targets.size());
  for (const AssignTarget& target : choosing.assign.targets) {
    targets.push_back(&choosing.rules.suppliers[target.supplier]);
  }
  // By insertion: lists are short, and std::stable_sort asks for memory of its own.
  const auto sort = [&](const auto& value_of) {
    for (std::size_t end = 1; end < targets.size(); ++end) {
      for (std::size_t i = end; i > 0; --i) {
        if (!less(value_of(*targets[i]), value_of(*targets[i - 1]))) break;
        std::swap(targets[i], targets[i - 1]);
      }
    }
  };
  if (choosing.assign.choice == Choice::cheapest) {
    sort([&](const Supplier& each) {
      if (!each.handling_cost) return std::optional<Decimal>();
      return convert(choosing.rules, each.handling_cost->number, each.handling_cost->currency,
                     choosing.event.order.text(Field::order_currency));
    });
  } else if (choosing.assign.choice == Choice::fastest) {
    sort([&](const Supplier& each) { return choosing.availability.ready_at(each); });
  }
  return targets;
}

class Chooser {
 public:
  Chooser(const Choosing& choosing, std::uint32_t line, const Decimal& quantity)
      : choosing_(choosing),
        assign_(choosing.assign),
        line_(line),
        quantity_(quantity),
        memory_(choosing.memory),
        result_(choosing.memory) {}

  Assigned choose() {
    switch (assign_.choice) {
      case Choice::only:
      case Choice::first:
      case Choice::cheapest:
      case Choice::fastest:
        pick();
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
    return choosing_.rules.suppliers[target.supplier];
  }
  std::string_view why_not(const Supplier& each, const Decimal& quantity) const {
    return choosing_.availability.why_not(each, line_, quantity);
  }

  void give(const Decimal& quantity, const Supplier& to) {
    result_.shares.push_back({quantity, to.name, {}});
  }
  void keep_back(const Decimal& quantity, std::string_view reason) {
    result_.shares.push_back({quantity, {}, reason});
  }

  /// All to the first that can; where none can and it may, in parts to several.
  void pick() {
    const Suppliers targets = by_preference(choosing_);
    std::pmr::vector<std::string_view>& reasons = result_.passed_over;
    for (const Supplier* each : targets) {
      const std::string_view reason = why_not(*each, quantity_);
      if (reason.empty()) {
        give(quantity_, *each);
        return;
      }
      reasons.push_back(reason);
    }
    if (assign_.at_most_parts > 1 && pick_several(targets)) return;
    if (!assign_.or_next_rule) keep_back(quantity_, joined(reasons));
    reasons.clear();
  }

  /// What each could take of it, in the order of preference; whole pieces of whole pieces.
  struct Offer {
    const Supplier* supplier;
    Decimal quantity;
  };

  /// Those preferred, as long as so many are enough; else those that have most.
  bool pick_several(const Suppliers& targets) {
    std::pmr::vector<Offer> offers(memory_);
    for (const Supplier* each : targets) {
      if (!choosing_.availability.why_not_any(*each, line_).empty()) continue;
      // Without end it would have been enough.
      Decimal there = choosing_.availability.left(*each, line_).value_or(Decimal(0));
      if (quantity_.is_whole()) there = Decimal::floor(there);
      if (there > Decimal(0)) offers.push_back({each, there});
    }
    if (give_from(offers)) return true;
    for (std::size_t end = 1; end < offers.size(); ++end) {
      for (std::size_t i = end; i > 0 && offers[i - 1].quantity < offers[i].quantity; --i) {
        std::swap(offers[i], offers[i - 1]);
      }
    }
    return give_from(offers);
  }

  bool give_from(const std::pmr::vector<Offer>& offers) {
    const std::size_t most = std::min<std::size_t>(offers.size(), assign_.at_most_parts);
    Decimal left = quantity_;
    for (std::size_t i = 0; i < most && left > Decimal(0); ++i) {
      left = left.minus(std::min(left, offers[i].quantity)).value_or(left);
    }
    if (!left.is_zero()) return false;
    left = quantity_;
    for (std::size_t i = 0; i < most && left > Decimal(0); ++i) {
      const Decimal share = std::min(left, offers[i].quantity);
      give(share, *offers[i].supplier);
      left = left.minus(share).value_or(left);
    }
    return true;
  }

  std::string_view joined(const std::pmr::vector<std::string_view>& reasons) const {
    std::pmr::string out(memory_);
    for (const std::string_view reason : reasons) {
      if (!out.empty()) out += "; ";
      out += reason;
    }
    return copy_text(out, memory_);
  }

  void split() {
    const Decimal point(static_cast<std::int64_t>(split_point(choosing_.event, choosing_.rule)));
    Decimal sum(0);
    for (const AssignTarget& target : assign_.targets) {
      sum = sum.plus(target.percent).value_or(sum);
      if (!(point < sum.times(Decimal(10'000)).value_or(point))) continue;
      const std::string_view reason = why_not(supplier(target), quantity_);
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
    const bool nobody = std::all_of(
        assign_.targets.begin(), assign_.targets.end(), [&](const AssignTarget& target) {
          const auto at = static_cast<std::size_t>(&target - assign_.targets.data());
          return !why_not(supplier(target), quantities[at]).empty();
        });
    if (nobody && assign_.or_next_rule) return;
    for (std::size_t i = 0; i < quantities.size(); ++i) {
      if (quantities[i].is_zero()) continue;
      const Supplier& each = supplier(assign_.targets[i]);
      const std::string_view reason = why_not(each, quantities[i]);
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

  const Choosing& choosing_;
  const AssignAction& assign_;
  const std::uint32_t line_;
  const Decimal& quantity_;
  std::pmr::memory_resource* memory_;
  Assigned result_;
};

/// The line that the supplier cannot take when it takes all before it, and why.
struct Refusal {
  std::size_t at;  ///< index into the lines; their number: it can take them all
  std::string_view reason;
};

Refusal try_all(Availability available, const Supplier& supplier, std::span<const OpenLine> lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view reason = available.why_not(supplier, lines[i].line, lines[i].quantity);
    if (!reason.empty()) return {i, reason};
    available.take(supplier.name, lines[i].line, lines[i].quantity);
  }
  return {lines.size(), {}};
}

}  // namespace

Assigned choose_suppliers(const Choosing& choosing, std::uint32_t line, const Decimal& quantity) {
  return Chooser(choosing, line, quantity).choose();
}

std::pmr::vector<Assigned> choose_together(const Choosing& choosing,
                                           std::span<const OpenLine> lines) {
  std::pmr::vector<Assigned> all(choosing.memory);
  all.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) all.emplace_back(choosing.memory);
  Suppliers targets = by_preference(choosing);
  // Who has a part of the order already keeps it together best.
  std::size_t first = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!choosing.availability.has_part(targets[i]->name)) continue;
    std::rotate(targets.begin() + static_cast<std::ptrdiff_t>(first),
                targets.begin() + static_cast<std::ptrdiff_t>(i),
                targets.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    ++first;
  }
  for (const Supplier* each : targets) {
    const Refusal refusal = try_all(choosing.availability, *each, lines);
    if (refusal.at == lines.size()) {
      for (std::size_t i = 0; i < lines.size(); ++i) {
        all[i].shares.push_back({lines[i].quantity, each->name, {}});
      }
      return all;
    }
    all[refusal.at].passed_over.push_back(refusal.reason);
  }
  // Nobody can take all: each line for itself, though not the same piece twice.
  Availability available = choosing.availability;
  const Choosing one{choosing.rules, choosing.rule, choosing.assign,
                     choosing.event, available,     choosing.memory};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    all[i] = choose_suppliers(one, lines[i].line, lines[i].quantity);
    for (const Share& share : all[i].shares) {
      if (!share.supplier.empty()) available.take(share.supplier, lines[i].line, share.quantity);
    }
  }
  return all;
}

}  // namespace consign
