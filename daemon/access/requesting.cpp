#include "daemon/access/requesting.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

#include "consign/hash.hpp"
#include "consign/text.hpp"
#include "daemon/access/access_notices.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/accounts.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/codes.hpp"
#include "daemon/access/given_json.hpp"
#include "daemon/access/granting.hpp"
#include "daemon/access/seats.hpp"
#include "daemon/access/tokens.hpp"

namespace consign {
namespace {

using Kind = RequestFault::Kind;
using store::RequestRow;
using store::RequestState;

constexpr std::int64_t kSecond = 1'000'000;

Timestamp after(Timestamp from, std::int64_t seconds) { return {from.micros + seconds * kSecond}; }

std::string subject_of(const RequestRow& row) { return "request " + row.id; }

// ---- what is told and written down

void record(UnitContext& unit, const RequestRow& row, std::string_view what,
            const store::Actor& by) {
  boost::json::object detail;
  if (!row.reason.empty()) detail["reason"] = row.reason;
  store::record_event(unit.db, subject_of(row),
                      {.at = unit.now,
                       .what = std::string(what),
                       .by = by,
                       .detail = boost::json::serialize(detail)});
}

void tell(UnitContext& unit, const RequestRow& row, std::string_view what) {
  boost::json::object data{{"request", row.id},
                           {"kind", row.kind},
                           {"account", row.account},
                           {"state", store::name_of(row.state)},
                           {"asked", boost::json::parse(row.document)}};
  if (!row.reason.empty()) data["reason"] = row.reason;
  if (!row.reviewer.empty()) data["reviewer"] = row.reviewer;
  if (row.due) data["expires"] = format_timestamp(*row.due);
  tell_access(unit, "request." + std::string(what),
              subject_of(row) + " " + format_timestamp(row.changed_at), data);
}

void move_to(UnitContext& unit, RequestRow& row, RequestState state, std::string reason,
             std::optional<Timestamp> due, const store::Actor& by, std::string_view what) {
  row.state = state;
  row.reason = std::move(reason);
  row.due = due;
  row.changed_at = unit.now;
  store::put_request(unit.db, row);
  record(unit, row, what, by);
  tell(unit, row, what);
}

// ---- accounts

const AccountPolicy* policy_of(const UnitContext& unit, const RequestRow& row) {
  return unit.rules.rules().find_policy(account_kind_of(row.kind));
}

bool is_active(const std::optional<store::AccountRow>& account) {
  return account && account->state != store::AccountState::removed;
}

std::string text_of(const boost::json::object& of, const char* name) {
  const auto* value = of.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

store::AccountRow account_for(UnitContext& unit, const RequestRow& row, const Given& given) {
  const auto document = boost::json::parse(row.document).as_object();
  auto standing = store::find_account(unit.db, row.account);
  const bool fresh = !is_active(standing);
  store::AccountRow account =
      fresh ? store::AccountRow{.account = row.account, .shops = std::vector<std::string>()}
            : std::move(*standing);
  const auto fill = [&](std::string& what, std::string_view member) {
    if (what.empty()) what = requester_text(row, member);
  };
  fill(account.name, "name");
  fill(account.email, "email");
  fill(account.organization, "organization");
  if (account.supplier.empty()) account.supplier = text_of(document, "supplier");
  if (account.shops) {
    for (const auto& shop : row.shops) {
      if (!account.belongs_to(shop)) account.shops->push_back(shop);
    }
  }
  // There is a seat for it, or it would not have come so far.
  for (const auto& shop : row.shops) std::erase(account.suspended_in, shop);
  // Only who gets the whole role holds it: rules on check may ask for it.
  const std::string role = given.whole_role ? text_of(document, "role") : "";
  if (!role.empty() && std::ranges::find(account.roles, role) == account.roles.end()) {
    account.roles.push_back(role);
  }
  account.mfa_required = account.mfa_required || given.require_mfa;
  return account;
}

bool is_supplier_bound(const RequestRow& row, const store::AccountRow& account) {
  return row.kind == "supplier" || !account.supplier.empty();
}

// ---- giving

std::optional<std::string> no_seat_in(const UnitContext& unit, const RequestRow& row) {
  const auto account = store::find_account(unit.db, row.account);
  for (const auto& shop : row.shops) {
    const bool seated = account && account->has_seat_in(shop);
    if (seated) continue;
    if (auto why = no_seat(unit, account_kind_of(row.kind), shop, row.id)) return why;
  }
  return std::nullopt;
}

/// What bans, caps and the vocabulary leave of it by now.
void cut_again(const UnitContext& unit, Given& given) {
  for (auto& each : given.given) {
    each.permissions = cut_down(each.permissions, each.shop, given.caps, unit.rules.rules(),
                                unit.settings.never_grant)
                           .left;
    std::erase_if(each.permissions, [&](const Permission& permission) {
      return !is_known_permission(unit.rules, permission);
    });
  }
  std::erase_if(given.given, [](const auto& each) { return each.permissions.empty(); });
}

/// Makes the account, or adds to it, and its grants. What rules or bans have taken away meanwhile
/// is not given.
void give(UnitContext& unit, RequestRow& row, const store::Actor& by) {
  Given given = given_from_json(row.given);
  cut_again(unit, given);
  const store::AccountRow account = account_for(unit, row, given);
  put_account(unit, account, by);
  for (const auto& each : given.given) {
    const auto end = each.until ? each.until : end_of(each.term, unit.now);
    if (end && *end <= unit.now) continue;  // it would have ended before it began
    WantedGrant wanted{.account = row.account,
                       .permissions = each.permissions,
                       .shop = each.shop,
                       .order = {},
                       .line = {},
                       .until = end,
                       .reason = {},
                       .idle_seconds = each.term.idle_seconds,
                       .assigned_only = is_supplier_bound(row, account),
                       .rule = row.decided_by ? "" : each.rule,
                       .because = each.because};
    wanted.because["request"] = row.id;
    if (row.decided_by) {
      wanted.because["person"] = *row.decided_by;
      if (!row.reason.empty()) wanted.reason = row.reason;
    }
    const store::Actor maker = row.decided_by ? store::Actor{*row.decided_by, by.token} : by;
    const auto made = make_grant(unit, wanted, maker);
    if (!made) {
      throw std::runtime_error("request " + row.id + ": " + made.error().front().message);
    }
  }
}

std::string make_link(UnitContext& unit, const RequestRow& row) {
  auto secret = make_token("link");
  if (!secret) throw std::runtime_error("the system gives no random numbers");
  store::put_activation_link(unit.db, token_hash(*secret), row.id, unit.now);
  return *secret;
}

/// What was approved is given, or an invitation made for it.
std::string carry_out(UnitContext& unit, RequestRow& row, const store::Actor& by) {
  const AccountPolicy* policy = policy_of(unit, row);
  const bool invites = policy != nullptr && policy->invitation_seconds &&
                       !is_active(store::find_account(unit.db, row.account));
  if (!invites) {
    give(unit, row, by);
    move_to(unit, row, RequestState::accepted, row.reason, std::nullopt, by, "accepted");
    return {};
  }
  move_to(unit, row, RequestState::invited, row.reason,
          after(unit.now, *policy->invitation_seconds), by, "invited");
  return make_link(unit, row);
}

// ---- filing

std::string id_for(UnitContext& unit, const Filing& filing, const std::string& account) {
  constexpr std::size_t kDigits = 24;
  Sha256 hash;
  hash.field(account).field(filing.document).field(format_timestamp(unit.now));
  const std::string content = to_hex(hash.digest());
  for (int n = 0;; ++n) {
    std::string id = "req_" + to_hex(sha256(content + std::to_string(n))).substr(0, kDigits);
    if (!store::find_request(unit.db, id)) return id;
  }
}

std::string fingerprint_of(const Filing& filing, const store::Viewer& by) {
  Sha256 hash;
  hash.field(filing.document).field(by.account);
  const auto digest = hash.digest();
  return {digest.begin(), digest.end()};
}

Result<std::string, RequestFault> account_name_of(const UnitContext& unit, const Filing& filing) {
  const std::string kind(account_kind_of(filing.asked.kind));
  std::string name = filing.account;
  if (name.empty() && kind == "supplier") name = "supplier:" + filing.supplier;
  if (name.empty()) name = kind + ":" + ascii_lower(filing.asked.email);
  const auto parsed = parse_account_name(name);
  if (!parsed || parsed->kind != kind) {
    return RequestFault{Kind::invalid,
                        "`" + name + "` is no account of kind `" + kind + "`; write it as `" +
                            kind + ":anna`, or give the requester's e-mail address",
                        filing.account.empty() ? "/requester/email" : "/account"};
  }
  const std::string supplier = kind == "supplier" ? std::string(parsed->id) : filing.supplier;
  if (!supplier.empty() && !unit.rules.rules().find_supplier(supplier)) {
    return RequestFault{Kind::invalid, "no supplier `" + supplier + "` is declared",
                        kind == "supplier" ? "/account" : "/supplier"};
  }
  return name;
}

/// Compares the code with those of all shops. Nothing: it was right, or not asked for.
Result<std::string, RequestFault> wrong_code(UnitContext& unit, const Filing& filing,
                                             const store::Viewer& by) {
  if (filing.asked.kind != "collaborator") return std::string();
  std::string wrong;
  for (const auto& shop : filing.asked.shops) {
    const auto tried = try_code(unit, shop, filing.code, by.account + " " + by.token);
    if (tried.answer == CodeAnswer::too_many) {
      return RequestFault{Kind::too_many, "too many wrong collaborator codes at shop " + shop,
                          "/code", tried.wait_seconds};
    }
    if (tried.answer == CodeAnswer::wrong && wrong.empty()) {
      wrong = filing.code ? "the collaborator code is not that of shop " + shop
                          : "shop " + shop + " wants its collaborator code";
    }
  }
  return wrong;
}

/// A supplier, and who works for one, asks for itself and its own people only.
std::optional<RequestFault> not_for_its_own(const Filing& filing, const std::string& account,
                                            const store::Viewer& by) {
  const auto own = by.supplier();
  if (!own || account == std::string(kSupplierPrefix) + *own || filing.supplier == *own) {
    return std::nullopt;
  }
  return RequestFault{
      Kind::invalid,
      "supplier `" + *own + "` asks for its own people; say so with \"supplier\":\"" + *own + "\"",
      "/supplier", 0};
}

Record filer_record(const UnitContext& unit, const store::Viewer& by) {
  Record record;
  record.set(Field::account_id, Value::of_code(by.account));
  const auto name = parse_account_name(by.account);
  if (!name) return record;
  record.set(Field::account_kind, Value::of_enum(name->kind));
  const auto account = unit.access.account(by.account);
  record.set(Field::account_suspended, Value::of_bool(false));
  record.set(Field::account_mfa, Value::of_bool(account != nullptr && account->mfa));
  if (account == nullptr) return record;
  for (const auto& role : account->roles) record.add(Field::account_role, Value::of_code(role));
  for (const auto& shop : account->shops.value_or(std::vector<std::string>())) {
    record.add(Field::account_shop, Value::of_code(shop));
  }
  return record;
}

void tell_as_rules_say(UnitContext& unit, const RequestRow& row,
                       const std::vector<RequestOutcome::Notice>& notices) {
  for (const auto& notice : notices) {
    boost::json::object data{{"request", row.id},
                             {"kind", row.kind},
                             {"account", row.account},
                             {"state", store::name_of(row.state)},
                             {"asked", boost::json::parse(row.document)}};
    if (!notice.text.empty()) data["text"] = notice.text;
    tell_endpoint(unit, notice.endpoint, "request.notice", subject_of(row) + " " + notice.text,
                  notice.rule, data);
  }
}

/// Why the account cannot be given anything, whatever rules say.
std::optional<std::string> barred(UnitContext& unit, const RequestRow& row) {
  const auto account = store::find_account(unit.db, row.account);
  if (account && account->state == store::AccountState::suspended) {
    return "the account " + row.account + " is suspended";
  }
  if (!rules_let_act(unit.rules, row.account)) return "the supplier is suspended";
  // Nobody is made a login of a supplier who is something else already.
  const std::string supplier = text_of(boost::json::parse(row.document).as_object(), "supplier");
  if (row.kind != "supplier" && !supplier.empty() && is_active(account) &&
      account->supplier != supplier) {
    return "the account " + row.account + " does not work for supplier " + supplier;
  }
  const bool has_own = is_active(account) && !account->organization.empty();
  return no_second_main(unit, row.account,
                        has_own ? account->organization : requester_text(row, "organization"));
}

void deny(RequestOutcome& outcome, std::string reason) {
  if (outcome.state == RequestOutcome::State::denied) return;
  outcome.state = RequestOutcome::State::denied;
  outcome.reason = std::move(reason);
  outcome.reviewer.clear();
  outcome.because = {};
  outcome.given.clear();
}

// ---- deciding

RequestFault no_such() { return {Kind::unknown, {}, {}, 0}; }

RequestFault cannot(const RequestRow& row, const std::string& what) {
  return {Kind::conflict,
          "it is " + std::string(store::name_of(row.state)) + " and cannot be " + what,
          {},
          0};
}

/// The request, if the viewer may decide it.
Result<RequestRow, RequestFault> to_decide(UnitContext& unit, const std::string& id,
                                           const store::Viewer& by) {
  auto row = store::find_request(unit.db, id);
  if (!row || !may_see(unit, unit.access, *row, by)) return no_such();
  if (may_decide(unit, unit.access, *row, by)) return std::move(*row);
  return RequestFault{Kind::forbidden,
                      row->filed_by == by.account || is_about(unit.access, *row, by)
                          ? "nobody decides a request of their own"
                          : "this request is decided by somebody else",
                      {},
                      0};
}

bool is_past(const RequestRow& row, Timestamp now) { return row.due && *row.due <= now; }

/// "never granted: `staff:*`", or "rule agent (10.rules:7) allows less".
std::string why_cut(const boost::json::object& because) {
  if (const auto* ban = because.if_contains("never_grant")) {
    return "never granted: `" + std::string(ban->as_string()) + "`";
  }
  const auto* rule = because.if_contains("rule");
  if (rule == nullptr) return "the rules allow less";
  return "rule " + std::string(rule->as_string()) + " (" +
         std::string(because.at("file").as_string()) + ":" +
         boost::json::serialize(because.at("line")) + ") allows less";
}

/// Puts what a person gives in the place of what was asked for; what cannot be given is a fault.
std::optional<RequestFault> adjust(const UnitContext& unit, const RequestRow& row,
                                   const Adjustment& adjustment, Given& given) {
  if (adjustment.until && *adjustment.until <= unit.now) {
    return RequestFault{Kind::invalid, "this has passed already", "/until", 0};
  }
  if (adjustment.permissions) {
    for (const Permission& each : *adjustment.permissions) {
      if (is_known_permission(unit.rules, each)) continue;
      return RequestFault{Kind::invalid, "there is no permission `" + each.to_string() + "`",
                          "/permissions", 0};
    }
    given.whole_role = false;
    std::vector<RequestOutcome::Given> adjusted;
    for (const auto& shop : row.shops) {
      auto cut = cut_down(*adjustment.permissions, shop, given.caps, unit.rules.rules(),
                          unit.settings.never_grant);
      if (!cut.cuts.empty()) {
        const auto& first = cut.cuts.front();
        return RequestFault{Kind::invalid,
                            "`" + first.permission.to_string() + "` cannot be given in shop " +
                                shop + ": " + why_cut(first.because),
                            "/permissions", 0};
      }
      const auto same = std::ranges::find(given.given, shop, &RequestOutcome::Given::shop);
      RequestOutcome::Given one = same != given.given.end() ? *same : RequestOutcome::Given{};
      one.shop = shop;
      one.permissions = std::move(cut.left);
      adjusted.push_back(std::move(one));
    }
    given.given = std::move(adjusted);
  }
  if (adjustment.until) {
    for (auto& each : given.given) {
      each.until = each.until ? std::min(*each.until, *adjustment.until) : *adjustment.until;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view account_kind_of(std::string_view request_kind) {
  return request_kind == "sub_account" ? "sub" : request_kind;
}

Result<Requested, RequestFault> file_request(UnitContext& unit, const Filing& filing,
                                             const store::Viewer& by) {
  auto account = account_name_of(unit, filing);
  if (!account) return account.error();
  if (auto fault = not_for_its_own(filing, *account, by)) return std::move(*fault);
  const auto wrong = wrong_code(unit, filing, by);
  if (!wrong) return wrong.error();
  const std::string fingerprint = fingerprint_of(filing, by);
  if (wrong->empty()) {
    auto open = store::open_request(unit.db, *account, fingerprint);
    if (open && !is_past(*open, unit.now)) return Requested{std::move(*open), false, {}};
  }

  AskedFor asked = filing.asked;
  asked.code_ok = wrong->empty();
  std::vector<Record> shops;
  for (const auto& shop : asked.shops) {
    shops.push_back(shop_facts(unit.db, unit.settings, shop, unit.now));
  }
  RequestOutcome outcome =
      decide_asked(unit.rules.requests.get(), unit.rules.rules(), unit.settings.never_grant, asked,
                   filer_record(unit, by), shops, unit.now, unit.arena);
  RequestRow row{.id = id_for(unit, filing, *account),
                 .kind = asked.kind,
                 .account = *account,
                 .shops = asked.shops,
                 .document = filing.document,
                 .fingerprint = fingerprint,
                 .filed_by = by.account,
                 .filed_at = unit.now,
                 .rules = unit.rules.hash,
                 .changed_at = unit.now};
  if (!wrong->empty()) deny(outcome, *wrong);
  if (const auto why = barred(unit, row)) deny(outcome, *why);
  if (outcome.state == RequestOutcome::State::approved) {
    if (const auto why = no_seat_in(unit, row)) deny(outcome, *why);
  }
  row.decision = boost::json::serialize(request_outcome_to_json(outcome, asked));
  row.given = given_to_json(given_of(outcome, asked, unit.rules.rules()));
  row.reviewer = outcome.reviewer;
  row.reason = outcome.reason;

  std::string secret;
  const store::Actor actor = by.as_actor();
  store::put_request(unit.db, row);
  record(unit, row, "filed", actor);
  if (outcome.state == RequestOutcome::State::denied) {
    move_to(unit, row, RequestState::denied, row.reason, std::nullopt, actor, "denied");
  } else if (outcome.state == RequestOutcome::State::review) {
    move_to(unit, row, RequestState::review, row.reason,
            after(unit.now, unit.settings.review_limit_seconds), actor, "review");
  } else {
    secret = carry_out(unit, row, actor);
  }
  tell_as_rules_say(unit, row, outcome.notices);
  return Requested{std::move(row), true, std::move(secret)};
}

Result<Requested, RequestFault> accept_request(UnitContext& unit, const std::string& id,
                                               const Adjustment& adjustment,
                                               const std::string& reason, const store::Viewer& by) {
  auto found = to_decide(unit, id, by);
  if (!found) return found.error();
  RequestRow row = std::move(found.value());
  const bool done = row.state == RequestState::accepted || row.state == RequestState::invited;
  if (done && row.decided_by) return Requested{std::move(row), false, {}};
  if (row.state != RequestState::review || is_past(row, unit.now)) return cannot(row, "accepted");
  if (const auto why = barred(unit, row)) return RequestFault{Kind::conflict, *why, {}, 0};
  if (const auto why = no_seat_in(unit, row)) return RequestFault{Kind::conflict, *why, {}, 0};
  Given given = given_from_json(row.given);
  if (auto fault = adjust(unit, row, adjustment, given)) return std::move(*fault);
  cut_again(unit, given);
  if (given.given.empty()) {
    return RequestFault{
        Kind::conflict, "nothing of what it asks for may be given; adjust it, or deny it", {}, 0};
  }
  row.given = given_to_json(given);
  row.decided_by = by.account;
  row.reason = reason;
  std::string secret = carry_out(unit, row, by.as_actor());
  return Requested{std::move(row), true, std::move(secret)};
}

Result<Requested, RequestFault> deny_request(UnitContext& unit, const std::string& id,
                                             const std::string& reason, const store::Viewer& by) {
  auto found = to_decide(unit, id, by);
  if (!found) return found.error();
  RequestRow row = std::move(found.value());
  if (row.state == RequestState::denied) return Requested{std::move(row), false, {}};
  if (row.state != RequestState::review || is_past(row, unit.now)) return cannot(row, "denied");
  row.decided_by = by.account;
  move_to(unit, row, RequestState::denied, reason.empty() ? "denied by " + by.account : reason,
          std::nullopt, by.as_actor(), "denied");
  return Requested{std::move(row), true, {}};
}

Result<Requested, RequestFault> cancel_request(UnitContext& unit, const std::string& id,
                                               const std::string& reason, const store::Viewer& by) {
  auto row = store::find_request(unit.db, id);
  if (!row || !may_see(unit, unit.access, *row, by)) return no_such();
  if (row->filed_by != by.account && !may_decide(unit, unit.access, *row, by)) {
    return RequestFault{
        Kind::forbidden, "it is withdrawn by who filed it, or by who decides it", {}, 0};
  }
  if (row->state == RequestState::cancelled) return Requested{std::move(*row), false, {}};
  const bool open = row->state == RequestState::review || row->state == RequestState::invited ||
                    row->state == RequestState::suspended || row->state == RequestState::lapsed;
  if (!open) return cannot(*row, "cancelled");
  store::drop_activation_links(unit.db, row->id);
  move_to(unit, *row, RequestState::cancelled, reason, std::nullopt, by.as_actor(), "cancelled");
  return Requested{std::move(*row), true, {}};
}

Result<Requested, RequestFault> invite_again(UnitContext& unit, const std::string& id,
                                             const store::Viewer& by) {
  auto found = store::find_request(unit.db, id);
  if (!found || !may_see(unit, unit.access, *found, by)) return no_such();
  RequestRow row = std::move(*found);
  if (!may_handle(unit, unit.access, row, by)) {
    return RequestFault{Kind::forbidden, "this invitation is somebody else's to send", {}, 0};
  }
  const bool invited = row.state == RequestState::invited || row.state == RequestState::suspended ||
                       row.state == RequestState::lapsed;
  if (!invited) return cannot(row, "invited again");
  if (const auto why = barred(unit, row)) return RequestFault{Kind::conflict, *why, {}, 0};
  if (const auto why = no_seat_in(unit, row)) return RequestFault{Kind::conflict, *why, {}, 0};
  const AccountPolicy* policy = policy_of(unit, row);
  std::optional<Timestamp> due;
  if (policy != nullptr && policy->invitation_seconds) {
    due = after(unit.now, *policy->invitation_seconds);
  }
  move_to(unit, row, RequestState::invited, "", due, by.as_actor(), "invited");
  std::string secret = make_link(unit, row);
  return Requested{std::move(row), true, std::move(secret)};
}

Result<Activated, RequestFault> activate(UnitContext& unit, const std::string& secret) {
  if (!is_well_formed_token(secret)) {
    return RequestFault{Kind::invalid,
                        "this is no activation link, or a mistyped one: its checksum does not fit",
                        "/secret", 0};
  }
  auto row = store::request_of_link(unit.db, token_hash(secret));
  if (!row) return no_such();
  if (row->state != RequestState::invited || is_past(*row, unit.now)) {
    return RequestFault{
        Kind::conflict, "the link is no longer good; ask to be invited again", {}, 0};
  }
  if (const auto why = barred(unit, *row)) return RequestFault{Kind::conflict, *why, {}, 0};
  if (const auto why = no_seat_in(unit, *row)) return RequestFault{Kind::conflict, *why, {}, 0};
  const store::Actor self{row->account, "activation link"};
  store::drop_activation_links(unit.db, row->id);
  give(unit, *row, self);
  move_to(unit, *row, RequestState::accepted, row->reason, std::nullopt, self, "activated");
  const auto token = make_token(account_kind_of(row->kind));
  if (!token) throw std::runtime_error("the system gives no random numbers");
  store::TokenRow made{.hash = token_hash(*token),
                       .account = row->account,
                       .label = "activation",
                       .made_by = row->account};
  store::insert_token(unit.db, made, unit.now);
  const auto stored = store::find_token(unit.db, made.hash);
  store::record_event(unit.db, "token " + stored->id,
                      {.at = unit.now, .what = "made", .by = self, .detail = "{}"});
  unit.db.after_commit([&access = unit.access, stored] { access.put_token(*stored); });
  return Activated{std::move(*row), *token};
}

bool cancel_requests_of(UnitContext& unit, const std::string& account) {
  auto open = store::unfinished_requests_of(unit.db, account);
  for (auto& row : open) {
    store::drop_activation_links(unit.db, row.id);
    move_to(unit, row, RequestState::cancelled, "the account was removed", std::nullopt,
            {"consignd", ""}, "cancelled");
  }
  return !open.empty();
}

}  // namespace consign
