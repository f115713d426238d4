#include "engine/key_files.hpp"

#include <algorithm>
#include <array>

#include "engine/regex_literals.hpp"

namespace consign {

// ---- filing ------------------------------------------------------------------------------------

KeyFiles::SlotFile& KeyFiles::file_of(const Key& key) {
  Reached& reached = key.reach == Reach::order      ? order_
                     : key.reach == Reach::own_line ? own_line_
                                                    : any_line_;
  auto& slots = reached.slots;
  const auto it = std::find_if(slots.begin(), slots.end(),
                               [&](const SlotFile& each) { return each.slot == key.slot; });
  return it != slots.end() ? *it : slots.emplace_back(key.slot);
}

IntervalIndex& KeyFiles::intervals_of(SlotFile& file, std::string_view currency) {
  for (auto& each : file.intervals) {
    if (each.currency == currency) return each.index;
  }
  file.intervals.push_back({std::string(currency), {}});
  return file.intervals.back().index;
}

void KeyFiles::add(const Key& key, std::uint32_t place) {
  if (key.kind == Key::Kind::no_lines) {
    no_lines_.push_back(place);
    return;
  }
  if (key.kind == Key::Kind::texts) {
    Reached& reached = key.reach == Reach::order      ? order_
                       : key.reach == Reach::own_line ? own_line_
                                                      : any_line_;
    reached.equalities.add(key, place);
    return;
  }
  SlotFile& file = file_of(key);
  SlotFile::Texts& texts = key.mode == TextMode::folded ? file.folded : file.exact;
  switch (key.kind) {
    case Key::Kind::interval:
      intervals_of(file, key.currency).add(key.low, key.high, place);
      return;
    case Key::Kind::starts_with:
      texts.starts.add(key.piece, place);
      return;
    case Key::Kind::ends_with:
      texts.ends.add(key.piece, place);
      return;
    case Key::Kind::contains:
      texts.inside.add(key.piece, place);
      return;
    case Key::Kind::contains_lower:
      file.lower.add(key.piece, place);
      return;
    case Key::Kind::present:
      file.present.push_back(place);
      return;
    case Key::Kind::missing:
      file.missing.push_back(place);
      return;
    case Key::Kind::truth:
      (key.truth ? file.is_true : file.is_false).push_back(place);
      return;
    case Key::Kind::texts:
    case Key::Kind::no_lines:
      return;
  }
}

void KeyFiles::build() {
  for (Reached* reached : {&order_, &own_line_, &any_line_}) {
    reached->equalities.build();
    for (SlotFile& file : reached->slots) {
      for (auto& each : file.intervals) each.index.build();
      for (SlotFile::Texts* texts : {&file.exact, &file.folded}) {
        texts->starts.build();
        texts->ends.build();
        texts->inside.build();
      }
      file.lower.build();
      for (auto* places : {&file.present, &file.missing, &file.is_true, &file.is_false}) {
        settle(*places);
      }
    }
  }
  settle(no_lines_);
}

// ---- looking up --------------------------------------------------------------------------------

namespace {

/// Looks keys up some at a time, so that the memory for one is fetched while another is read.
template <class Found>
class Prober {
 public:
  explicit Prober(Found found) : found_(found) {}
  void add(const PostingMap& map, std::uint32_t key, std::uint32_t line) {
    map.prefetch(key);
    waiting_[count_++] = {&map, key, line};
    if (count_ == waiting_.size()) flush();
  }
  void flush() {
    for (std::size_t i = 0; i < count_; ++i) {
      const auto places = waiting_[i].map->find(waiting_[i].key);
      if (!places.empty()) found_(places, waiting_[i].line);
    }
    count_ = 0;
  }

