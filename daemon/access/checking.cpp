#include "daemon/access/checking.hpp"

#include <algorithm>

#include "consign/engine.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign {
namespace {

constexpr std::string_view kNoGrant = "no grant in force";
constexpr std::string_view kNotAssigned =
    "a grant on assigned lines only, and this is not assigned";

bool is_banned(const std::vector<Permission>& bans, const Permission& permission) {
  return std::any_of(bans.begin(), bans.end(),
                     [&](const Permission& ban) { return ban.overlaps(permission); });
}

// Grants are on shops, orders and their lines; a question about another kind of thing asks for a
// grant on all of the shop.
Place place_of(const Check::Resource& resource) {
  if (resource.kind != "order" && resource.kind != "line") return {.shop = resource.shop};
  return {resource.shop, resource.id, resource.line, resource.part};
}

CheckAnswer denied(std::string_view why) {
  CheckAnswer answer;
  answer.denied = why;
  return answer;
}

// What the question is about, for rules. Texts are the check's and the account's.
void describe(const Check& check, const AccountName& name, const store::AccountRow* account,
              const std::string& action, Record& question) {
  Value asked = Value::of_text(action);
  asked.type = Type::permission;
  question.refer(Field::check_action, asked);
  question.refer(Field::check_resource_kind, Value::of_enum(check.resource.kind));
  if (!check.resource.id.empty()) {
    question.refer(Field::check_resource_id, Value::of_code(check.resource.id));
  }
  if (!check.resource.shop.empty()) {
    question.refer(Field::check_resource_shop, Value::of_code(check.resource.shop));
  }
  question.refer(Field::account_id, Value::of_code(check.account));
  question.refer(Field::account_kind, Value::of_enum(name.kind));
  question.refer(Field::account_suspended, Value::of_bool(false));  // who is would not be asked
  question.refer(Field::account_mfa, Value::of_bool(account != nullptr && account->mfa));
  if (account == nullptr) return;
  for (const auto& role : account->roles) {
    question.refer_also(Field::account_role, Value::of_code(role));
  }
  if (!account->shops) return;
  for (const auto& shop : *account->shops) {
    question.refer_also(Field::account_shop, Value::of_code(shop));
  }
}

// Asks the rules on check; what they say goes into the answer.
CheckDecision::Answer ask_rules(const AccessIndex& index, const ActiveRules& rules,
                                const Check& check, Timestamp now, CheckAnswer& answer) {
  thread_local Arena arena(4 * 1024);
  thread_local Record question;
  const auto name = parse_account_name(check.account);
  const auto account = index.account(check.account);
  const bool is_supplier = name && name->kind == "supplier";
  if (!name || (account == nullptr && !is_supplier)) return CheckDecision::Answer::nothing;
  const std::string action = check.action.to_string();
  question.clear();
  describe(check, *name, account.get(), action, question);
  const auto decision = decide_check(*rules.checks, question, now, arena);
  for (const ShadowRecord& each : decision.shadows) {
    auto told = because_to_json(*rules.checks, each.rule);
    told["would"] = each.would;
    answer.shadow.push_back(std::move(told));
  }
  if (decision.answer == CheckDecision::Answer::nothing) return decision.answer;
  answer.because = because_to_json(*rules.checks, decision.because);
  if (decision.answer == CheckDecision::Answer::forbid) {
    answer.denied = decision.reason.empty() ? "a rule forbids it" : std::string(decision.reason);
  }
  return decision.answer;
}

// A login of a supplier, and a supplier by what it was granted for its shops, may do what it may
// only to what is assigned to the supplier: where the rules granted the same to the supplier.
bool is_assigned(const AccessIndex& index, const Check& check,
                 const std::optional<std::string>& employer, Timestamp now) {
  const std::string supplier = employer ? std::string(kSupplierPrefix) + *employer : check.account;
  return index.holds_outright(supplier, check.action, place_of(check.resource), now);
}

}  // namespace

bool is_banned(const ActiveRules& rules, const Settings& settings, const Permission& permission) {
  return is_banned(settings.never_grant, permission) ||
         is_banned(rules.rules().never_grant, permission);
}

bool rules_let_act(const ActiveRules& rules, std::string_view account) {
  return !account.starts_with(kSupplierPrefix) ||
         supplier_may_act(rules, account.substr(kSupplierPrefix.size()));
}

bool may_work_for(const AccessIndex& index, const ActiveRules& rules, std::string_view supplier) {
  return supplier_may_act(rules, supplier) &&
         !is_barred(index.standing(std::string(kSupplierPrefix).append(supplier)));
}

CheckAnswer answer_check(const AccessIndex& index, const ActiveRules& rules,
                         const Settings& settings, const Check& check, Timestamp now, Use use) {
  if (is_banned(rules, settings, check.action)) return denied("banned by never_grant");
  const std::string_view account = check.account;
  if (!rules_let_act(rules, account)) {
    // A supplier that nobody declared gets the answer of an account without grants.
    const bool declared =
        rules.rules().find_supplier(account.substr(kSupplierPrefix.size())).has_value();
    return denied(declared ? "the supplier is suspended" : kNoGrant);
  }
  auto found = index.find(account, check.action, place_of(check.resource), now);
  if (const auto barred = why_barred(found.standing); !barred.empty()) return denied(barred);
  const auto employer = found.is_login ? index.employer_of(account) : std::nullopt;
  if (employer && !may_work_for(index, rules, *employer)) {
    return denied("the supplier that the account works for is suspended or removed");
  }
  CheckAnswer answer;
  auto said = CheckDecision::Answer::nothing;
  if (rules.checks != nullptr) said = ask_rules(index, rules, check, now, answer);
  if (said == CheckDecision::Answer::forbid) return answer;
  if (found.grant != nullptr && (employer || found.grant->assigned_only) &&
      !is_assigned(index, check, employer, now)) {
    answer.if_assigned = std::move(found.grant);
    found.grant = nullptr;
    if (said == CheckDecision::Answer::nothing) {
      answer.denied = kNotAssigned;
      return answer;
    }
  }
  if (found.grant != nullptr) {
    if (use == Use::noted) note_use(found.grant->last_used, now);
    answer.because.clear();
    answer.grant = std::move(found.grant);
  } else if (said == CheckDecision::Answer::nothing) {
    answer.denied = kNoGrant;
  }
  return answer;
}

boost::json::object because_of_grant(const HeldGrant& grant) {
  boost::json::object because{{"grant", grant.id}};
  because[grant.rule.empty() ? "person" : "rule"] =
      grant.rule.empty() ? grant.by_person : grant.rule;
  return because;
}

boost::json::object answer_to_json(const CheckAnswer& answer) {
  boost::json::object out{{"allowed", answer.allowed()}};
  if (!answer.allowed()) out["reason"] = answer.denied;
  if (answer.grant != nullptr) {
    out["because"] = because_of_grant(*answer.grant);
  } else if (!answer.because.empty()) {
    out["because"] = answer.because;
  }
  if (!answer.shadow.empty()) out["shadow"] = answer.shadow;
  return out;
}

}  // namespace consign
