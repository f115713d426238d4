// Rules that have no cover, without those that the event makes false.
//
// `country != "SE"` holds for nearly all orders, so nothing finds it; but what an order holds tells
// which of such rules it makes false. They stand in a row of bits, one each, which starts out full;
// each text of the event clears the bits of the rules that exclude it, many at a time where many
// do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/candidates.hpp"
#include "engine/cover.hpp"
#include "engine/equality_files.hpp"
#include "engine/frame.hpp"

namespace consign {

class ExclusionIndex {
 public:
  /// `excluders`: of kind texts. A rule without any is looked at always. Places come in ascending
  /// order.
  void add(std::span<const Key> excluders, std::uint32_t place);
  void build();

  /// The rules that the event does not make false.
  void find(const Frame& frame, Candidates& out) const;

  std::size_t groups() const;
  std::size_t bytes() const;

 private:
  /// Rules that are looked at with all lines, or line by line.
  struct Class {
    std::vector<std::uint32_t> places;  ///< by the number of the rule's bit
    std::vector<std::pair<Key, std::uint32_t>> raw;
    EqualityFiles own;                ///< of the order, or of the line that a rule is asked about
    EqualityFiles any;                ///< of any line
    std::vector<std::uint64_t> rows;  ///< of the bits of rules that exclude a text, for common ones
    std::size_t words() const { return (places.size() + 63) / 64; }
    void build();
    void clear(std::span<const std::uint32_t> excluding, std::uint64_t* bits) const;
    void clear_any(const Frame& frame, std::uint64_t* bits) const;
    void clear_own(const Frame& frame, std::uint32_t line, std::uint64_t* bits) const;
    void tell(const std::uint64_t* bits, std::uint32_t line, Candidates& out) const;
    std::size_t bytes() const;
  };

  std::vector<std::uint32_t> always_;
  Class whole_, by_line_;
};

}  // namespace consign
