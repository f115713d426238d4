// Suppliers: one row for each property, with the form that messages show, in the spelling of the
// file that they are about.

#include "dsl/supplier_resolver.hpp"

#include <algorithm>
#include <map>

#include "consign/text.hpp"
#include "dsl/checker.hpp"
#include "dsl/instants.hpp"

namespace consign::check {

namespace {

struct PropertyRow {
  std::string_view name;  ///< with blanks between its words
  std::string_view form, yaml_form;
  void (*resolve)(World& world, const ast::Property& property, const PropertyRow& row,
                  Supplier& supplier);
};
std::span<const PropertyRow> properties();

bool in_yaml(const World& world, Span span) {
  return !world.sources.get(span.source).path.ends_with(".rules");
}

/// How the file of `at` spells a property: `cut-off` or `cut_off`.
std::string spelled(const World& world, const PropertyRow& row, Span at) {
  if (!in_yaml(world, at)) return row.name == "cut off" ? "cut-off" : std::string(row.name);
  std::string key(row.name);
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

std::string form(const World& world, const PropertyRow& row, Span at) {
  return ticked(in_yaml(world, at) ? row.yaml_form : row.form);
}

/// A name in the one spelling, whichever file it comes from (`handling_cost`, `handling cost`).
std::string property_name(std::string_view written) {
  std::string name(written);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  return name;
}

const PropertyRow* find_property(std::string_view name) {
  const auto rows = properties();
  const auto at = std::ranges::find(rows, name, &PropertyRow::name);
  return at == rows.end() ? nullptr : &*at;
}

/// Grammar cannot tell where a name of several words ends that has words for its values, as in
/// `stock tracked` and `working days monday`. Moves into the name what belongs there.
void settle_name(const World& world, ast::Property& property, std::string& name) {
  name = property_name(property.name.text);
  if (find_property(name) || !property.values.empty() || in_yaml(world, property.span)) return;
  std::string longer = name;
  Span span = property.name.span;
  for (std::size_t i = 0; i < property.words.size(); ++i) {
    const Span next = property.words[i].span;
    const std::string_view between =
        world.sources.text({span.source, span.end, std::max(span.end, next.begin)});
    if (between.find_first_of("{[\"'") != std::string_view::npos) return;
    longer += " " + property_name(property.words[i].text);
    span.end = next.end;
    if (!find_property(longer)) continue;
    name = longer;
    property.name.span = span;
    property.words = property.words.subspan(i + 1);
    return;
  }
}

/// The texts among a property's values, with their places; a word is a text where it stands in
/// quotes or where words are welcome.
struct Texts {
  std::vector<ast::Word> texts;
  std::vector<ast::Word> names;  ///< bare words
};

bool texts_of(World& world, const ast::Property& property, const PropertyRow& row, Texts& into) {
  bool good = true;
  for (const ast::SpannedLiteral& value : property.values) {
    if (const auto* text = std::get_if<ast::TextLiteral>(&value.literal)) {
      into.texts.push_back({text->text, value.span});
      continue;
    }
    world.sink
        .report(Code::type_mismatch, world.quoted(value.span) + " is " +
                                         std::string(describe(value.literal)) + ", not a text")
        .primary(value.span)
        .help("for example " + form(world, row, property.span));
    good = false;
  }
  for (const ast::Word& word : property.words) {
    const bool in_quotes = world.sources.text(word.span).starts_with("\"");
    (in_quotes ? into.texts : into.names).push_back(word);
  }
  return good;
}

void sort_out(std::vector<std::string>& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

void add_country(World& world, const ast::Word& word, Supplier& supplier) {
  if (const auto country = find_word(Domain::country, trim(word.text))) {
    supplier.countries.emplace_back(*country);
    return;
  }
  auto message = world.sink.report(
      Code::unknown_word, "there is no country (ISO 3166-1 alpha-2) " + ticked(quote(word.text)));
  message.primary(word.span, "not one of the codes");
  if (const auto likely = likely_word(Domain::country, word.text)) {
    message.help("did you mean `\"" + std::string(*likely) + "\"`?");
  }
}

void add_list(World& world, const ast::Word& name, Supplier& supplier) {
  const auto* list = world.lists.find(name.text);
  if (!list) {
    auto message = world.sink.report(Code::unknown_name, "there is no list " + ticked(name.text));
    message.primary(name.span, "unknown list");
    if (find_word(Domain::country, name.text)) {
      message.help("a country stands in quotes: `\"" + std::string(name.text) + "\"`");
    } else {
      suggest(message, name.text, world.lists.names());
    }
    return;
  }
  for (const ast::SpannedLiteral& member : world.list_trees[list->index]->members) {
    if (const auto* text = std::get_if<ast::TextLiteral>(&member.literal)) {
      add_country(world, {text->text, member.span}, supplier);
      continue;
    }
    world.sink
        .report(Code::type_mismatch, world.quoted(member.span) + " is " +
                                         std::string(describe(member.literal)) + ", not a country")
        .primary(member.span)
        .label(name.span, "the list stands for countries here");
  }
}

/// Reports that a property does not take what was written.
DiagnosticSink::Builder refuse(World& world, Code code, std::string message, Span place,
                               const PropertyRow& row) {
  auto builder = world.sink.report(code, std::move(message));
  builder.primary(place).help("for example " + form(world, row, place));
  return builder;
}

/// Reports that a property has not one value of its kind.
void refuse_count(World& world, const ast::Property& property, const PropertyRow& row) {
  refuse(world, Code::unknown_property,
         ticked(spelled(world, row, property.span)) + " takes one value", property.span, row);
}

/// The one literal of a property, or null after a report.
const ast::SpannedLiteral* only_value(World& world, const ast::Property& property,
                                      const PropertyRow& row) {
  if (property.values.size() == 1 && property.words.empty() && !property.per) {
    return &property.values.front();
  }
  refuse_count(world, property, row);
  return nullptr;
}

/// The one text of a property, which may stand without quotes, or nothing after a report.
std::optional<ast::Word> only_text(World& world, const ast::Property& property,
                                   const PropertyRow& row) {
  Texts found;
  if (!texts_of(world, property, row, found)) return std::nullopt;
  found.texts.insert(found.texts.end(), found.names.begin(), found.names.end());
  if (found.texts.size() == 1) return found.texts.front();
  refuse_count(world, property, row);
  return std::nullopt;
}

/// Whether a mark such as `suspended` is set: it stands alone, or with `true`.
bool is_set(World& world, const ast::Property& property, const PropertyRow& row) {
  if (property.values.empty() && property.words.empty()) return true;
  const auto* value = only_value(world, property, row);
  const auto* truth = value ? std::get_if<ast::BoolLiteral>(&value->literal) : nullptr;
  if (truth) return truth->truth;
  if (value) {
    world.sink
        .report(Code::unknown_property,
                ticked(spelled(world, row, property.span)) + " takes no value")
        .primary(value->span)
        .help("write " + form(world, row, property.span) + " alone, or leave it out");
  }
  return true;
}

void resolve_name(World& world, const ast::Property& property, const PropertyRow& row,
                  Supplier& supplier) {
  if (const auto text = only_text(world, property, row)) supplier.title = text->text;
}

void resolve_countries(World& world, const ast::Property& property, const PropertyRow& row,
                       Supplier& supplier) {
  Texts found;
  texts_of(world, property, row, found);
  for (const ast::Word& text : found.texts) {
    const bool list = !find_word(Domain::country, trim(text.text)) && world.lists.find(text.text);
    list ? add_list(world, text, supplier) : add_country(world, text, supplier);
  }
  for (const ast::Word& name : found.names) add_list(world, name, supplier);
  sort_out(supplier.countries);
}

void resolve_shops(World& world, const ast::Property& property, const PropertyRow& row,
                   Supplier& supplier) {
  Texts found;
  texts_of(world, property, row, found);
  for (const auto& word : found.texts) supplier.shops.emplace_back(word.text);
  for (const auto& word : found.names) supplier.shops.emplace_back(word.text);
  sort_out(supplier.shops);
}

void resolve_suspended(World& world, const ast::Property& property, const PropertyRow& row,
                       Supplier& supplier) {
  supplier.suspended = is_set(world, property, row);
}

void resolve_handling_cost(World& world, const ast::Property& property, const PropertyRow& row,
                           Supplier& supplier) {
  const auto* value = only_value(world, property, row);
  if (!value) return;
  const auto* money = std::get_if<ast::MoneyLiteral>(&value->literal);
  if (!money || money->amount.is_negative() || !find_word(Domain::currency, money->currency)) {
    refuse(world, Code::type_mismatch,
           "a handling cost is an amount with its currency, not less than 0", value->span, row);
    return;
  }
  supplier.handling_cost =
      Value::of_money(money->amount, *find_word(Domain::currency, money->currency));
}

void resolve_lead_time(World& world, const ast::Property& property, const PropertyRow& row,
                       Supplier& supplier) {
  const auto* value = only_value(world, property, row);
  if (value) supplier.lead_seconds = positive_seconds(world, *value, "a lead time");
}

void resolve_stock_tracked(World& world, const ast::Property& property, const PropertyRow& row,
                           Supplier& supplier) {
  supplier.stock_tracked = is_set(world, property, row);
}

void resolve_safety_stock(World& world, const ast::Property& property, const PropertyRow& row,
                          Supplier& supplier) {
  const auto* value = only_value(world, property, row);
  if (!value) return;
  const auto* pieces = std::get_if<ast::NumberLiteral>(&value->literal);
  if (!pieces || pieces->number.is_negative()) {
    refuse(world, Code::type_mismatch, "a safety stock is a number of pieces, not less than 0",
           value->span, row);
    return;
  }
  supplier.safety_stock = pieces->number;
}

void resolve_capacity(World& world, const ast::Property& property, const PropertyRow& row,
                      Supplier& supplier) {
  if (property.values.size() != 1 || !property.words.empty()) {
    return refuse_count(world, property, row);
  }
  const ast::SpannedLiteral& value = property.values.front();
  const auto* number = std::get_if<ast::NumberLiteral>(&value.literal);
  const auto orders = number ? number->number.to_int64() : std::nullopt;
  if (!orders || *orders <= 0) {
    refuse(world, Code::bad_working_time,
           "a capacity is a whole number of orders, at least one, but " + world.quoted(value.span) +
               " is " + (number ? "not" : std::string(describe(value.literal))),
           value.span, row);
    return;
  }
  if (!property.per) {
    refuse(world, Code::bad_working_time, "this capacity does not say for how long it lasts",
           value.span, row);
    return;
  }
  const std::string_view period = property.per->text;
  if (period != "day" && period != "hour") {
    auto message =
        world.sink.report(Code::bad_working_time,
                          "a capacity is counted per day or per hour, not per " + ticked(period));
    message.primary(property.per->span);
    if (!suggest(message, period, {"day", "hour"})) {
      message.help("for example " + form(world, row, property.span));
    }
    return;
  }
  supplier.capacity =
      Capacity{*orders, period == "day" ? CapacityPeriod::day : CapacityPeriod::hour};
}

/// The minutes from midnight of `16:00`, with two digits on each side.
std::optional<std::int32_t> minutes_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const std::int32_t hour = (text[0] - '0') * 10 + (text[1] - '0');
  const std::int32_t minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

void resolve_cut_off(World& world, const ast::Property& property, const PropertyRow& row,
                     Supplier& supplier) {
  const auto text = only_text(world, property, row);
  if (!text) return;
  supplier.working.cut_off_minutes = minutes_of(text->text);
  if (supplier.working.cut_off_minutes) return;
  auto message = world.sink.report(Code::bad_working_time,
                                   "a cut-off is a time of day from \"00:00\" to \"23:59\", but " +
                                       world.quoted(text->span) + " is not");
  message.primary(text->span);
  const std::string padded = "0" + std::string(text->text);
  message.help(minutes_of(padded) ? "write `\"" + padded + "\"`"
                                  : "for example " + form(world, row, property.span));
}

void resolve_working_days(World& world, const ast::Property& property, const PropertyRow& row,
                          Supplier& supplier) {
  Texts found;
  const bool good = texts_of(world, property, row, found);
  found.texts.insert(found.texts.end(), found.names.begin(), found.names.end());
  if (good && found.texts.empty()) {
    refuse(world, Code::bad_working_time, "a supplier works on one day of the week at least",
           property.span, row);
    return;
  }
  const auto days = words_of(Domain::weekday);
  supplier.working.days = 0;
  for (const ast::Word& word : found.texts) {
    const auto day = find_word(Domain::weekday, trim(word.text));
    if (day) {
      const auto at = std::find(days.begin(), days.end(), *day) - days.begin();
      supplier.working.days |= static_cast<std::uint8_t>(1U << at);
      continue;
    }
    auto message =
        world.sink.report(Code::unknown_word, "there is no day of the week " + ticked(word.text));
    message.primary(word.span, "not a day of the week");
    // `Tues`, too; `tue` is a day.
    const std::string lower = ascii_lower(trim(word.text));
    const auto longer = std::find_if(days.begin(), days.end(), [&](std::string_view name) {
      return lower.size() > 2 && name.starts_with(lower);
    });
    if (longer != days.end()) {
      message.help("did you mean " + ticked(*longer) + "?");
    } else if (!suggest(message, lower, {days.begin(), days.end()})) {
      message.help("there are " + list_of({days.begin(), days.end()}));
    }
  }
}

void resolve_zone(World& world, const ast::Property& property, const PropertyRow& row,
                  Supplier& supplier) {
  const auto zone = only_text(world, property, row);
  if (!zone) return;
  const TimeZone* found = find_time_zone(zone->text);
  found ? static_cast<void>(supplier.working.zone = found) : report_unknown_zone(world, *zone);
}

void resolve_endpoint(World& world, const ast::Property& property, const PropertyRow& row,
                      Supplier& supplier) {
  const auto name = only_text(world, property, row);
  if (!name) return;
  supplier.endpoint = name->text;
  if (supplier.endpoint.empty()) {
    refuse(world, Code::unknown_property, "this names no endpoint", name->span, row);
  }
}

constexpr PropertyRow kProperties[] = {
    {"name", "name \"Acme Dropship Ltd\"", "name: Acme Dropship Ltd", resolve_name},
    {"countries", "countries { \"SE\", \"NO\" }", "countries: [SE, NO]", resolve_countries},
    {"shops", "shops { nordic }", "shops: [nordic]", resolve_shops},
    {"suspended", "suspended", "suspended: true", resolve_suspended},
    {"handling cost", "handling cost 2.50 EUR", "handling_cost: 2.50 EUR", resolve_handling_cost},
    {"lead time", "lead time 2 days", "lead_time: 2 days", resolve_lead_time},
    {"stock tracked", "stock tracked", "stock_tracked: true", resolve_stock_tracked},
    {"safety stock", "safety stock 2", "safety_stock: 2", resolve_safety_stock},
    {"capacity", "capacity 40 per day", "capacity: 40 per day", resolve_capacity},
    {"cut off", "cut-off \"16:00\"", "cut_off: \"16:00\"", resolve_cut_off},
    {"working days", "working days { monday, friday }", "working_days: [monday, friday]",
     resolve_working_days},
    {"timezone", "timezone \"Europe/Stockholm\"", "timezone: Europe/Stockholm", resolve_zone},
    {"endpoint", "endpoint warehouse", "endpoint: warehouse", resolve_endpoint},
};

std::span<const PropertyRow> properties() { return kProperties; }

void report_unknown_property(World& world, const ast::Property& property, const std::string& name) {
  auto message = world.sink.report(
      Code::unknown_property, "a supplier has no property " + world.quoted(property.name.span));
  message.primary(property.name.span, "unknown property");
  std::vector<std::string> spellings;
  for (const PropertyRow& row : kProperties) {
    if (row.name.starts_with(name + " ")) {
      message.help("did you mean " + form(world, row, property.span) + "?");
      return;
    }
    spellings.push_back(spelled(world, row, property.span));
  }
  const std::vector<std::string_view> names(spellings.begin(), spellings.end());
  if (!suggest(message, property.name.text, names)) message.help("there are " + list_of(names));
}

}  // namespace

void resolve_supplier(World& world, const ast::Supplier& written, Supplier& supplier) {
  supplier.title = supplier.name;
  std::map<std::string, Span> seen;
  for (ast::Property property : written.properties) {
    std::string name;
    settle_name(world, property, name);
    const auto [at, added] = seen.emplace(name, property.name.span);
    const PropertyRow* row = find_property(name);
    if (!row) {
      report_unknown_property(world, property, name);
    } else if (!added) {
      world.sink
          .report(Code::duplicate_name,
                  ticked(spelled(world, *row, property.span)) + " is given twice")
          .primary(property.name.span, "again")
          .label(at->second, "first here");
    } else {
      row->resolve(world, property, *row, supplier);
    }
  }
  if (!supplier.working.zone) supplier.working.zone = world.zone;
  if (world.zone_declared || seen.contains("timezone")) return;
  const std::pair<std::string, bool> wanting[] = {
      {"capacity", supplier.capacity.has_value()},
      {"cut off", supplier.working.cut_off_minutes.has_value()},
      {"working days", supplier.working.days != WorkingTime{}.days}};
  for (const auto& [name, is_there] : wanting) {
    const auto at = seen.find(name);
    if (!is_there || at == seen.end()) continue;
    const PropertyRow& zone = *find_property("timezone");
    world.sink
        .report(Code::needs_time_zone, "what day and hour it is for " + ticked(supplier.name) +
                                           " depends on the time zone")
        .primary(at->second, "in which time zone?")
        .help("give the supplier one, " + form(world, zone, at->second) +
              ", or declare one for the whole rule set");
    return;
  }
}

}  // namespace consign::check
