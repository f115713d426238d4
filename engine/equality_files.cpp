#include "engine/equality_files.hpp"

#include <algorithm>

namespace consign {

void EqualityFiles::add(const Key& key, std::uint32_t place) {
  auto file = std::find_if(files_.begin(), files_.end(),
                           [&](const File& each) { return each.schema == key.schema; });
  if (file == files_.end()) file = files_.insert(file, File{key.schema, {}});
  file->map.add(key.texts, place);
}

void EqualityFiles::build() {
  for (File& file : files_) file.map.build();
}

std::size_t EqualityFiles::bytes() const {
  std::size_t bytes = 0;
  for (const File& file : files_) bytes += file.map.bytes();
  return bytes;
}

}  // namespace consign
