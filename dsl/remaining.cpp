// What conditions leave of the values of one thing.

#include <algorithm>
#include <iterator>

#include "consign/text.hpp"
#include "dsl/satisfiable.hpp"

namespace consign::check {

namespace {

/// Whether some spelling fits both.
bool meet(const Candidate& a, const Candidate& b) {
  if (a.folded == b.folded) return a.text == b.text;
  return a.folded ? a.text == fold(b.text) : fold(a.text) == b.text;
}

/// Whether everything that fits `candidate` fits `other`.
bool within(const Candidate& candidate, const Candidate& other) {
  if (other.folded)
    return candidate.folded ? candidate.text == other.text : fold(candidate.text) == other.text;
  return !candidate.folded && candidate.text == other.text;
}

/// Whether the test holds for the candidate; nothing where its spellings differ in that, or it is
/// not understood.
std::optional<bool> holds(const TextTest& test, const Candidate& candidate) {
  const bool folded = test.mode == TextMode::folded;
  if (test.op == Operator::matches || (candidate.folded && !folded)) return std::nullopt;
  // Folding trims; what blanks at the ends of a pattern mean is not followed.
  if (folded && trim(test.pattern).size() != test.pattern.size()) return std::nullopt;
  const std::string text = folded && !candidate.folded ? fold(candidate.text) : candidate.text;
  const std::string pattern = folded ? fold(test.pattern) : std::string(test.pattern);
  switch (test.op) {
    case Operator::contains:
      return text.find(pattern) != std::string::npos;
    case Operator::starts_with:
      return text.starts_with(pattern);
    case Operator::ends_with:
      return text.ends_with(pattern);
    case Operator::like:
      return glob_matches(pattern, text);
    default:
      return std::nullopt;
  }
}

bool below(const Decimal& number, const std::optional<Bound>& high) {
  return !high || number < high->value || (high->inclusive && number == high->value);
}

bool above(const Decimal& number, const std::optional<Bound>& low) {
  return !low || number > low->value || (low->inclusive && number == low->value);
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Moves what is in `more` behind what is in `all`.
template <class T>
void append(std::vector<T>& all, std::vector<T>& more) {
  if (all.empty()) {
    all.swap(more);
  } else {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
}

}  // namespace

void Remaining::absorb(Remaining other) {
  must_be_present = must_be_present || other.must_be_present;
  must_be_missing = must_be_missing || other.must_be_missing;
  if (other.among) {
    if (!among) {
      among = std::move(other.among);
    } else {
      std::vector<Candidate> both;
      for (const Candidate& mine : *among) {
        for (const Candidate& theirs : *other.among) {
          if (meet(mine, theirs)) both.push_back(mine.folded ? theirs : mine);
        }
      }
      among = std::move(both);
    }
  }
  append(required, other.required);
  append(excluded, other.excluded);
  append(tests, other.tests);
  // Amounts in different currencies say nothing of each other; the first currency is kept.
  if (currency.empty()) currency = other.currency;
  if (currency == other.currency) {
    if (other.numbers) {
      if (!numbers) {
        numbers = std::move(other.numbers);
      } else {
        std::erase_if(*numbers,
                      [&](const Decimal& each) { return !contains(*other.numbers, each); });
      }
    }
    append(not_numbers, other.not_numbers);
    if (other.low && (!low || other.low->value > low->value ||
                      (other.low->value == low->value && !other.low->inclusive))) {
      low = other.low;
    }
    if (other.high && (!high || other.high->value < high->value ||
                       (other.high->value == high->value && !other.high->inclusive))) {
      high = other.high;
    }
  }
  append(parts, other.parts);
}

bool Remaining::no_candidate() const {
  const auto fits = [&](const Candidate& candidate) {
    for (const Candidate& out : excluded) {
      if (within(candidate, out)) return false;
    }
    if (many) return true;  // tests may hold for another of the values
    for (const auto& [test, fails] : tests) {
      const std::optional<bool> held = holds(*test, candidate);
      if (held && *held == fails) return false;
    }
    return true;
  };
  if (many) {
    return std::any_of(required.begin(), required.end(), [&](const std::vector<Candidate>& each) {
      return std::none_of(each.begin(), each.end(), fits);
    });
  }
  return among && std::none_of(among->begin(), among->end(), fits);
}

bool Remaining::no_number() const {
  const auto fits = [&](const Decimal& number) {
    return above(number, low) && below(number, high) && !contains(not_numbers, number);
  };
  if (numbers) return std::none_of(numbers->begin(), numbers->end(), fits);
  if (!low || !high) return false;
  if (low->value > high->value) return true;
  return low->value == high->value &&
         (!low->inclusive || !high->inclusive || contains(not_numbers, low->value));
}

/// Whether one test must hold and must fail.
bool Remaining::denies_test() const {
  const auto same = [](const TextTest& a, const TextTest& b) {
    return a.op == b.op && a.mode == b.mode && a.pattern == b.pattern;
  };
  return std::any_of(tests.begin(), tests.end(), [&](const auto& one) {
    return std::any_of(tests.begin(), tests.end(), [&](const auto& other) {
      return one.second && !other.second && same(*one.first, *other.first);
    });
  });
}

bool Remaining::contradicts() const {
  if (must_be_missing) return must_be_present;
  return must_be_present && (no_candidate() || no_number() || denies_test());
}

std::string Remaining::example(Type type) const {
  if (must_be_missing) return "missing";
  if (many) {
    std::string all;
    for (const auto& each : required) {
      if (each.empty()) continue;
      const std::string shown = each.front().shown();
      if (all.find(shown) == std::string::npos) all += (all.empty() ? "" : " and ") + shown;
    }
    return all;
  }
  if (among) {
    for (const Candidate& candidate : *among) {
      Remaining one = *this;
      one.among = {candidate};
      if (!one.no_candidate()) return candidate.shown();
    }
    return "";
  }
  std::optional<Decimal> number;
  if (numbers) {
    for (const Decimal& each : *numbers) {
      if (above(each, low) && below(each, high) && !contains(not_numbers, each)) {
        number = each;
        break;
      }
    }
  } else if (low && low->inclusive && !contains(not_numbers, low->value)) {
    number = low->value;
  } else if (high && high->inclusive && !contains(not_numbers, high->value)) {
    number = high->value;
  } else if (low) {
    const auto next = low->value.plus(Decimal(1));
    if (next && below(*next, high) && !contains(not_numbers, *next)) number = next;
  }
  if (!number) return "";
  switch (type) {
    case Type::number:
      return number->to_canonical_string();
    case Type::money:
      return to_literal(Value::of_money(*number, currency));
    case Type::weight:
      return to_literal(Value::of_weight(*number));
    case Type::duration:
      return to_literal(Value::of_duration(*number));
    case Type::day:
      return number->to_int64() ? format_day(Day{static_cast<std::int32_t>(*number->to_int64())})
                                : "";
    case Type::time:
      return number->to_int64() ? format_timestamp(Timestamp{*number->to_int64()}) : "";
    default:
      return "";
  }
}

}  // namespace consign::check
