// Numbers for texts and for other things that a program holds once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace consign {

inline constexpr std::uint32_t kNone = UINT32_MAX;

/// From a hash to the number of a thing that is kept elsewhere. Open addressing, at most two thirds
/// full; a hash's upper bits say where to look, so that any size will do.
class NumberTable {
 public:
  /// The number filed under `hash` for which `same(number)` holds, or kNone.
  template <class Same>
  std::uint32_t find(std::uint32_t hash, Same same) const {
    if (slots_.empty()) return kNone;
    std::size_t at = start(hash);
    while (slots_[at].number != kNone) {
      if (slots_[at].hash == hash && same(slots_[at].number)) return slots_[at].number;
      at = next(at);
    }
    return kNone;
  }
  /// Files a number that find() does not give yet.
  void add(std::uint32_t hash, std::uint32_t number);
  /// Room for so many numbers.
  void reserve(std::size_t count);
  /// Gives up room that is not needed, if there is much of it.
  void shrink();
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kNone;  ///< kNone: empty
  };
  std::size_t start(std::uint32_t hash) const {
    return static_cast<std::size_t>((std::uint64_t{hash} * slots_.size()) >> 32);
  }
  std::size_t next(std::size_t at) const { return at + 1 == slots_.size() ? 0 : at + 1; }
  void put(Slot slot);
  void resize(std::size_t size);

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

/// Numbers the texts of literals. What is not among them has no number and so equals none of them.
class Dictionary {
 public:
  std::uint32_t intern(std::string_view text);
  /// The number of `text`, or kNone.
  std::uint32_t find(std::string_view text) const;
  /// The text of a number; valid until the next intern().
  std::string_view text(std::uint32_t number) const {
    return std::string_view(characters_)
        .substr(begins_[number], begins_[number + 1] - begins_[number]);
  }
  /// How many texts there are.
  std::size_t size() const { return begins_.size() - 1; }
  /// The same as the other, with room for `more` texts.
  void assign(const Dictionary& other, std::size_t more);
  void shrink();
  std::size_t bytes() const;

 private:
  std::uint32_t find(std::string_view text, std::uint32_t hash) const {
    return table_.find(hash, [&](std::uint32_t number) { return this->text(number) == text; });
  }

  std::string characters_;                   ///< of all texts, one after the other
  std::vector<std::uint32_t> begins_ = {0};  ///< by number; the last one is the end
  NumberTable table_;
};

}  // namespace consign
