#include "tests/differential/shrink.hpp"

#include <algorithm>

#include "tests/differential/shrink_text.hpp"

namespace consign::reference {
namespace {

class Shrinker {
 public:
  Shrinker(Failing failing, const Fails& fails, std::size_t attempts)
      : best_(std::move(failing)), fails_(fails), attempts_(attempts) {}

  Failing run() {
    do {
      smaller_ = false;
      thin_out([](Failing & failing) -> auto& { return failing.rules.rules; });
      thin_out([](Failing & failing) -> auto& { return failing.one.lines; });
      thin_out([](Failing & failing) -> auto& { return failing.rules.declarations; });
      simplify_pieces();
      simplify_case();
    } while (smaller_ && attempts_ > 0);
    return std::move(best_);
  }

 private:
  bool keep_if_it_fails(Failing candidate) {
    if (attempts_ == 0) return false;
    --attempts_;
    if (!fails_(candidate.rules, candidate.one)) return false;
    best_ = std::move(candidate);
    return smaller_ = true;
  }

  /// Removes runs of elements: first long ones, then single ones.
  template <class ListOf>
  void thin_out(ListOf list_of) {
    for (std::size_t run = list_of(best_).size(); run > 0; run /= 2) {
      for (std::size_t at = 0; at + run <= list_of(best_).size();) {
        Failing candidate = best_;
        auto& list = list_of(candidate);
        const auto from = list.begin() + static_cast<std::ptrdiff_t>(at);
        list.erase(from, from + static_cast<std::ptrdiff_t>(run));
        if (!keep_if_it_fails(std::move(candidate))) at += run;
      }
    }
  }

  /// Tries the smaller texts of each declaration and rule; where one will do, its own smaller
  /// texts.
  void simplify_pieces() {
    for (auto list : {&RuleText::declarations, &RuleText::rules}) {
      for (std::size_t i = 0; i < (best_.rules.*list).size(); ++i) {
        while (simplify_piece(list, i)) {
        }
      }
    }
  }

  bool simplify_piece(std::vector<std::string> RuleText::*list, std::size_t i) {
    for (std::string& smaller : smaller_texts(best_.rules, (best_.rules.*list)[i])) {
      Failing candidate = best_;
      (candidate.rules.*list)[i] = std::move(smaller);
      if (keep_if_it_fails(std::move(candidate))) return true;
    }
    return false;
  }

  /// Takes out values that may be missing.
  template <class ListOf>
  void drop_values(ListOf list_of) {
    for (std::size_t i = list_of(best_).size(); i-- > 0;) {
      const FieldRow& row = row_of(list_of(best_)[i].field);
      if (!row.optional() && !row.many() && !row.fact()) continue;
      Failing candidate = best_;
      list_of(candidate).erase(list_of(candidate).begin() + static_cast<std::ptrdiff_t>(i));
      keep_if_it_fails(std::move(candidate));
    }
  }

  void simplify_case() {
    const auto change = [&](auto&& change_case) {
      Failing candidate = best_;
      change_case(candidate.one);
      keep_if_it_fails(std::move(candidate));
    };
    if (best_.one.cancelled) change([](Case& one) { one.cancelled = false; });
    if (best_.one.prior) {
      change([](Case& one) { one.prior.reset(); });
    }
    if (best_.one.prior) {
      thin_out([](Failing & failing) -> auto& { return failing.one.prior->parts; });
      thin_out([](Failing & failing) -> auto& { return failing.one.prior->holds; });
      thin_out([](Failing & failing) -> auto& { return failing.one.prior->rejections; });
      simplify_parts();
    }
    thin_out([](Failing & failing) -> auto& { return failing.one.stock; });
    thin_out([](Failing & failing) -> auto& { return failing.one.loads; });
    for (std::size_t i = 0; i < best_.one.stock.size(); ++i) {
      if (best_.one.stock[i].safety.is_zero()) continue;
      change([i](Case& one) { one.stock[i].safety = Decimal(0); });
    }
    drop_values([](Failing & failing) -> auto& { return failing.one.order; });
    drop_values([](Failing & failing) -> auto& { return failing.one.shared; });
    for (std::size_t i = 0; i < best_.one.lines.size(); ++i) {
      drop_values([i](Failing & failing) -> auto& { return failing.one.lines[i].fields; });
    }
    for (std::size_t i = 0; i < best_.one.products.size(); ++i) {
      drop_values([i](Failing & failing) -> auto& { return failing.one.products[i].fields; });
    }
    drop_idle_products();
  }

  void simplify_parts() {
    for (std::size_t i = 0; i < best_.one.prior->parts.size(); ++i) {
      const auto change = [&](auto&& change_part) {
        Failing candidate = best_;
        change_part(candidate.one.prior->parts[i]);
        keep_if_it_fails(std::move(candidate));
      };
      if (!best_.one.prior->parts[i].gone.is_zero()) {
        change([](Prior::Part& part) { part.gone = Decimal(0); });
      }
      if (best_.one.prior->parts[i].shipped) {
        change([](Prior::Part& part) { part.shipped = false, part.gone = Decimal(0); });
      }
    }
  }

  /// Products that no line is of say nothing.
  void drop_idle_products() {
    for (std::size_t i = best_.one.products.size(); i-- > 0;) {
      const auto of_it = [i](const GivenLine& line) { return line.product == i; };
      const auto& lines = best_.one.lines;
      if (std::any_of(lines.begin(), lines.end(), of_it)) continue;
      Failing candidate = best_;
      candidate.one.products.erase(candidate.one.products.begin() + static_cast<std::ptrdiff_t>(i));
      for (GivenLine& line : candidate.one.lines) line.product -= line.product > i;
      keep_if_it_fails(std::move(candidate));
    }
  }

  Failing best_;
  const Fails& fails_;
  std::size_t attempts_;
  bool smaller_ = false;
};

}  // namespace

Failing shrunk(Failing failing, const Fails& fails, std::size_t attempts) {
  return Shrinker(std::move(failing), fails, attempts).run();
}

std::string describe(const Failing& failing) {
  return text_of(failing.rules) + "--- order\n" + describe(failing.one);
}

}  // namespace consign::reference
