// Rules filed under how a text begins or ends: one look per distinct length, however many rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/posting_map.hpp"

namespace consign {

class AffixIndex {
 public:
  enum class End : std::uint8_t { front, back };
  explicit AffixIndex(End end) : end_(end) {}

  /// The affix has at least one byte.
  void add(std::string_view affix, std::uint32_t place);
  void build();
  /// Calls `found(places)` for each affix that the text has.
  template <class Found>
  void find(std::string_view text, Found found) const {
    std::uint32_t hash = kSeed;
    std::size_t read = 0;
    for (const std::uint32_t length : lengths_) {
      if (length > text.size()) return;
      for (; read < length; ++read) hash = joined_key(hash, byte(text, read));
      const auto places = places_.find(hash);
      if (!places.empty()) found(places);
    }
  }
  bool empty() const { return lengths_.empty(); }
  std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kSeed = 0x811C9DC5;
  std::uint32_t byte(std::string_view text, std::size_t at) const {
    const char c = end_ == End::front ? text[at] : text[text.size() - 1 - at];
    return static_cast<unsigned char>(c);
  }

  End end_;
  PostingMap places_;                   ///< by the hash of the affix's bytes, from the text's end
  std::vector<std::uint32_t> lengths_;  ///< distinct, ascending
};

}  // namespace consign