 private:
  struct Probe {
    const PostingMap* map;
    std::uint32_t key, line;
  };
  Found found_;
  std::array<Probe, 32> waiting_;
  std::size_t count_ = 0;
};

std::string_view lowered(std::string_view text) {
  thread_local std::string room;
  lower_into(text, room);
  return room;
}

}  // namespace

template <class Found>
void KeyFiles::look_up(const SlotFile& file, const Frame& frame, const Slot& slot,
                       std::vector<IntervalIndex::Told>& told, Found found) {
  const auto all = [&](const std::vector<std::uint32_t>& places) {
    if (!places.empty()) found(std::span(places));
  };
  // What is unknown is judged by other files, see CoverIndex.
  if (slot.state == Known::unknown) return;
  if (slot.state == Known::missing) return all(file.missing);
  all(file.present);
  for (const Cell& cell : frame.cells(slot)) {
    if (!file.intervals.empty()) {
      const std::int64_t at = place_on_line(*cell.value);
      for (std::size_t i = 0; i < file.intervals.size(); ++i) {
        // Another currency is compared through a rate, or fails for want of one: a matter for the
        // rule itself.
        if (file.intervals[i].currency == cell.value->currency) {
          file.intervals[i].index.find(at, told[i], found);
        } else {
          file.intervals[i].index.each(found);
        }
      }
    }
    for (const TextMode mode : {TextMode::exact, TextMode::folded}) {
      const SlotFile::Texts& texts = mode == TextMode::folded ? file.folded : file.exact;
      if (texts.empty()) continue;
      const std::string_view text = cell.text.view(mode);
      texts.starts.find(text, found);
      texts.ends.find(text, found);
      if (!texts.inside.empty()) texts.inside.find(text, found);
    }
    if (!file.lower.empty()) file.lower.find(lowered(cell.text.exact), found);
    if (cell.value->type == Type::boolean) all(cell.value->truth ? file.is_true : file.is_false);
  }
}

void KeyFiles::find(const Frame& frame, Lines lines, Candidates& out) const {
  const auto count = static_cast<std::uint32_t>(frame.line_count());
  Prober own(
      [&](std::span<const std::uint32_t> places, std::uint32_t line) { out.add(places, line); });
  Prober any([&](std::span<const std::uint32_t> places, std::uint32_t) { out.add_once(places); });
  order_.equalities.each_key(
      frame, 0, [&](const PostingMap& map, std::uint32_t key) { own.add(map, key, kEveryLine); });
  for (std::uint32_t line = 0; line < count && !out.too_many(); ++line) {
    if (lines == Lines::all || frame.product_unknown(line)) {
      own_line_.equalities.each_key(
          frame, line, [&](const PostingMap& map, std::uint32_t key) { own.add(map, key, line); });
    }
    any_line_.equalities.each_key(frame, line, [&](const PostingMap& map, std::uint32_t key) {
      any.add(map, key, kEveryLine);
    });
  }
  own.flush();
  any.flush();
  if (out.too_many()) return;

  thread_local std::vector<IntervalIndex::Told> told;
  const auto start = [&](const SlotFile& file) { told.assign(file.intervals.size(), {}); };
  for (const SlotFile& file : order_.slots) {
    start(file);
    look_up(file, frame, frame.order_slot(file.slot), told,
            [&](std::span<const std::uint32_t> places) { out.add(places, kEveryLine); });
  }
  for (const SlotFile& file : own_line_.slots) {
    for (std::uint32_t line = 0; line < count; ++line) {
      if (lines != Lines::all && !frame.product_unknown(line)) continue;
      start(file);
      look_up(file, frame, frame.line_slot(line, file.slot), told,
              [&](std::span<const std::uint32_t> places) { out.add(places, line); });
    }
  }
  for (const SlotFile& file : any_line_.slots) {
    start(file);
    for (std::uint32_t line = 0; line < count; ++line) {
      look_up(file, frame, frame.line_slot(line, file.slot), told,
              [&](std::span<const std::uint32_t> places) { out.add_once(places); });
    }
  }
  if (count == 0) out.add(no_lines_, kEveryLine);
}

KeyFiles::Cost KeyFiles::cost() const {
  Cost cost;
  const auto add = [&](std::size_t bytes) {
    cost.groups += bytes != 0;
    cost.bytes += bytes;
  };
  for (const Reached* reached : {&order_, &own_line_, &any_line_}) {
    cost.groups += reached->equalities.count();
    cost.bytes += reached->equalities.bytes();
    for (const SlotFile& file : reached->slots) {
      for (const auto& each : file.intervals) add(each.index.bytes());
      for (const SlotFile::Texts* texts : {&file.exact, &file.folded}) {
        add(texts->starts.bytes());
        add(texts->ends.bytes());
        add(texts->inside.bytes());
      }
      add(file.lower.bytes());
      for (const auto* places : {&file.present, &file.missing, &file.is_true, &file.is_false}) {
        add(places->capacity() * sizeof(std::uint32_t));
      }
    }
  }
  add(no_lines_.capacity() * sizeof(std::uint32_t));
  return cost;
}

}  // namespace consign
