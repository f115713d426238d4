#include "engine/cover_index.hpp"

#include <algorithm>

namespace consign {

namespace {

std::size_t bytes_of(const std::vector<std::uint32_t>& places) {
  return places.capacity() * sizeof(std::uint32_t);
}

}  // namespace

// ---- intervals
// -------------------------------------------------------------------------------------

/// A value's place on the line of its type.
Decimal IntervalIndex::number_of(const Value& value) {
  switch (value.type) {
    case Type::time:
      return Decimal(value.time.micros);
    case Type::day:
      return Decimal(value.day.days);
    default:
      return value.number;
  }
}

void IntervalIndex::add(const std::optional<Decimal>& low, const std::optional<Decimal>& high,
                        std::uint32_t place) {
  Entry entry{};
  entry.place = place;
  if (low) entry.low = {false, *low};
  if (high) entry.high = {false, *high};
  entries_.push_back(entry);
}

void IntervalIndex::build() {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.low.open != b.low.open) return a.low.open;
    if (!a.low.open && a.low.at != b.low.at) return a.low.at < b.low.at;
    return a.place < b.place;
  });
  entries_.shrink_to_fit();
  if (!entries_.empty()) build(0, entries_.size());
}

IntervalIndex::Bound IntervalIndex::build(std::size_t begin, std::size_t end) {
  const std::size_t middle = begin + (end - begin) / 2;
  Bound highest = entries_[middle].high;
  const auto raise = [&](const Bound& other) {
    if (highest.open) return;
    if (other.open || highest.at < other.at) highest = other;
  };
  if (begin < middle) raise(build(begin, middle));
  if (middle + 1 < end) raise(build(middle + 1, end));
  entries_[middle].highest = highest;
  return highest;
}

template <class Found>
void IntervalIndex::find(const Value& value, Found found) const {
  find(number_of(value), 0, entries_.size(), found);
}

template <class Found>
void IntervalIndex::find(const Decimal& at, std::size_t begin, std::size_t end,
                         Found& found) const {
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    const Entry& entry = entries_[middle];
    if (!entry.highest.open && entry.highest.at < at) return;  // all end before it
    find(at, begin, middle, found);
    if (!entry.low.open && entry.low.at > at)
      return;  // this one and all to the right begin behind it
    if (entry.high.open || entry.high.at >= at) found(entry.place);
    begin = middle + 1;
  }
}

// ---- filing ------------------------------------------------------------------------------------

CoverIndex::CoverIndex(const Program& program) : program_(program) {
  order_.slots.resize(program.order_slots.size());
  line_.slots.resize(program.line_slots.size());
  any_line_.slots.resize(program.line_slots.size());
  const Selectivity selectivity(program);
  for (std::uint32_t place = 0; place < program.run.size(); ++place) {
    const std::uint32_t condition = program.run[place].condition;
    const auto cover =
        condition == kNone ? std::nullopt : cover_of(program, selectivity, condition);
    if (!cover) {
      uncovered_.push_back(place);
      continue;
    }
    const bool quiet = about_products(*cover) &&
                       WaitIndex::is_quiet(program, program.run[place], quiet_currencies_);
    for (const Key& key : cover->keys) file(place, key, quiet);
    if (quiet) {
      quiet_.push_back(place);
      waits_.file(program, selectivity, place);
    }
  }
  waits_.build();
  std::sort(quiet_currencies_.begin(), quiet_currencies_.end());
  quiet_currencies_.erase(std::unique(quiet_currencies_.begin(), quiet_currencies_.end()),
                          quiet_currencies_.end());
  for (RowIndex* row : {&order_, &line_, &any_line_}) build(*row);
  settle(no_lines_);
}

/// Whether some key is about a line's product, which may be unknown.
bool CoverIndex::about_products(const Cover& cover) const {
  return std::any_of(cover.keys.begin(), cover.keys.end(), [&](const Key& key) {
    return key.row == Row::line && key.slot != kNone &&
           row_of(program_.line_slots[key.slot].field).subject == Subject::product;
  });
}

void CoverIndex::file(std::uint32_t place, const Key& key, bool quiet) {
  if (key.kind == Key::Kind::no_lines) {
    no_lines_.push_back(place);
    return;
  }
  RowIndex& row = key.row == Row::order ? order_ : key.quantified ? any_line_ : line_;
  SlotIndex& index = row.slots[key.slot];
  index.used = true;
  if (!quiet) index.all.push_back(place);
  const auto end = [&](std::uint32_t literal) {
    return literal == kNone ? std::nullopt : std::optional(program_.place_of({key.type, literal}));
  };
  switch (key.kind) {
    case Key::Kind::equal:
      (key.mode == TextMode::folded ? index.folded : index.exact).add(key.text, place);
      return;
    case Key::Kind::interval: {
      const Literal one{key.type, key.low != kNone ? key.low : key.high};
      const std::string currency(program_.currency(one));
      index.intervals[currency].add(end(key.low), end(key.high), place);
      return;
    }
    case Key::Kind::starts_with:
    case Key::Kind::ends_with: {
      const bool starts = key.kind == Key::Kind::starts_with;
      // Mode and length in one number, so that one list says what to probe.
      const auto length =
          static_cast<std::uint32_t>(key.affix.size() * 2 + (key.mode == TextMode::folded ? 1 : 0));
      (starts ? index.starts : index.ends)
          .add(std::uint64_t{affixes_.intern(key.affix)} * 2 + (length & 1), place);
      (starts ? index.start_lengths : index.end_lengths).push_back(length);
      return;
    }
    case Key::Kind::present:
      index.present.push_back(place);
      return;
    case Key::Kind::missing:
      index.missing.push_back(place);
      return;
    case Key::Kind::truth:
      (key.truth ? index.is_true : index.is_false).push_back(place);
      return;
    case Key::Kind::no_lines:
      return;
  }
}

