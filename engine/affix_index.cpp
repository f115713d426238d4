#include "engine/affix_index.hpp"

#include <algorithm>

namespace consign {

void AffixIndex::add(std::string_view affix, std::uint32_t place) {
  std::uint32_t hash = kSeed;
  for (std::size_t i = 0; i < affix.size(); ++i) hash = joined_key(hash, byte(affix, i));
  places_.add(hash, place);
  const auto length = static_cast<std::uint32_t>(affix.size());
  const auto at = std::lower_bound(lengths_.begin(), lengths_.end(), length);
  if (at == lengths_.end() || *at != length) lengths_.insert(at, length);
}

void AffixIndex::build() {
  places_.build();
  lengths_.shrink_to_fit();
}

std::size_t AffixIndex::bytes() const {
  return places_.bytes() + lengths_.capacity() * sizeof(std::uint32_t);
}

}  // namespace consign
