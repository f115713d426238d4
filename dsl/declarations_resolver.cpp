#include "dsl/declarations_resolver.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "dsl/checker.hpp"
#include "dsl/instants.hpp"

namespace consign::check {

void report_unknown_zone(World& world, const ast::Word& zone) {
  auto message =
      world.sink.report(Code::unknown_time_zone, "there is no time zone " + ticked(zone.text));
  message.primary(zone.span, "not in the tz database");
  const std::vector<std::string> names = time_zone_names();
  if (!suggest(message, zone.text, {names.begin(), names.end()})) {
    message.help("name a region and a city, for example `\"Europe/Stockholm\"`");
  }
}

void check_list(World& world, const ast::List& list) {
  const ast::SpannedLiteral* first = nullptr;
  std::optional<Type> type;
  for (const ast::SpannedLiteral& member : list.members) {
    const std::optional<Value> value = value_of(member.literal);
    const bool is_permission = std::holds_alternative<ast::PermissionLiteral>(member.literal);
    if (!value && !is_permission) continue;
    const Type own = is_permission ? Type::permission : value->type;
    if (!type) {
      first = &member;
      type = own;
    } else if (own != *type) {
      world.mixed_lists.emplace(list.name.text);
      world.sink
          .report(Code::type_mismatch, "the members of a list have one type, but " +
                                           world.quoted(member.span) + " is " +
                                           std::string(describe(member.literal)))
          .primary(member.span, std::string(describe(member.literal)))
          .label(first->span, std::string(describe(first->literal)))
          .help("make two lists of them, or write texts and numbers in one way");
      return;
    }
  }
}

void resolve_table(World& world, const ast::Table& written, Table& table) {
  std::map<std::string, Span> seen;
  const ast::SpannedLiteral* first_key = nullptr;
  const ast::SpannedLiteral* first_value = nullptr;
  if (written.rows.empty()) {
    world.sink.report(Code::wrong_operand, "table " + ticked(table.name) + " has no rows")
        .primary(table.span);
  }
  for (const auto& [key, value] : written.rows) {
    const std::optional<Value> typed_key = value_of(key.literal);
    const std::optional<Value> typed_value = value_of(value.literal);
    if (!typed_key || (typed_key->type != Type::text && typed_key->type != Type::number)) {
      world.sink
          .report(Code::type_mismatch, "a key of a table is a text or a number, but " +
                                           world.quoted(key.span) + " is " +
                                           std::string(describe(key.literal)))
          .primary(key.span);
      continue;
    }
    if (!typed_value) {
      world.sink
          .report(Code::type_mismatch, world.quoted(value.span) + " is " +
                                           std::string(describe(value.literal)) +
                                           ", which a table cannot hold")
          .primary(value.span);
      continue;
    }
    const std::string id = typed_key->type == Type::number ? typed_key->number.to_canonical_string()
                                                           : std::string(typed_key->text);
    const auto [at, added] = seen.emplace(id, key.span);
    if (!added) {
      world.sink.report(Code::duplicate_name, "table " + ticked(table.name) + " has this key twice")
          .primary(key.span, "again")
          .label(at->second, "first here");
      continue;
    }
    const auto unlike = [&](const ast::SpannedLiteral& each, const ast::SpannedLiteral& first,
                            std::string_view what) {
      world.sink
          .report(Code::type_mismatch,
                  "the " + std::string(what) + " of a table have one type, but " +
                      world.quoted(each.span) + " is " + std::string(describe(each.literal)))
          .primary(each.span, std::string(describe(each.literal)))
          .label(first.span, std::string(describe(first.literal)));
    };
    if (!first_key) {
      first_key = &key;
      first_value = &value;
      table.value_type = typed_value->type;
    } else if (typed_key->type != table.rows.front().first.type) {
      unlike(key, *first_key, "keys");
      continue;
    } else if (typed_value->type != table.value_type) {
      unlike(value, *first_value, "values");
      continue;
    }
    const auto kept = [&](Value each) {
      each.text = world.lasting(each.text, table.span.source);
      each.currency = world.lasting(each.currency, table.span.source);
      return each;
    };
    table.rows.emplace_back(kept(*typed_key), kept(*typed_value));
  }
}

void resolve_rate(World& world, const ast::RateDecl& written, std::vector<Span>& places) {
  const auto* money = std::get_if<ast::MoneyLiteral>(&written.factor.literal);
  if (!money) {
    world.sink.report(Code::bad_rate, "a rate is an amount of another currency")
        .primary(written.factor.span)
        .help("for example `rate USD = 0.92 EUR`: one USD is worth 0.92 EUR");
    return;
  }
  const auto known = [&](std::string_view currency, Span span) {
    if (find_word(Domain::currency, currency)) return true;
    auto message =
        world.sink.report(Code::unknown_currency, "there is no currency " + ticked(currency));
    message.primary(span, "not an ISO 4217 code");
    const auto words = words_of(Domain::currency);
    suggest(message, currency, {words.begin(), words.end()});
    return false;
  };
  const bool both = known(written.from.text, written.from.span);
  if (!known(money->currency, written.factor.span) || !both) return;
  const std::string from(*find_word(Domain::currency, written.from.text));
  if (money->amount <= Decimal(0)) {
    world.sink.report(Code::bad_rate, "a rate must be more than 0").primary(written.factor.span);
    return;
  }
  if (from == money->currency) {
    world.sink.report(Code::bad_rate, "this is a rate from " + ticked(from) + " to itself")
        .primary(written.factor.span)
        .label(written.from.span);
    return;
  }
  for (std::size_t i = 0; i < world.rules.rates.size(); ++i) {
    const Rate& rate = world.rules.rates[i];
    const bool same = (rate.from == from && rate.to == money->currency) ||
                      (rate.to == from && rate.from == money->currency);
    if (!same) continue;
    world.sink
        .report(Code::duplicate_name,
                "there is already a rate between " + ticked(rate.from) + " and " + ticked(rate.to))
        .primary(written.from.span, "declared again here")
        .label(places[i], "first declared here")
        .help("one rate serves both directions");
    return;
  }
  world.rules.rates.push_back({from, std::string(money->currency), money->amount});
  places.push_back(written.from.span);
}

namespace {

/// The type of that name among those that a field of one's own may have; reports where there is
/// none.
std::optional<Type> own_type(World& world, const ast::Word& written,
                             const std::vector<std::string_view>& offered) {
  for (int i = 0; i <= static_cast<int>(Type::permission); ++i) {
    const Type type = static_cast<Type>(i);
    const bool is_offered =
        std::find(offered.begin(), offered.end(), name_of(type)) != offered.end();
    if (is_offered && name_of(type) == written.text) return type;
  }
  auto message = world.sink.report(Code::unknown_type, "there is no type " + ticked(written.text));
  message.primary(written.span, "unknown type");
  if (!suggest(message, written.text, offered)) message.help("there are " + list_of(offered));
  return std::nullopt;
}

/// The row that holds the values of an event's fields of that type.
Field row_for_event(Type type) {
  for (const FieldRow& row : all_fields()) {
    if (row.subject == Subject::event && row.type == type) return row.field;
  }
  return Field::event_text;
}

}  // namespace

void resolve_own_field(World& world, const ast::OwnField& written, OwnField& field) {
  static const std::vector<std::string_view> kTypes = {
      "text", "code", "number", "money", "weight", "duration", "time", "day", "bool"};
  if (find_field(written.name.text)) {
    world.sink.report(Code::duplicate_name, ticked(written.name.text) + " is a field of the event")
        .primary(written.name.span)
        .help("choose another name");
  }
  field.type = own_type(world, written.type, kTypes).value_or(Type::text);
}

void resolve_own_event(World& world, const ast::OwnEvent& written, OwnEvent& event) {
  static const std::vector<std::string_view> kTypes = {"text",   "code",     "number", "money",
                                                       "weight", "duration", "time",   "bool"};
  static constexpr std::array<std::string_view, 9> kTaken = {
      "order", "customer", "line", "product", "shop", "request", "check", "account", "event"};
  if (std::ranges::find(kTaken, written.name.text) != kTaken.end()) {
    world.sink
        .report(Code::duplicate_name, "an event of your own cannot be called " +
                                          ticked(written.name.text) +
                                          ", whose fields conditions read")
        .primary(written.name.span)
        .help("choose another name");
  }
  if (written.fields.empty()) {
    world.sink.report(Code::wrong_operand, "event " + ticked(event.name) + " has no fields")
        .primary(written.name.span)
        .help("say what it brings, as in `event conversation { shop: code, stage: text }`");
  }
  std::map<std::string_view, Span> seen;
  for (const auto& [name, type] : written.fields) {
    const auto [at, added] = seen.emplace(name.text, name.span);
    if (!added) {
      world.sink
          .report(Code::duplicate_name,
                  "event " + ticked(event.name) + " has the field " + ticked(name.text) + " twice")
          .primary(name.span, "again")
          .label(at->second, "first here");
      continue;
    }
    if (const auto known = own_type(world, type, kTypes)) {
      event.members.push_back({std::string(name.text), row_for_event(*known)});
    }
  }
}

std::optional<Principal> account_of(World& world, const ast::Account& written) {
  const auto known = find_word(Domain::account_kind, written.kind.text);
  if (!known) {
    auto message = world.sink.report(Code::unknown_word,
                                     "there is no kind of account " + ticked(written.kind.text));
    message.primary(written.kind.span, "unknown kind of account");
    const auto words = words_of(Domain::account_kind);
    suggest(message, written.kind.text, {words.begin(), words.end()});
    message.help("there are " + list_of({words.begin(), words.end()}));
    return std::nullopt;
  }
  if (*known == "supplier" && !world.suppliers.find(written.id.text)) {
    auto message = world.sink.report(Code::unknown_supplier,
                                     "there is no supplier " + ticked(written.id.text));
    message.primary(written.id.span, "unknown supplier");
    suggest(message, written.id.text, world.suppliers.names());
    return std::nullopt;
  }
  return Principal{*known, world.lasting(written.id)};
}

void resolve_group(World& world, const ast::Group& written, Group& group) {
  if (written.members.empty()) {
    world.sink.report(Code::wrong_operand, "group " + ticked(group.name) + " has no members")
        .primary(written.name.span)
        .help("name who is in it, as in `group presales { sub:anna, sub:bo }`");
  }
  std::map<std::string, Span> seen;
  for (const ast::Account& member : written.members) {
    const auto account = account_of(world, member);
    if (!account) continue;
    const auto [at, added] = seen.emplace(account->to_string(), member.id.span);
    if (added) {
      group.members.push_back(account->to_string());
      continue;
    }
    world.sink.report(Code::duplicate_name, ticked(account->to_string()) + " stands here twice")
        .primary(member.id.span, "again")
        .label(at->second, "first here")
        .help("each member of a group is given its turn once a round");
  }
}

void resolve_policy(World& world, const ast::AccountPolicy& written, AccountPolicy& policy) {
  const auto kinds = words_of(Domain::account_kind);
  if (std::find(kinds.begin(), kinds.end(), written.kind.text) == kinds.end()) {
    auto message = world.sink.report(Code::unknown_word,
                                     "there is no kind of account " + ticked(written.kind.text));
    message.primary(written.kind.span, "unknown kind of account");
    if (!suggest(message, written.kind.text, {kinds.begin(), kinds.end()})) {
      message.help("there are " + list_of({kinds.begin(), kinds.end()}));
    }
  }
  for (const auto& [plan, count] : written.seats) {
    const auto known = find_word(Domain::plan, plan.text);
    if (!known) {
      const auto plans = words_of(Domain::plan);
      auto message = world.sink.report(Code::unknown_word, "there is no plan " + ticked(plan.text));
      message.primary(plan.span, "unknown plan");
      if (!suggest(message, plan.text, {plans.begin(), plans.end()})) {
        message.help("there are " + list_of({plans.begin(), plans.end()}));
      }
      continue;
    }
    const auto* number = std::get_if<ast::NumberLiteral>(&count.literal);
    const auto seats = number ? number->number.to_int64() : std::nullopt;
    if (!seats || *seats < 0) {
      world.sink
          .report(Code::type_mismatch, "seats are a whole number, but " + world.quoted(count.span) +
                                           " is " + std::string(describe(count.literal)))
          .primary(count.span)
          .help("a plan without a limit is left out");
    } else if (policy.seats_of(*known)) {
      world.sink.report(Code::duplicate_name, "plan " + ticked(*known) + " stands here twice")
          .primary(plan.span, "again")
          .help("keep one of the two");
    } else {
      policy.seats.emplace_back(*known, *seats);
    }
  }
  if (written.invitation) {
    policy.invitation_seconds = positive_seconds(world, *written.invitation, "an invitation");
  }
  if (written.idle) policy.idle_seconds = positive_seconds(world, *written.idle, "an idle time");
  if (!written.per) return;
  policy.idle_per_organization = written.per->text == "organization";
  if (policy.idle_per_organization && written.idle) return;
  world.sink.report(Code::unknown_word, "only `idle` is counted per anything, per organization")
      .primary(written.per->span)
      .help("write `idle 90 days per organization`");
}

namespace {

/// Whether this is the first of its kind; reports where not.
bool only_one(World& world, Span span, std::optional<Span>& first, std::string_view what) {
  if (!first) {
    first = span;
    return true;
  }
  world.sink.report(Code::duplicate_name, std::string(what) + " is declared twice")
      .primary(span, "declared again here")
      .label(*first, "first declared here")
      .help("it holds for the whole rule set: keep one of the two");
  return false;
}

}  // namespace

void resolve_time_zone(World& world, const ast::TimeZoneDecl& written, std::optional<Span>& first) {
  if (!only_one(world, written.zone.span, first, "the time zone")) return;
  world.zone_declared = true;
  world.zone = find_time_zone(written.zone.text);
  if (world.zone) {
    world.rules.time_zone = written.zone.text;
  } else {
    report_unknown_zone(world, written.zone);
  }
}

void resolve_overlaps(World& world, const ast::Overlaps& written, std::optional<Span>& first) {
  if (!only_one(world, written.what.span, first, "`overlaps`")) return;
  if (written.what.text == "hold") {
    world.rules.overlaps_hold = true;
    return;
  }
  world.sink.report(Code::unknown_word, "`overlaps` knows only `hold`")
      .primary(written.what.span)
      .help("write `overlaps hold`, or leave it out: then the first rule wins");
}

}  // namespace consign::check
