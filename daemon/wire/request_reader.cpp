// Requests as documents, and as what rules read.

#include <algorithm>

#include "consign/diagnostic.hpp"
#include "daemon/wire/field_reader.hpp"
#include "daemon/wire/request_decision.hpp"

namespace consign {

namespace {

constexpr std::string_view kApps = "apps";  // `apps:NAME` is known for every name

void sort_once(std::vector<Permission>& permissions) {
  std::sort(permissions.begin(), permissions.end());
  permissions.erase(std::unique(permissions.begin(), permissions.end()), permissions.end());
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& names) {
  const std::string_view near = nearest_name(word, names);
  return near.empty() ? "" : "; did you mean `" + std::string(near) + "`?";
}

class RequestReader {
 public:
  RequestReader(const ObjectForm& form, const RuleSet& rules) : form_(form), rules_(rules) {}

  Result<AskedFor, std::vector<JsonError>> read(const JsonNode& document) {
    if (!document.is(JsonNode::Kind::object)) {
      return std::vector<JsonError>{{"", "a request is a JSON object"}};
    }
    Record record;
    FieldReader fields(faults_, {.text_bytes = 4'000, .values = 200});
    fields.read_object(document, root_, form_, record);
    AskedFor asked;
    asked.kind = record.text(Field::request_kind);
    asked.email = record.text(Field::request_requester_email);
    asked.name = record.text(Field::request_requester_name);
    asked.organization = record.text(Field::request_requester_organization);
    asked.role = record.text(Field::request_role);
    asked.message = record.text(Field::request_message);
    if (asked.kind.empty() && document.find("kind") == nullptr) {
      fault("kind", "this is the kind of request, as \"staff\" or \"collaborator\"");
    }
    read_shops(record, asked);
    read_wanted(document, asked);
    check_role(asked);
    if (!faults_.empty()) return std::move(faults_);
    return asked;
  }

 private:
  void fault(std::string_view member, std::string message) {
    faults_.push_back({root_.member(member).pointer(), std::move(message)});
  }

  void read_shops(const Record& record, AskedFor& asked) {
    for (const Value& value : record.values(Field::request_shop)) {
      const std::string shop(value.text);
      if (std::find(asked.shops.begin(), asked.shops.end(), shop) == asked.shops.end()) {
        asked.shops.push_back(shop);
      }
    }
    if (asked.shops.empty() && faults_.empty()) fault("shops", "name at least one shop");
  }

  void read_wanted(const JsonNode& document, AskedFor& asked) {
    const JsonNode* list = document.find("permissions");
    if (list == nullptr || !list->is(JsonNode::Kind::array)) return;
    const JsonPlace place = root_.member("permissions");
    std::size_t index = 0;
    for (const JsonNode& node : list->children()) {
      const JsonPlace at = place.item(index++);
      if (!node.is(JsonNode::Kind::string)) continue;  // told already
      const auto permissions = read_permissions(node.text);
      if (!permissions) {
        faults_.push_back({at.pointer(), permissions.error().message});
        continue;
      }
      for (const Permission& permission : *permissions) {
        if (is_known(permission, at)) asked.permissions.push_back(permission);
      }
    }
    sort_once(asked.permissions);
  }

  bool is_known(const Permission& permission, const JsonPlace& at) {
    if (permission.resource == kApps) {
      if (!permission.is_wildcard()) return true;
      faults_.push_back({at.pointer(), "`apps:*` stands for apps without end; name the app"});
      return false;
    }
    std::vector<std::string> names;
    for (const Permission& known : rules_.vocabulary) {
      if (permission.covers(known)) return true;
      names.push_back(known.to_string());
    }
    const std::string written = permission.to_string();
    faults_.push_back({at.pointer(), "there is no permission `" + written + "`" +
                                         did_you_mean(written, {names.begin(), names.end()})});
    return false;
  }

  void check_role(const AskedFor& asked) {
    if (asked.role.empty() || rules_.find_role(asked.role) != nullptr) return;
    std::vector<std::string_view> names;
    for (const Role& role : rules_.roles) names.push_back(role.name);
    fault("role", "there is no role `" + asked.role + "`" + did_you_mean(asked.role, names));
  }

  const ObjectForm& form_;
  const RuleSet& rules_;
  const JsonPlace root_;
  std::vector<JsonError> faults_;
};

}  // namespace

Result<AskedFor, std::vector<JsonError>> read_request(const JsonNode& document,
                                                      const ObjectForm& form,
                                                      const RuleSet& rules) {
  return RequestReader(form, rules).read(document);
}

std::vector<Permission> wanted_permissions(const AskedFor& asked, const RuleSet& rules) {
  std::vector<Permission> wanted = asked.permissions;
  if (const Role* role = rules.find_role(asked.role)) {
    wanted.insert(wanted.end(), role->permissions.begin(), role->permissions.end());
  }
  sort_once(wanted);
  return wanted;
}

Record request_record(const AskedFor& asked, const RuleSet& rules, const Record& filer) {
  Record record = filer;
  const auto put = [&](Field field, const Value& value) {
    if (!value.text.empty()) record.set(field, value);
  };
  put(Field::request_kind, Value::of_enum(asked.kind));
  put(Field::request_requester_email, Value::of_code(asked.email));
  put(Field::request_requester_name, Value::of_text(asked.name));
  put(Field::request_requester_organization, Value::of_text(asked.organization));
  put(Field::request_role, Value::of_code(asked.role));
  put(Field::request_message, Value::of_text(asked.message));
  record.set(Field::request_code_ok, Value::of_bool(asked.code_ok));
  for (const std::string& shop : asked.shops) {
    record.add(Field::request_shop, Value::of_code(shop));
  }
  std::vector<Permission> singles;
  for (const Permission& wanted : wanted_permissions(asked, rules)) {
    if (!wanted.is_wildcard() || wanted.resource == kApps) singles.push_back(wanted);
    for (const Permission& known : rules.vocabulary) {
      if (wanted.is_wildcard() && wanted.covers(known)) singles.push_back(known);
    }
  }
  sort_once(singles);
  for (const Permission& single : singles) {
    const std::string text = single.to_string();
    Value value = Value::of_code(text);
    value.type = Type::permission;
    record.add(Field::request_permission, value);
  }
  return record;
}

}  // namespace consign
