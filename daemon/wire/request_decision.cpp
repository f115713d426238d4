#include "daemon/wire/request_decision.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "daemon/wire/decision_json.hpp"

namespace consign {

namespace json = boost::json;

namespace {

using State = RequestOutcome::State;
using Answer = RequestDecision::Answer;
using Permissions = std::vector<Permission>;

void sort_once(Permissions& permissions) {
  std::sort(permissions.begin(), permissions.end());
  permissions.erase(std::unique(permissions.begin(), permissions.end()), permissions.end());
}

bool covers_any(std::span<const Permission> holders, const Permission& permission) {
  return std::any_of(holders.begin(), holders.end(),
                     [&](const Permission& each) { return each.covers(permission); });
}

/// Strongest last. A shop that no rule speaks of stands between: nothing is given there, but what
/// rules deny is denied in their words.
int strength(Answer answer) {
  switch (answer) {
    case Answer::approve:
      return 0;
    case Answer::review:
      return 1;
    case Answer::nothing:
      return 2;
    case Answer::deny:
      return 3;
  }
  return 3;
}

class RequestAsker {
 public:
  RequestAsker(const Program& program, const RuleSet& rules,
               std::span<const Permission> settings_bans, const AskedFor& asked, Timestamp now)
      : program_(program),
        rules_(rules),
        settings_bans_(settings_bans),
        asked_(asked),
        now_(now),
        wanted_(wanted_permissions(asked, rules)) {}

  /// What was decided about the shop of that place; strings are copied.
  void add(std::size_t shop, const RequestDecision& decision) {
    const std::string& name = asked_.shops[shop];
    if (!strongest_ || strength(decision.answer) > strength(*strongest_)) say(decision);
    outcome_.require_mfa |= decision.require_mfa;
    if (outcome_.reviewer.empty() && decision.reviewer != nullptr) {
      const ReviewAction& review = *decision.reviewer;
      outcome_.reviewer =
          review.account != nullptr ? review.account->to_string() : std::string(review.role);
    }
    for (const auto& limit : decision.limits) {
      outcome_.caps.push_back(
          {name, {limit.at_most.begin(), limit.at_most.end()}, why(limit.rule)});
    }
    add_given(name, decision);
    add_told(decision);
  }

  RequestOutcome finish() {
    if (outcome_.state == State::denied) {
      outcome_.cuts.clear();
    } else if (outcome_.given.empty()) {
      outcome_.state = State::denied;
      outcome_.reason = outcome_.cuts.empty() ? "nothing is asked for, and no rule grants anything"
                                              : "nothing is left of what is asked for";
    }
    if (outcome_.state == State::denied) {
      outcome_.given.clear();
      outcome_.require_mfa = false;
    }
    if (outcome_.state != State::review) outcome_.reviewer.clear();
    return std::move(outcome_);
  }

 private:
  json::object why(RuleIndex rule) const {
    return rule == kNoRule ? json::object() : because_to_json(program_, rule);
  }

  void say(const RequestDecision& decision) {
    strongest_ = decision.answer;
    outcome_.reason = decision.reason;
    outcome_.because = why(decision.because);
    switch (decision.answer) {
      case Answer::approve:
        outcome_.state = State::approved;
        break;
      case Answer::review:
        outcome_.state = State::review;
        break;
      case Answer::nothing:
        outcome_.state = State::denied;
        outcome_.reason = "no rule approves it";
        break;
      case Answer::deny:
        outcome_.state = State::denied;
        if (decision.reason.empty()) outcome_.reason = "a rule denies it";
        break;
    }
  }

  void add_given(const std::string& shop, const RequestDecision& decision) {
    if (decision.grants.empty()) {
      give(shop, wanted_, decision.term.value_or(GrantTerm{}), decision.because);
    }
    for (const auto& each : decision.grants) {
      const auto& permissions = each.grant->permissions;
      give(shop, {permissions.begin(), permissions.end()}, each.grant->term, each.rule);
    }
  }

