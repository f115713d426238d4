#include "dsl/declarations_resolver.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "dsl/checker.hpp"

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

void report_not_in_version(World& world, const Reach::Read& read) {
  world.sink
      .report(Code::not_in_version,
              ticked(read.name) +
                  " belongs to access requests; this version decides orders and checks only")
      .primary(read.span);
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

void resolve_own_field(World& world, const ast::OwnField& written, OwnField& field) {
  static const std::vector<std::string_view> kTypes = {
      "text", "code", "number", "money", "weight", "duration", "time", "day", "bool"};
  if (find_field(written.name.text)) {
    world.sink.report(Code::duplicate_name, ticked(written.name.text) + " is a field of the event")
        .primary(written.name.span)
        .help("choose another name");
  }
  for (int i = 0; i <= static_cast<int>(Type::permission); ++i) {
    const Type type = static_cast<Type>(i);
    const bool offered = std::find(kTypes.begin(), kTypes.end(), name_of(type)) != kTypes.end();
    if (offered && name_of(type) == written.type.text) {
      field.type = type;
      return;
    }
  }
  auto message =
      world.sink.report(Code::unknown_type, "there is no type " + ticked(written.type.text));
  message.primary(written.type.span, "unknown type");
  if (!suggest(message, written.type.text, kTypes)) message.help("there are " + list_of(kTypes));
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
