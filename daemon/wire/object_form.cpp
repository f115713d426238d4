#include "daemon/wire/object_form.hpp"

#include <algorithm>
#include <bit>

namespace consign {

ObjectForm::ObjectForm(std::initializer_list<Subject> subjects,
                       std::initializer_list<std::string_view> extras) {
  std::vector<std::string_view> group_names;
  for (const FieldRow& row : all_fields()) {
    if (row.json.empty() ||
        std::find(subjects.begin(), subjects.end(), row.subject) == subjects.end()) {
      continue;
    }
    const auto dot = row.json.find('.');
    if (dot == std::string_view::npos) {
      add({row.json, &row, nullptr});
      continue;
    }
    const std::string_view name = row.json.substr(0, dot);
    const auto at = std::find(group_names.begin(), group_names.end(), name);
    const auto group = static_cast<std::size_t>(at - group_names.begin());
    if (at == group_names.end()) {
      group_names.push_back(name);
      groups_.emplace_back(new ObjectForm());
    }
    groups_[group]->add({row.json.substr(dot + 1), &row, nullptr});
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    groups_[i]->build();
    add({group_names[i], nullptr, groups_[i].get()});
  }
  for (const std::string_view name : extras) add({name, nullptr, nullptr});
  build();
}

ObjectForm ObjectForm::of_group(Subject subject, std::string_view group,
                                std::initializer_list<std::string_view> extras) {
  ObjectForm form;
  for (const FieldRow& row : all_fields()) {
    const auto dot = row.json.find('.');
    if (row.subject == subject && dot != std::string_view::npos &&
        row.json.substr(0, dot) == group) {
      form.add({row.json.substr(dot + 1), &row, nullptr});
    }
  }
  for (const std::string_view name : extras) form.add({name, nullptr, nullptr});
  form.build();
  return form;
}

void ObjectForm::add(Member member) { members_.push_back(member); }

void ObjectForm::build() {
  slots_.assign(std::bit_ceil(members_.size() * 4), {});
  for (const Member& member : members_) {
    const std::uint64_t key = json_name_key(member.name);
    std::size_t at = key & (slots_.size() - 1);
    while (slots_[at].member != nullptr) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {key, &member};
  }
}

const ObjectForm::Member* ObjectForm::find(const JsonNode& node) const {
  for (std::size_t at = node.name_key & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.member == nullptr) return nullptr;
    if (slot.key != node.name_key || slot.member->name.size() != node.name.size()) continue;
    // A key holds the whole of a short name.
    if (node.name.size() <= 8 || slot.member->name == node.name) return slot.member;
  }
}

std::vector<std::string_view> ObjectForm::names() const {
  std::vector<std::string_view> names;
  for (const Member& member : members_) names.push_back(member.name);
  return names;
}

}  // namespace consign