  void give(const std::string& shop, Permissions wanted, const GrantTerm& term, RuleIndex rule) {
    CutDown cut = cut_down(std::move(wanted), shop, outcome_.caps, rules_, settings_bans_);
    for (Cut& each : cut.cuts) outcome_.cuts.push_back({shop, std::move(each)});
    if (cut.left.empty()) return;
    const std::string name = rule == kNoRule ? "" : std::string(rules_.rules[rule].name);
    outcome_.given.push_back(
        {shop, std::move(cut.left), term, end_of(term, now_), name, why(rule)});
  }

  void add_told(const RequestDecision& decision) {
    for (const Noticed& each : decision.notices) {
      RequestOutcome::Notice notice{std::string(rules_.rules[each.rule].name),
                                    std::string(each.endpoint), std::string(each.text)};
      auto& told = outcome_.notices;
      if (std::find(told.begin(), told.end(), notice) == told.end()) {
        told.push_back(std::move(notice));
      }
    }
    const auto add_once = [](json::array& list, json::object one) {
      if (std::find(list.begin(), list.end(), json::value(one)) == list.end()) {
        list.push_back(std::move(one));
      }
    };
    for (const Failure& each : decision.failures) {
      json::object one = why(each.rule);
      one["cause"] = each.cause;
      add_once(outcome_.failures, std::move(one));
    }
    for (const ShadowRecord& each : decision.shadows) {
      json::object one = why(each.rule);
      one["would"] = each.would;
      if (!each.detail.empty()) one["detail"] = each.detail;
      add_once(outcome_.shadow, std::move(one));
    }
  }

