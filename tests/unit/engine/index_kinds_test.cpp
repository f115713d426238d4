// Each way of filing rules, by itself.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "engine/affix_index.hpp"
#include "engine/candidates.hpp"
#include "engine/interval_index.hpp"
#include "engine/literal_matcher.hpp"
#include "engine/number_line.hpp"
#include "engine/posting_map.hpp"
#include "engine/regex_literals.hpp"

using namespace consign;

namespace {

using Places = std::vector<std::uint32_t>;

/// Gathers what is found, in ascending order, each place once.
class Found {
 public:
  auto adder() {
    return [this](std::span<const std::uint32_t> places) {
      places_.insert(places_.end(), places.begin(), places.end());
    };
  }
  Places places() {
    settle(places_);
    return places_;
  }

 private:
  Places places_;
};

Places holding(const IntervalIndex& index, std::int64_t at) {
  Found found;
  IntervalIndex::Told told;
  index.find(at, told, found.adder());
  return found.places();
}

template <class Index>
Places in_text(const Index& index, std::string_view text) {
  Found found;
  index.find(text, found.adder());
  return found.places();
}

std::string lowered(std::string_view text) {
  std::string out;
  lower_into(text, out);
  return out;
}

}  // namespace

TEST_CASE("rules are found under the numbers that they were filed under") {
  PostingMap map;
  for (std::uint32_t key = 0; key < 1'000; ++key) map.add(key * 4099, key);
  map.add(7 * 4099, 5);
  map.add(7 * 4099, 5);
  map.build();
  const auto places = [&](std::uint32_t key) {
    const auto found = map.find(key);
    return Places(found.begin(), found.end());
  };
  CHECK(places(0) == Places{0});
  CHECK(places(999 * 4099) == Places{999});
  CHECK(places(7 * 4099) == Places{5, 7});
  CHECK(places(1).empty());
  CHECK(PostingMap().find(0).empty());
}

TEST_CASE("intervals hold what lies between their ends, both included") {
  IntervalIndex index;
  index.add(kLineBegin, 10, 0);
  index.add(10, kLineEnd, 1);
  index.add(10, 10, 2);
  index.add(5, 15, 3);
  index.add(11, 12, 4);
  index.add(20, 5, 5);
  index.build();
  CHECK(holding(index, 4) == Places{0});
  CHECK(holding(index, 10) == Places{0, 1, 2, 3});
  CHECK(holding(index, 11) == Places{1, 3, 4});
  CHECK(holding(index, 16) == Places{1});
  CHECK(holding(index, kLineEnd) == Places{1});
  CHECK(holding(index, kLineBegin) == Places{0});
}

TEST_CASE("a thousand random intervals are found like one after the other") {
  std::mt19937 random(1);
  struct Bounds {
    std::int64_t low, high;
  };
  std::vector<Bounds> all;
  IntervalIndex index;
  for (std::uint32_t place = 0; place < 1'000; ++place) {
    const auto low = static_cast<std::int64_t>(random() % 500);
    all.push_back({low, low + static_cast<std::int64_t>(random() % 20)});
    index.add(all.back().low, all.back().high, place);
  }
  index.build();
  for (std::int64_t at = -1; at < 525; ++at) {
    Places expected;
    for (std::uint32_t place = 0; place < all.size(); ++place) {
      if (all[place].low <= at && at <= all[place].high) expected.push_back(place);
    }
    CHECK(holding(index, at) == expected);
  }
}

TEST_CASE("half-open intervals are told once for many numbers of one event") {
  IntervalIndex index;
  for (std::uint32_t place = 0; place < 10; ++place) index.add(place, kLineEnd, place);
  index.build();
  IntervalIndex::Told told;
  Places places;
  const auto add = [&](std::span<const std::uint32_t> found) {
    places.insert(places.end(), found.begin(), found.end());
  };
  for (const std::int64_t at : {3, 1, 3, 5}) index.find(at, told, add);
  CHECK(places == Places{0, 1, 2, 3, 4, 5});
}

TEST_CASE("numbers keep their order on the line, whatever their digits") {
  const std::vector<std::string> ascending = {"-9999999999999999999",
                                              "-5",
                                              "-0.00011",
                                              "0",
                                              "0.00009",
                                              "0.0001",
                                              "1.0",
                                              "1.00005",
                                              "9007199254740993",
                                              "1" + std::string(24, '0')};
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i) {
    CAPTURE(ascending[i]);
    CHECK(place_on_line(*Decimal::parse(ascending[i])) <=
          place_on_line(*Decimal::parse(ascending[i + 1])));
  }
  CHECK(place_on_line(*Decimal::parse("1.0")) == place_on_line(*Decimal::parse("1.000000000")));
  CHECK(place_on_line(*Decimal::parse("-0.00011")) == -2);
  CHECK(place_on_line(*Decimal::parse("2.25")) == 22'500);
}

TEST_CASE("texts are found by how they begin and end") {
  AffixIndex starts(AffixIndex::End::front), ends(AffixIndex::End::back);
  starts.add("ACM-", 0);
  starts.add("A", 1);
  starts.add("BLK-4", 2);
  ends.add("-XL", 3);
  ends.add("L", 4);
  starts.build();
  ends.build();
  CHECK(in_text(starts, "ACM-1") == Places{0, 1});
  CHECK(in_text(starts, "ACM") == Places{1});
  CHECK(in_text(starts, "BLK-4") == Places{2});
  CHECK(in_text(starts, "").empty());
  CHECK(in_text(ends, "ACM-XL") == Places{3, 4});
  CHECK(in_text(ends, "XL") == Places{4});
}

TEST_CASE("literals are found wherever they stand, also inside and behind each other") {
  LiteralMatcher matcher;
  const std::vector<std::string> literals = {"he", "she", "his", "hers", "e", "straße", "ers"};
  for (std::uint32_t i = 0; i < literals.size(); ++i) matcher.add(literals[i], i);
  matcher.add("she", 9);
  matcher.build();
  CHECK(in_text(matcher, "ushers") == Places{0, 1, 3, 4, 6, 9});
  CHECK(in_text(matcher, "die straße") == Places{4, 5});
  CHECK(in_text(matcher, "xyz").empty());
  CHECK(in_text(matcher, "").empty());
}

TEST_CASE("random literals are found like one after the other") {
  std::mt19937 random(2);
  const auto word = [&](std::size_t longest) {
    std::string made(1 + random() % longest, 'a');
    for (char& c : made) c = static_cast<char>('a' + random() % 3);
    return made;
  };
  LiteralMatcher matcher;
  std::vector<std::string> literals;
  for (std::uint32_t i = 0; i < 200; ++i) matcher.add(literals.emplace_back(word(6)), i);
  matcher.build();
  for (int i = 0; i < 300; ++i) {
    const std::string text = word(20);
    CAPTURE(text);
    Places expected;
    for (std::uint32_t j = 0; j < literals.size(); ++j) {
      if (text.find(literals[j]) != std::string::npos) expected.push_back(j);
    }
    CHECK(in_text(matcher, text) == expected);
  }
}

TEST_CASE("a regular expression says which literals it needs") {
  using Literals = std::vector<std::string>;
  CHECK(required_literals("^ACME-[0-9]+-BOX$") == Literals{"acme-"});
  CHECK(required_literals("(?i)acme") == Literals{"acme"});
  CHECK(required_literals("gift|present") == Literals{"gift", "present"});
  CHECK(required_literals("[0-9]$").empty());
  CHECK(required_literals("a?").empty());
  CHECK(required_literals(".*").empty());
}

TEST_CASE("what a regular expression matches holds one of its literals") {
  const auto held = [](const std::string& pattern, std::string_view text) {
    const auto literals = required_literals(pattern);
    return std::any_of(literals.begin(), literals.end(), [&](const std::string& literal) {
      return lowered(text).find(literal) != std::string::npos;
    });
  };
  CHECK(held("(?i)kilo", "KILO"));
  CHECK(held("(?i)kilo", "\u212Ailo"));
  CHECK(held("\u0130zmir", "\u0130zmir"));
  CHECK(held("(?i)gro\u00DF", "GRO\u1E9E"));
  CHECK(held("(?i)stra\u00DFe", "STRA\u1E9EE"));
  CHECK(held("(?i)ship", "\u017Fhip"));
}

TEST_CASE("candidates come in running order however many there are") {
  for (const std::size_t lines : {std::size_t{1}, std::size_t{5}, std::size_t{40}}) {
    for (const std::size_t count : {std::size_t{5}, std::size_t{300}, std::size_t{20'000}}) {
      for (const std::size_t rules : {std::size_t{1'000}, std::size_t{1'000'000}}) {
        CAPTURE(lines);
        CAPTURE(count);
        CAPTURE(rules);
        std::mt19937 random(3);
        std::pmr::vector<Candidate> out;
        Candidates candidates(out, rules, lines, true);
        std::vector<Candidate> expected;
        for (std::size_t i = 0; i < count; ++i) {
          const auto place = static_cast<std::uint32_t>(random() % rules);
          const auto line = static_cast<std::uint32_t>(random() % (lines + 1));
          const Candidate one{place, line == lines ? kEveryLine : line};
          candidates.add(std::span(&one.place, 1), one.line);
          expected.push_back(one);
        }
        candidates.settle();
        std::sort(expected.begin(), expected.end());
        expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
        CHECK(std::equal(out.begin(), out.end(), expected.begin(), expected.end()));
      }
    }
  }
}

TEST_CASE("gathering ends where nearly all rules are found") {
  std::pmr::vector<Candidate> out;
  Candidates candidates(out, 100, 5, false);
  const Places places = [] {
    Places all;
    for (std::uint32_t i = 0; i < 100; ++i) all.push_back(i);
    return all;
  }();
  for (std::uint32_t line = 0; line < 3; ++line) candidates.add(places, line);
  CHECK_FALSE(candidates.too_many());
  candidates.add(places, 3);
  CHECK(candidates.too_many());
}

TEST_CASE("a list that a thousand lines find is gathered once") {
  std::pmr::vector<Candidate> out;
  Candidates candidates(out, 1'000'000, 1'000, false);
  const Places one = {7, 9}, other = {9};
  for (int line = 0; line < 1'000; ++line) {
    candidates.add_once(one);
    candidates.add_once(other);
  }
  CHECK(out.size() == 3);
  candidates.settle();
  CHECK(out.size() == 2);
}
