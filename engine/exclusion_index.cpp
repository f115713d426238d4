#include "engine/exclusion_index.hpp"

#include <algorithm>
#include <bit>
#include <memory_resource>
#include <tuple>

namespace consign {

namespace {

/// Stands for the number of a row of bits in place of a rule's.
constexpr std::uint32_t kRow = 1u << 30;

}  // namespace

// ---- filing ------------------------------------------------------------------------------------

void ExclusionIndex::add(std::span<const Key> excluders, std::uint32_t place) {
  if (excluders.empty()) {
    always_.push_back(place);
    return;
  }
  const bool of_own_line = std::any_of(excluders.begin(), excluders.end(),
                                       [](const Key& key) { return key.reach == Reach::own_line; });
  Class& to = of_own_line ? by_line_ : whole_;
  const auto bit = static_cast<std::uint32_t>(to.places.size());
  to.places.push_back(place);
  for (const Key& key : excluders) to.raw.emplace_back(key, bit);
}

void ExclusionIndex::Class::build() {
  const auto by_key = [](const auto& each) {
    return std::tie(each.first.reach, each.first.schema, each.first.texts);
  };
  std::stable_sort(raw.begin(), raw.end(),
                   [&](const auto& a, const auto& b) { return by_key(a) < by_key(b); });
  for (std::size_t first = 0, end = 0; first < raw.size(); first = end) {
    while (end < raw.size() && by_key(raw[end]) == by_key(raw[first])) ++end;
    const Key& key = raw[first].first;
    EqualityFiles& files = key.reach == Reach::any_line ? any : own;
    if (end - first <= 2 * words()) {
      for (std::size_t i = first; i < end; ++i) files.add(key, raw[i].second);
      continue;
    }
    files.add(key, kRow | static_cast<std::uint32_t>(rows.size() / words()));
    const std::size_t begin = rows.size();
    rows.resize(begin + words());
    for (std::size_t i = first; i < end; ++i) {
      rows[begin + raw[i].second / 64] |= std::uint64_t{1} << (raw[i].second % 64);
    }
  }
  raw = {};
  own.build();
  any.build();
  places.shrink_to_fit();
  rows.shrink_to_fit();
}

void ExclusionIndex::build() {
  always_.shrink_to_fit();
  whole_.build();
  by_line_.build();
}

// ---- looking up --------------------------------------------------------------------------------

void ExclusionIndex::Class::clear(std::span<const std::uint32_t> excluding,
                                  std::uint64_t* bits) const {
  for (const std::uint32_t each : excluding) {
    if ((each & kRow) == 0) {
      bits[each / 64] &= ~(std::uint64_t{1} << (each % 64));
      continue;
    }
    const std::uint64_t* row = &rows[(each & ~kRow) * words()];
    for (std::size_t word = 0; word < words(); ++word) bits[word] &= ~row[word];
  }
}

void ExclusionIndex::Class::clear_any(const Frame& frame, std::uint64_t* bits) const {
  if (any.empty()) return;
  for (std::uint32_t line = 0; line < frame.line_count(); ++line) {
    any.each_key(frame, line,
                 [&](const PostingMap& map, std::uint32_t key) { clear(map.find(key), bits); });
  }
}

void ExclusionIndex::Class::clear_own(const Frame& frame, std::uint32_t line,
                                      std::uint64_t* bits) const {
  own.each_key(frame, line,
               [&](const PostingMap& map, std::uint32_t key) { clear(map.find(key), bits); });
}

void ExclusionIndex::Class::tell(const std::uint64_t* bits, std::uint32_t line,
                                 Candidates& out) const {
  const std::span all(places);
  for (std::size_t word = 0; word < words(); ++word) {
    if (bits[word] == ~std::uint64_t{0}) {
      out.add(all.subspan(word * 64, std::min<std::size_t>(64, all.size() - word * 64)), line);
      continue;
    }
    for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1) {
      const std::size_t bit = word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      if (bit < all.size()) out.add(all.subspan(bit, 1), line);
    }
  }
}

void ExclusionIndex::find(const Frame& frame, Candidates& out) const {
  if (!always_.empty()) out.add(always_, kEveryLine);
  if (out.too_many()) return;
  if (!whole_.places.empty()) {
    std::pmr::vector<std::uint64_t> bits(whole_.words(), ~std::uint64_t{0}, out.memory());
    whole_.clear_own(frame, 0, bits.data());
    whole_.clear_any(frame, bits.data());
    whole_.tell(bits.data(), kEveryLine, out);
  }
  if (by_line_.places.empty()) return;
  std::pmr::vector<std::uint64_t> left(by_line_.words(), ~std::uint64_t{0}, out.memory());
  by_line_.clear_any(frame, left.data());
  std::pmr::vector<std::uint64_t> bits(by_line_.words(), out.memory());
  for (std::uint32_t line = 0; line < frame.line_count(); ++line) {
    std::copy(left.begin(), left.end(), bits.begin());
    by_line_.clear_own(frame, line, bits.data());
    by_line_.tell(bits.data(), line, out);
  }
}

std::size_t ExclusionIndex::groups() const {
  return whole_.own.count() + whole_.any.count() + by_line_.own.count() + by_line_.any.count();
}

std::size_t ExclusionIndex::Class::bytes() const {
  return places.capacity() * sizeof(std::uint32_t) + rows.capacity() * sizeof(std::uint64_t) +
         own.bytes() + any.bytes();
}

std::size_t ExclusionIndex::bytes() const {
  return always_.capacity() * sizeof(std::uint32_t) + whole_.bytes() + by_line_.bytes();
}

}  // namespace consign
