// Source texts and places in them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "consign/hash.hpp"

namespace consign {

using SourceId = std::uint32_t;

/// A run of bytes in a source: `begin` inclusive, `end` exclusive. Always offsets into the file
/// as the user wrote it, also for a condition inside a folded YAML scalar.
struct Span {
  SourceId source = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

/// Line and column, both from 1. The column counts characters (code points), not bytes.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// One file: its path (relative to the rules folder, `/`-separated) and its text. Not changed once
/// made; several rule sets share it while the file stays as it is.
struct Source {
  Source(std::string its_path, std::string its_text);

  std::string path;
  std::string text;
  std::vector<std::uint32_t> line_starts;  ///< byte offset of each line's first byte
  Sha256Digest sha256;                     ///< of the text
};

/// The files of a rule set, by id. Ids are dense, in the order of adding; references stay valid.
/// Not changed once a rule set is checked, so then safe from any thread.
class SourceMap {
 public:
  SourceId add(std::string path, std::string text);
  SourceId add(std::shared_ptr<const Source> source);
  const Source& get(SourceId id) const { return *sources_[id]; }
  const std::shared_ptr<const Source>& share(SourceId id) const { return sources_[id]; }
  std::size_t size() const { return sources_.size(); }

  std::string_view text(Span span) const;
  Position position(SourceId source, std::uint32_t offset) const;
  /// The text of line `line` (from 1) without its end-of-line bytes.
  std::string_view line(SourceId source, std::uint32_t line) const;

 private:
  std::vector<std::shared_ptr<const Source>> sources_;
};

}  // namespace consign
