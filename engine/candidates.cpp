#include "engine/candidates.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace consign {

namespace {

constexpr std::size_t kFew = 64;  ///< are sorted by comparing

}  // namespace

bool Candidates::first_time(const std::uint32_t* list) {
  const auto put = [&](const std::uint32_t* each) {
    const auto hash = reinterpret_cast<std::uintptr_t>(each) * 0x9E3779B97F4A7C15ull;
    std::size_t at = (hash >> 32) & (lists_.size() - 1);
    for (; lists_[at] != nullptr; at = (at + 1) & (lists_.size() - 1)) {
      if (lists_[at] == each) return false;
    }
    lists_[at] = each;
    return true;
  };
  if (list_count_ * 2 >= lists_.size()) {
    std::pmr::vector<const std::uint32_t*> before(std::max<std::size_t>(64, lists_.size() * 2),
                                                  nullptr, lists_.get_allocator());
    before.swap(lists_);
    for (const std::uint32_t* each : before) {
      if (each != nullptr) put(each);
    }
  }
  const bool is_new = put(list);
  list_count_ += is_new;
  return is_new;
}

void Candidates::settle() {
  if (out_.size() <= kFew) {
    std::sort(out_.begin(), out_.end());
    out_.erase(std::unique(out_.begin(), out_.end()), out_.end());
    return;
  }
  const std::size_t ranks = rules_ * (lines_ + 1);  // rank: rule by rule, line by line
  if (ranks / 32 <= out_.size()) {
    sort_by_bits(ranks);
  } else {
    sort_by_digits(ranks);
  }
}

/// One bit for each rule and line, set where it was found, and then read in order.
void Candidates::sort_by_bits(std::size_t ranks) {
  std::pmr::vector<std::uint64_t> bits(ranks / 64 + 1, 0, out_.get_allocator());
  for (const Candidate& each : out_) {
    const std::size_t rank = each.place * (lines_ + 1) + std::min<std::size_t>(each.line, lines_);
    bits[rank / 64] |= std::uint64_t{1} << (rank % 64);
  }
  out_.clear();
  std::size_t place = 0, next_rule = lines_ + 1;
  for (std::size_t word = 0; word < bits.size(); ++word) {
    for (std::uint64_t rest = bits[word]; rest != 0; rest &= rest - 1) {
      const std::size_t rank = word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      if (rank >= next_rule) {
        place = rank / (lines_ + 1);
        next_rule = (place + 1) * (lines_ + 1);
      }
      const std::size_t line = rank + lines_ + 1 - next_rule;
      out_.push_back({static_cast<std::uint32_t>(place),
                      line == lines_ ? kEveryLine : static_cast<std::uint32_t>(line)});
    }
  }
}

/// By the digits of their rank, the last digit first.
void Candidates::sort_by_digits(std::size_t ranks) {
  constexpr std::size_t kDigitBits = 11, kDigits = 1 << kDigitBits;
  std::pmr::vector<std::uint64_t> from(out_.size(), out_.get_allocator());
  std::pmr::vector<std::uint64_t> to(out_.size(), out_.get_allocator());
  for (std::size_t i = 0; i < out_.size(); ++i) {
    from[i] = out_[i].place * (lines_ + 1) + std::min<std::size_t>(out_[i].line, lines_);
  }
  const auto bits = static_cast<std::size_t>(std::bit_width(ranks));
  for (std::size_t shift = 0; shift < bits; shift += kDigitBits) {
    std::array<std::uint32_t, kDigits> begins{};
    const auto digit = [&](std::uint64_t rank) { return (rank >> shift) & (kDigits - 1); };
    for (const std::uint64_t rank : from) ++begins[digit(rank)];
    std::uint32_t sum = 0;
    for (std::uint32_t& begin : begins) sum += std::exchange(begin, sum);
    for (const std::uint64_t rank : from) to[begins[digit(rank)]++] = rank;
    from.swap(to);
  }
  from.erase(std::unique(from.begin(), from.end()), from.end());
  out_.clear();
  for (const std::uint64_t rank : from) {
    const std::size_t line = rank % (lines_ + 1);
    out_.push_back({static_cast<std::uint32_t>(rank / (lines_ + 1)),
                    line == lines_ ? kEveryLine : static_cast<std::uint32_t>(line)});
  }
}

}  // namespace consign
