// Rules filed under texts that slots hold: a table for each schema, which is a slot or a compound
// of slots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/cover.hpp"
#include "engine/frame.hpp"
#include "engine/posting_map.hpp"

namespace consign {

class EqualityFiles {
 public:
  /// `key` is of kind texts.
  void add(const Key& key, std::uint32_t place);
  void build();

  /// Calls `use(map, key)` for each key that the order and the line hold; which rules have it is
  /// for the map to say. Slots without values hold none.
  template <class Use>
  void each_key(const Frame& frame, std::uint32_t line, Use use) const {
    for (const File& file : files_) {
      switch (file.schema.count) {
        case 1:
          each_text(frame, line, file.schema.parts[0],
                    [&](std::uint32_t text) { use(file.map, text); });
          break;
        case 2:
          each_text(frame, line, file.schema.parts[0], [&](std::uint32_t first) {
            each_text(frame, line, file.schema.parts[1],
                      [&](std::uint32_t second) { use(file.map, joined_key(first, second)); });
          });
          break;
        default:
          each_text(frame, line, file.schema.parts[0], [&](std::uint32_t first) {
            each_text(frame, line, file.schema.parts[1], [&](std::uint32_t second) {
              const std::uint32_t joined = joined_key(first, second);
              each_text(frame, line, file.schema.parts[2],
                        [&](std::uint32_t third) { use(file.map, joined_key(joined, third)); });
            });
          });
      }
    }
  }
  bool empty() const { return files_.empty(); }
  std::size_t count() const { return files_.size(); }
  std::size_t bytes() const;

 private:
  struct File {
    Schema schema;
    PostingMap map;
  };
  /// Calls `use` with the numbers of the slot's texts that some rule names.
  template <class Use>
  static void each_text(const Frame& frame, std::uint32_t line, const Schema::Part& part, Use use) {
    const Slot& slot =
        part.row == Row::line ? frame.line_slot(line, part.slot) : frame.order_slot(part.slot);
    for (const Cell& cell : frame.cells(slot)) {
      const std::uint32_t text = cell.text.id(part.mode);
      if (text != kNone) use(text);
    }
  }

  std::vector<File> files_;
};

}  // namespace consign
