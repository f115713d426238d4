// Which members a JSON object of the wire form may have, made once from fields.def.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "consign/schema.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign {

/// The members of one kind of object: fields, objects that hold fields (as `ship_to` does), and
/// members that whoever reads the object deals with itself. Immutable; shared by all threads.
class ObjectForm {
 public:
  struct Member {
    std::string_view name;
    const FieldRow* field = nullptr;    ///< a field
    const ObjectForm* group = nullptr;  ///< an object of fields; neither: somebody else's
  };

  /// The form of an object with the fields of the subjects, by their place in the wire form.
  ObjectForm(std::initializer_list<Subject> subjects,
             std::initializer_list<std::string_view> extras = {});
  /// The form of the object that the first form has as its member `group`.
  static ObjectForm of_group(Subject subject, std::string_view group,
                             std::initializer_list<std::string_view> extras);

  /// The member that `node` is, or null where this object has none of that name.
  const Member* find(const JsonNode& node) const;
  /// All names, for suggestions.
  std::vector<std::string_view> names() const;

 private:
  ObjectForm() = default;
  void add(Member member);
  void build();

  std::vector<Member> members_;
  std::vector<std::unique_ptr<ObjectForm>> groups_;
  struct Slot {
    std::uint64_t key = 0;
    const Member* member = nullptr;  ///< null: empty
  };
  std::vector<Slot> slots_;  ///< open addressing by json_name_key; a power of two
};

}  // namespace consign
