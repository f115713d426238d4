#include "consign/event.hpp"

namespace consign {

Record& Record::operator=(const Record& other) {
  if (this == &other) return *this;
  clear();
  copy(other);
  return *this;
}

void Record::copy(const Record& other) {
  runs_ = other.runs_;
  values_.reserve(other.values_.size());
  for (const Value& value : other.values_) values_.push_back(owned(value));
  keyed_.reserve(other.keyed_.size());
  for (const Entry& entry : other.keyed_) {
    keyed_.push_back({entry.field, texts_.keep(entry.key), owned(entry.value)});
  }
}

void Record::refer(Field field, const Value& value) {
  Run& run = runs_[static_cast<std::size_t>(field)];
  if (run.count == 0) {
    run.first = static_cast<std::uint16_t>(values_.size());
    values_.push_back(value);
  } else {
    values_[run.first] = value;
  }
  run.count = 1;
}

void Record::refer_also(Field field, const Value& value) {
  Run& run = runs_[static_cast<std::size_t>(field)];
  if (run.count == 0) {
    run.first = static_cast<std::uint16_t>(values_.size());
  } else if (std::size_t{run.first} + run.count != values_.size()) {
    // Another field's values follow: the run moves to the end, where it can grow.
    const std::size_t first = values_.size();
    values_.reserve(first + run.count + 1);
    for (std::size_t i = 0; i < run.count; ++i) values_.push_back(values_[run.first + i]);
    run.first = static_cast<std::uint16_t>(first);
  }
  values_.push_back(value);
  ++run.count;
}

void Record::refer_keyed(Field field, std::string_view key, const Value& value) {
  for (Entry& entry : keyed_) {
    if (entry.field == field && entry.key == key) {
      entry.value = value;
      return;
    }
  }
  keyed_.push_back({field, key, value});
}

std::span<const Value> Record::keyed(Field field, std::string_view key) const {
  for (const Entry& entry : keyed_) {
    if (entry.field == field && entry.key == key) return {&entry.value, 1};
  }
  return {};
}

void Record::clear() {
  runs_.fill({});
  values_.clear();
  keyed_.clear();
  texts_.clear();
}

}  // namespace consign