  const Program& program_;
  const RuleSet& rules_;
  const std::span<const Permission> settings_bans_;
  const AskedFor& asked_;
  const Timestamp now_;
  const Permissions wanted_;
  std::optional<Answer> strongest_;
  RequestOutcome outcome_;
};

json::array to_json(const std::set<Permission>& permissions) {
  json::array list;
  for (const Permission& each : permissions) list.push_back(json::string(each.to_string()));
  return list;
}

void put_term(json::object& out, const RequestOutcome::Given& given) {
  if (given.until) out["until"] = format_timestamp(*given.until);
  if (given.term.idle_seconds) out["idle_seconds"] = *given.term.idle_seconds;
}

bool ends_alike(const RequestOutcome::Given& a, const RequestOutcome::Given& b) {
  return a.until == b.until && a.term.idle_seconds == b.term.idle_seconds;
}

/// What is given and cut in one shop.
json::object shop_to_json(const RequestOutcome& outcome, std::string_view shop) {
  std::set<Permission> all;
  std::vector<const RequestOutcome::Given*> parts;
  for (const auto& each : outcome.given) {
    if (each.shop != shop) continue;
    all.insert(each.permissions.begin(), each.permissions.end());
    parts.push_back(&each);
  }
  json::object out{{"permissions", to_json(all)}};
  const bool alike = std::all_of(parts.begin(), parts.end(), [&](const auto* each) {
    return ends_alike(*each, *parts.front());
  });
  if (alike && !parts.empty()) {
    put_term(out, *parts.front());
  } else if (!parts.empty()) {
    json::array grants;
    for (const auto* each : parts) {
      json::object one{
          {"permissions", to_json({each->permissions.begin(), each->permissions.end()})}};
      put_term(one, *each);
      if (!each->because.empty()) one["because"] = each->because;
      grants.push_back(std::move(one));
    }
    out["grants"] = std::move(grants);
  }
  json::array cuts;
  for (const auto& [of, cut] : outcome.cuts) {
    if (of != shop) continue;
    cuts.push_back(
        json::object{{"permission", cut.permission.to_string()}, {"because", cut.because}});
  }
  if (!cuts.empty()) out["cut"] = std::move(cuts);
  return out;
}

}  // namespace

std::string_view name_of(RequestOutcome::State state) {
  switch (state) {
    case State::approved:
      return "approved";
    case State::review:
      return "review";
    case State::denied:
      return "denied";
  }
  return {};
}

std::optional<Timestamp> end_of(const GrantTerm& term, Timestamp from) {
  constexpr std::int64_t kMost = INT64_MAX / 4 / 1'000'000;
  if (!term.seconds) return term.until;
  return Timestamp{from.micros + std::min(*term.seconds, kMost) * 1'000'000};
}

CutDown cut_down(Permissions wanted, std::string_view shop,
                 std::span<const RequestOutcome::Cap> caps, const RuleSet& rules,
                 std::span<const Permission> settings_bans) {
  // Why it is cut, or nothing.
  const auto cut = [&](const Permission& permission) -> std::optional<json::object> {
    for (const auto bans : {std::span<const Permission>(rules.never_grant), settings_bans}) {
      for (const Permission& ban : bans) {
        if (ban.overlaps(permission)) return json::object{{"never_grant", ban.to_string()}};
      }
    }
    for (const auto& cap : caps) {
      if (cap.shop == shop && !covers_any(cap.at_most, permission)) return cap.because;
    }
    return std::nullopt;
  };
  // Of a whole resource that is not left whole, what there is in it is looked at one by one.
  Permissions singles;
  for (const Permission& permission : wanted) {
    if (!permission.is_wildcard() || !cut(permission)) {
      singles.push_back(permission);
      continue;
    }
    const std::size_t before = singles.size();
    const auto take = [&](std::span<const Permission> from) {
      for (const Permission& each : from) {
        if (!each.is_wildcard() && permission.covers(each)) singles.push_back(each);
      }
    };
    take(rules.vocabulary);
    for (const auto& cap : caps) {
      if (cap.shop == shop) take(cap.at_most);
    }
    if (singles.size() == before) singles.push_back(permission);
  }
  sort_once(singles);
  CutDown result;
  for (Permission& permission : singles) {
    if (auto because = cut(permission)) {
      result.cuts.push_back({std::move(permission), std::move(*because)});
    } else {
      result.left.push_back(std::move(permission));
    }
  }
  return result;
}

RequestOutcome decide_asked(const Program* requests, const RuleSet& rules,
                            std::span<const Permission> settings_bans, const AskedFor& asked,
                            const Record& filer, std::span<const Record> shops, Timestamp now,
                            Arena& arena) {
  if (requests == nullptr) {
    RequestOutcome none;
    none.reason = "no rule approves it";
    return none;
  }
  const Record question = request_record(asked, rules, filer);
  RequestAsker asker(*requests, rules, settings_bans, asked, now);
  for (std::size_t shop = 0; shop < asked.shops.size() && shop < shops.size(); ++shop) {
    Record facts = shops[shop];
    facts.set(Field::shop_id, Value::of_code(asked.shops[shop]));
    asker.add(shop, decide_request(*requests, question, facts, now, arena));
  }
  return asker.finish();
}

json::object request_outcome_to_json(const RequestOutcome& outcome, const AskedFor& asked) {
  json::object out{{"state", name_of(outcome.state)}};
  if (!outcome.reason.empty()) out["reason"] = outcome.reason;
  if (!outcome.reviewer.empty()) out["reviewer"] = outcome.reviewer;
  if (!outcome.because.empty()) out["because"] = outcome.because;
  json::object shops;
  for (const std::string& shop : asked.shops) shops[shop] = shop_to_json(outcome, shop);
  const bool alike = std::all_of(shops.begin(), shops.end(), [&](const auto& each) {
    return each.value() == shops.begin()->value();
  });
  if (alike && !shops.empty()) {
    for (const auto& [name, value] : shops.begin()->value().as_object()) out[name] = value;
  } else {
    out["shops"] = std::move(shops);
  }
  if (outcome.require_mfa) out["require_mfa"] = true;
  if (!outcome.failures.empty()) out["failures"] = outcome.failures;
  if (!outcome.shadow.empty()) out["shadow"] = outcome.shadow;
  return out;
}

}  // namespace consign
