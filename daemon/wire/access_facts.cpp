#include "daemon/wire/access_facts.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "daemon/wire/decision_json.hpp"
#include "daemon/wire/field_reader.hpp"

namespace consign {

namespace json = boost::json;

namespace {

constexpr std::string_view kNoGrant = "no grant in force";

/// The kind of "staff:anna", a word of the table; nothing for what is no account's name.
std::optional<std::string_view> kind_of(std::string_view account) {
  const auto colon = account.find(':');
  if (colon == std::string_view::npos || colon + 1 == account.size()) return std::nullopt;
  return find_word(Domain::account_kind, account.substr(0, colon));
}

/// Reads members by hand, and says where they are not what they should be.
class MemberReader {
 public:
  explicit MemberReader(std::vector<JsonError>& faults) : faults_(faults) {}

  void fault(const std::string& pointer, std::string message) {
    faults_.push_back({pointer, std::move(message)});
  }

  /// Whether it is an object with no other members than these.
  bool is_object(const JsonNode& node, const std::string& pointer,
                 std::initializer_list<std::string_view> names) {
    if (!node.is(JsonNode::Kind::object)) {
      fault(pointer, "this is an object");
      return false;
    }
    for (const JsonNode& member : node.children()) {
      if (std::find(names.begin(), names.end(), member.name) != names.end()) continue;
      const std::string_view near = nearest_name(member.name, names);
      fault(pointer + "/" + pointer_token(member.name),
            "there is no field `" + std::string(member.name) + "` here" +
                (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?"));
    }
    return true;
  }

  std::string text(const JsonNode& object, std::string_view name, const std::string& pointer,
                   bool needed) {
    const JsonNode* found = object.find(name);
    if (!needed && (found == nullptr || found->is_null())) return {};
    if (found != nullptr && found->is(JsonNode::Kind::string) && !found->text.empty()) {
      return std::string(found->text);
    }
    fault(pointer + "/" + std::string(name), "this is a text that is not empty");
    return {};
  }

  std::string account(const JsonNode& object, const std::string& pointer) {
    std::string name = text(object, "account", pointer, true);
    if (!name.empty() && !kind_of(name)) {
      fault(pointer + "/account", "`" + name + "` is no account; write it as `staff:anna`");
    }
    return name;
  }

  bool truth(const JsonNode& object, std::string_view name, const std::string& pointer) {
    const JsonNode* found = object.find(name);
    if (found == nullptr || found->is_null()) return false;
    if (!found->is(JsonNode::Kind::boolean)) {
      fault(pointer + "/" + std::string(name), "this is true or false");
    }
    return found->truth;
  }

  /// Nothing where there is no such member.
  std::optional<std::vector<std::string>> texts(const JsonNode& object, std::string_view name,
                                                const std::string& pointer) {
    const JsonNode* found = object.find(name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    const std::string at = pointer + "/" + std::string(name);
    std::vector<std::string> all;
    if (!found->is(JsonNode::Kind::array)) {
      fault(at, "this is an array of texts");
      return all;
    }
    for (const JsonNode& item : found->children()) {
      if (item.is(JsonNode::Kind::string)) {
        all.emplace_back(item.text);
      } else {
        fault(at, "this is an array of texts");
      }
    }
    return all;
  }

  std::vector<Permission> permissions(const std::vector<std::string>& written,
                                      const std::string& pointer) {
    std::vector<Permission> all;
    for (const std::string& each : written) {
      const auto singles = parse_permissions(each);
      if (!singles) {
        fault(pointer, "`" + each + "` is no permission; write it as `orders:view`");
        continue;
      }
      all.insert(all.end(), singles->begin(), singles->end());
    }
    return all;
  }

 private:
  std::vector<JsonError>& faults_;
};

AccountFacts read_account(MemberReader& reader, const JsonNode& node, const std::string& at) {
  AccountFacts account;
  if (!reader.is_object(node, at,
                        {"account", "kind", "name", "email", "organization", "shops", "roles",
                         "mfa", "suspended"})) {
    return account;
  }
  account.account = reader.account(node, at);
  account.shops = reader.texts(node, "shops", at);
  account.roles = reader.texts(node, "roles", at).value_or(std::vector<std::string>{});
  account.mfa = reader.truth(node, "mfa", at);
  account.suspended = reader.truth(node, "suspended", at);
  return account;
}

GrantFacts read_grant(MemberReader& reader, const JsonNode& node, const std::string& at) {
  GrantFacts grant;
  if (!reader.is_object(node, at, {"account", "permissions", "on", "until"})) return grant;
  grant.account = reader.account(node, at);
  grant.permissions =
      reader.permissions(reader.texts(node, "permissions", at).value_or(std::vector<std::string>{}),
                         at + "/permissions");
  if (const JsonNode* on = node.find("on")) {
    const std::string place = at + "/on";
    if (reader.is_object(*on, place, {"shop", "order", "line"})) {
      grant.shop = reader.text(*on, "shop", place, true);
      grant.order = reader.text(*on, "order", place, false);
      grant.line = reader.text(*on, "line", place, false);
    }
  } else {
    reader.fault(at + "/on", "say what it is on, as {\"shop\":\"nordic\"}");
  }
  const std::string until = reader.text(node, "until", at, false);
  if (!until.empty()) {
    grant.until = parse_timestamp(until);
    if (!grant.until) reader.fault(at + "/until", kTimeHelp);
  }
  return grant;
}

/// Whether the grant counts for what is asked about.
bool covers(const GrantFacts& grant, const AskedCheck& check, Timestamp now) {
  if (grant.account != check.account || grant.shop != check.shop) return false;
  if (grant.until && *grant.until <= now) return false;
  const bool of_order = check.kind == "order" || check.kind == "line";
  if (!grant.order.empty() && !(of_order && grant.order == check.id)) return false;
  if (!grant.line.empty() && grant.line != check.line) return false;
  return std::any_of(grant.permissions.begin(), grant.permissions.end(),
                     [&](const Permission& each) { return each.covers(check.action); });
}

json::object denied(std::string_view why) { return {{"allowed", false}, {"reason", why}}; }

/// Why it is denied whatever rules and grants say; empty: it is not.
std::string_view barred(const RuleSet& rules, const AccountFacts* account,
                        const AskedCheck& check) {
  for (const Permission& ban : rules.never_grant) {
    if (ban.overlaps(check.action)) return "banned by never_grant";
  }
  constexpr std::string_view kSupplier = "supplier:";
  if (check.account.starts_with(kSupplier)) {
    const auto supplier = rules.find_supplier(check.account.substr(kSupplier.size()));
    if (!supplier) return kNoGrant;
    if (rules.suppliers[*supplier].suspended) return "the supplier is suspended";
  }
  if (account == nullptr) return {};
  if (account->suspended) return "the account is suspended";
  const bool elsewhere = account->shops && std::find(account->shops->begin(), account->shops->end(),
                                                     check.shop) == account->shops->end();
  return elsewhere ? "the account does not belong to the shop" : "";
}

Record question_of(const AskedCheck& check, const AccessFacts& facts) {
  Record question = facts.describe(check.account);
  const std::string action = check.action.to_string();
  Value asked = Value::of_code(action);
  asked.type = Type::permission;
  question.set(Field::check_action, asked);
  question.set(Field::check_resource_kind, Value::of_enum(check.kind));
  if (!check.id.empty()) question.set(Field::check_resource_id, Value::of_code(check.id));
  if (!check.shop.empty()) question.set(Field::check_resource_shop, Value::of_code(check.shop));
  return question;
}

}  // namespace

const AccountFacts* AccessFacts::find(std::string_view account) const {
  const auto at = std::find_if(accounts.rbegin(), accounts.rend(),
                               [&](const AccountFacts& each) { return each.account == account; });
  return at == accounts.rend() ? nullptr : &*at;
}

Record AccessFacts::describe(std::string_view account) const {
  Record record;
  const auto kind = kind_of(account);
  if (!kind) return record;
  record.set(Field::account_id, Value::of_code(account));
  record.set(Field::account_kind, Value::of_enum(*kind));
  const AccountFacts* known = find(account);
  record.set(Field::account_suspended, Value::of_bool(known != nullptr && known->suspended));
  record.set(Field::account_mfa, Value::of_bool(known != nullptr && known->mfa));
  if (known == nullptr) return record;
  for (const auto& role : known->roles) record.add(Field::account_role, Value::of_code(role));
  if (!known->shops) return record;
  for (const auto& shop : *known->shops) record.add(Field::account_shop, Value::of_code(shop));
  return record;
}

Result<AccessFacts, std::vector<JsonError>> read_access_facts(
    std::optional<std::string_view> written) {
  AccessFacts facts;
  if (!written) return facts;
  const auto document = parse_json(*written);
  if (!document) return std::vector<JsonError>{document.error()};
  std::vector<JsonError> faults;
  MemberReader reader(faults);
  const auto each = [&](const std::string& name, auto read, auto& into) {
    const JsonNode* list = document->root().find(name);
    if (list == nullptr || !list->is(JsonNode::Kind::array)) return;
    std::size_t index = 0;
    for (const JsonNode& node : list->children()) {
      into.push_back(read(reader, node, "/" + name + "/" + std::to_string(index++)));
    }
  };
  each("accounts", read_account, facts.accounts);
  each("grants", read_grant, facts.grants);
  if (!faults.empty()) return faults;
  return facts;
}

Result<AskedCheck, std::vector<JsonError>> read_check(const JsonNode& document) {
  std::vector<JsonError> faults;
  MemberReader reader(faults);
  AskedCheck check;
  if (!reader.is_object(document, "", {"account", "action", "resource"})) return faults;
  check.account = reader.account(document, "");
  const std::string action = reader.text(document, "action", "", true);
  const auto permissions = reader.permissions({action}, "/action");
  if (!action.empty() && permissions.size() == 1) {
    check.action = permissions[0];
  } else if (faults.empty()) {
    reader.fault("/action", "ask about one permission");
  }
  const JsonNode* resource = document.find("resource");
  if (resource == nullptr) {
    reader.fault("/resource", "say what it is about, as {\"kind\":\"order\",\"shop\":\"nordic\"}");
  } else if (reader.is_object(*resource, "/resource", {"kind", "shop", "id", "line"})) {
    const std::string kind = reader.text(*resource, "kind", "/resource", true);
    const auto word = find_word(Domain::resource_kind, kind);
    if (!kind.empty() && !word) {
      reader.fault("/resource/kind", "there is no kind of resource `" + kind + "`");
    }
    check.kind = word.value_or("");
    check.shop = reader.text(*resource, "shop", "/resource", true);
    check.id = reader.text(*resource, "id", "/resource", false);
    check.line = reader.text(*resource, "line", "/resource", false);
  }
  if (!faults.empty()) return faults;
  return check;
}

json::object answer_check_of_facts(const Program& checks, const RuleSet& rules,
                                   const AccessFacts& facts, const AskedCheck& check, Timestamp now,
                                   Arena& arena) {
  const AccountFacts* account = facts.find(check.account);
  if (const auto why = barred(rules, account, check); !why.empty()) return denied(why);
  json::object out;
  json::array shadow;
  using Answer = CheckDecision::Answer;
  Answer said = Answer::nothing;
  // Rules speak of accounts that were made and of declared suppliers.
  if (account != nullptr || check.account.starts_with("supplier:")) {
    const auto decision = decide_check(checks, question_of(check, facts), now, arena);
    said = decision.answer;
    if (said == Answer::forbid) {
      out = denied(decision.reason.empty() ? "a rule forbids it" : decision.reason);
    } else if (said == Answer::allow) {
      out["allowed"] = true;
    }
    if (said != Answer::nothing) out["because"] = because_to_json(checks, decision.because);
    for (const ShadowRecord& each : decision.shadows) {
      json::object told = because_to_json(checks, each.rule);
      told["would"] = each.would;
      shadow.push_back(std::move(told));
    }
  }
  if (said != Answer::forbid) {
    const auto grant =
        std::find_if(facts.grants.begin(), facts.grants.end(),
                     [&](const GrantFacts& each) { return covers(each, check, now); });
    if (grant != facts.grants.end()) {
      out = {{"allowed", true}, {"because", json::object{{"grant", grant - facts.grants.begin()}}}};
    } else if (said == Answer::nothing) {
      out = denied(kNoGrant);
    }
  }
  if (!shadow.empty()) out["shadow"] = std::move(shadow);
  return out;
}

}  // namespace consign