void CoverIndex::build(RowIndex& row) {
  for (SlotIndex& index : row.slots) {
    for (PostingMap* map : {&index.exact, &index.folded, &index.starts, &index.ends}) map->build();
    for (auto& [currency, intervals] : index.intervals) intervals.build();
    for (auto* places : {&index.start_lengths, &index.end_lengths, &index.present, &index.missing,
                         &index.is_true, &index.is_false, &index.all}) {
      settle(*places);
    }
  }
}

// ---- looking up
// ----------------------------------------------------------------------------------

template <class Found>
void CoverIndex::look_up(const SlotIndex& index, const Frame& frame, const Slot& slot,
                         Found found) const {
  const auto all = [&](std::span<const std::uint32_t> places) {
    for (const std::uint32_t place : places) found(place);
  };
  if (!index.used) return;
  if (slot.state == Known::unknown) return all(index.all);
  if (slot.state == Known::missing) return all(index.missing);
  all(index.present);
  for (const Cell& cell : frame.cells(slot)) {
    if (cell.text.exact_id != kNone) all(index.exact.find(cell.text.exact_id));
    if (cell.text.folded_id != kNone) all(index.folded.find(cell.text.folded_id));
    for (const auto& [currency, intervals] : index.intervals) {
      // Another currency is compared through a rate, or fails for want of one: a matter for the
      // rule itself.
      if (currency == cell.value->currency) {
        intervals.find(*cell.value, found);
      } else {
        intervals.each(found);
      }
    }
    const auto affixes = [&](const std::vector<std::uint32_t>& lengths, const PostingMap& map,
                             bool starts) {
      for (const std::uint32_t length_and_mode : lengths) {
        const std::uint32_t length = length_and_mode / 2;
        const auto mode = (length_and_mode & 1) != 0 ? TextMode::folded : TextMode::exact;
        const std::string_view text = cell.text.view(mode);
        if (text.size() < length) continue;
        const std::uint32_t affix =
            affixes_.find(starts ? text.substr(0, length) : text.substr(text.size() - length));
        if (affix != kNone) all(map.find(std::uint64_t{affix} * 2 + (length_and_mode & 1)));
      }
    };
    affixes(index.start_lengths, index.starts, true);
    affixes(index.end_lengths, index.ends, false);
    if (cell.value->type == Type::boolean) all(cell.value->truth ? index.is_true : index.is_false);
  }
}

const WaitIndex* CoverIndex::waits(const Frame& frame) const {
  const bool one_currency =
      quiet_currencies_.empty() ||
      (quiet_currencies_.size() == 1 && quiet_currencies_.front() == frame.currency());
  return one_currency ? &waits_ : nullptr;
}

void CoverIndex::candidates(const Frame& frame, std::pmr::vector<Candidate>& out) const {
  const auto for_every_line = [&](std::uint32_t place) { out.push_back({place, kEveryLine}); };
  for (const std::uint32_t place : uncovered_) for_every_line(place);
  for (std::uint32_t slot = 0; slot < order_.slots.size(); ++slot) {
    look_up(order_.slots[slot], frame, frame.order_slot(slot), for_every_line);
  }
  if (frame.line_count() == 0) {
    for (const std::uint32_t place : no_lines_) for_every_line(place);
  }
  for (std::uint32_t line = 0; line < frame.line_count(); ++line) {
    for (std::uint32_t slot = 0; slot < line_.slots.size(); ++slot) {
      look_up(line_.slots[slot], frame, frame.line_slot(line, slot), [&](std::uint32_t place) {
        out.push_back({place, line});
      });
      look_up(any_line_.slots[slot], frame, frame.line_slot(line, slot), for_every_line);
    }
  }
  if (waits(frame) == nullptr) {
    for (std::uint32_t line = 0; line < frame.line_count(); ++line) {
      if (!frame.product_unknown(line)) continue;
      for (const std::uint32_t place : quiet_) out.push_back({place, line});
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

CoverIndex::Cost CoverIndex::cost() const {
  Cost cost;
  cost.unindexed = uncovered_;
  for (const RowIndex* row : {&order_, &line_, &any_line_}) {
    for (const SlotIndex& index : row->slots) {
      for (const PostingMap* map : {&index.exact, &index.folded, &index.starts, &index.ends}) {
        cost.groups += map->bytes() != 0;
        cost.bytes += map->bytes();
      }
      for (const auto& [currency, intervals] : index.intervals) {
        ++cost.groups;
        cost.bytes += intervals.bytes();
      }
      for (const auto* places : {&index.present, &index.missing, &index.is_true, &index.is_false}) {
        cost.groups += !places->empty();
        cost.bytes += bytes_of(*places);
      }
      cost.bytes += bytes_of(index.all);
    }
  }
  cost.bytes += bytes_of(uncovered_) + bytes_of(no_lines_) + bytes_of(quiet_) + waits_.bytes();
  return cost;
}

}  // namespace consign
