#include "consign/event.hpp"

namespace consign {

void Record::set(Field field, Value value) {
  auto& values = plain_[field];
  values.clear();
  values.push_back(std::move(value));
}

void Record::add(Field field, Value value) { plain_[field].push_back(std::move(value)); }

void Record::set_keyed(Field field, std::string key, Value value) {
  auto& values = keyed_[field][std::move(key)];
  values.clear();
  values.push_back(std::move(value));
}

std::span<const Value> Record::values(Field field) const {
  const auto it = plain_.find(field);
  if (it == plain_.end()) return {};
  return it->second;
}

std::span<const Value> Record::keyed(Field field, std::string_view key) const {
  const auto it = keyed_.find(field);
  if (it == keyed_.end()) return {};
  const auto entry = it->second.find(key);
  if (entry == it->second.end()) return {};
  return entry->second;
}

const Value* Record::value(Field field) const {
  const auto all = values(field);
  return all.empty() ? nullptr : &all.front();
}

std::string_view Record::text(Field field) const {
  const Value* found = value(field);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

}  // namespace consign
