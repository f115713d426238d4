// How a text takes the type of what it is compared with: a code, a word of an enumeration.

#include <algorithm>
#include <array>

#include "consign/text.hpp"
#include "dsl/checker.hpp"

namespace consign::check {

namespace {

/// What people write instead of the two letters.
struct CountryName {
  std::string_view name, code;
};
constexpr std::array kCountryNames = std::to_array<CountryName>({
    {"america", "US"},       {"australia", "AU"},   {"austria", "AT"},     {"belgium", "BE"},
    {"brazil", "BR"},        {"britain", "GB"},     {"canada", "CA"},      {"china", "CN"},
    {"czechia", "CZ"},       {"denmark", "DK"},     {"deutschland", "DE"}, {"el", "GR"},
    {"england", "GB"},       {"estonia", "EE"},     {"finland", "FI"},     {"france", "FR"},
    {"germany", "DE"},       {"greece", "GR"},      {"hungary", "HU"},     {"iceland", "IS"},
    {"india", "IN"},         {"ireland", "IE"},     {"italy", "IT"},       {"japan", "JP"},
    {"latvia", "LV"},        {"lithuania", "LT"},   {"luxembourg", "LU"},  {"mexico", "MX"},
    {"netherlands", "NL"},   {"new zealand", "NZ"}, {"norway", "NO"},      {"poland", "PL"},
    {"portugal", "PT"},      {"romania", "RO"},     {"singapore", "SG"},   {"slovakia", "SK"},
    {"slovenia", "SI"},      {"spain", "ES"},       {"sweden", "SE"},      {"switzerland", "CH"},
    {"turkey", "TR"},        {"uk", "GB"},          {"ukraine", "UA"},     {"united kingdom", "GB"},
    {"united states", "US"}, {"usa", "US"},         {"vietnam", "VN"},
});

std::string operator_text(std::string_view op) { return " " + std::string(op) + " "; }

}  // namespace

std::optional<std::string_view> likely_word(Domain domain, std::string_view word) {
  if (domain == Domain::country) {
    const std::string lower = ascii_lower(trim(word));
    std::vector<std::string_view> names;
    for (const CountryName& row : kCountryNames) {
      if (row.name == lower) return row.code;
      names.push_back(row.name);
    }
    if (const std::string_view near = nearest_name(lower, names);
        lower.size() > 3 && !near.empty()) {
      return kCountryNames[std::find(names.begin(), names.end(), near) - names.begin()].code;
    }
  }
  const auto words = words_of(domain);
  const std::string_view near = nearest_name(word, {words.begin(), words.end()});
  if (near.empty()) return std::nullopt;
  return near;
}

bool Checker::bend_text(Value& text, const Operand& toward, TreePool& pool) {
  switch (toward.type) {
    case Type::text:
      break;
    case Type::code:
      if (toward.lower_case) text.text = pool.copy(ascii_lower(text.text));
      break;
    case Type::enumeration: {
      const auto word = find_word(toward.domain, trim(text.text));
      if (!word) return false;
      text.text = *word;
      break;
    }
    default:
      return false;
  }
  text.type = toward.type;
  return true;
}

void Checker::unknown_word(std::string_view text, Span span, const Operand& toward) {
  const std::string domain(consign::describe(toward.domain));
  auto message =
      world_.sink.report(Code::unknown_word, "there is no " + domain + " " + ticked(quote(text)));
  message.primary(span, "not one of the words that there are");
  if (toward.span != span) message.label(toward.span, domain);
  if (const auto likely = likely_word(toward.domain, text)) {
    message.help("did you mean `\"" + std::string(*likely) + "\"`?");
  }
  const auto words = words_of(toward.domain);
  constexpr std::size_t kMostListed = 16;
  if (words.size() <= kMostListed)
    message.help("there are " + list_of({words.begin(), words.end()}));
}

std::optional<std::uint32_t> Checker::typed_table(std::uint32_t table, const Operand& toward,
                                                  bool keys) {
  world_.self_contained = false;  // the order of their uses is that of the tables made here
  const auto id = std::tuple(table, toward.type, toward.domain, toward.lower_case, keys);
  const auto known = typed_tables_.find(id);
  if (known != typed_tables_.end()) return known->second;
  Table copy = world_.rules.tables[table];
  bool changed = false;
  for (auto& row : copy.rows) {
    Value& value = keys ? row.first : row.second;
    Value bent = value;
    if (!bend_text(bent, toward, world_.rules.pool)) {
      const std::string domain(consign::describe(toward.domain));
      auto message = world_.sink.report(
          Code::unknown_word, "table " + ticked(copy.name) + " holds " + ticked(quote(value.text)) +
                                  ", and there is no such " + domain);
      message.primary(toward.span, domain).label(copy.span, "the table");
      if (const auto likely = likely_word(toward.domain, value.text)) {
        message.help("did you mean `\"" + std::string(*likely) + "\"`?");
      }
      return typed_tables_[id] = std::nullopt;
    }
    changed = changed || bent.text != value.text || bent.type != value.type;
    if (keys) {
      value.text = bent.text;
    } else {
      value = bent;
    }
  }
  if (keys && !keys_differ(copy, false, toward.span)) return typed_tables_[id] = std::nullopt;
  if (!keys) copy.value_type = toward.type;
  if (!changed) return typed_tables_[id] = table;
  world_.rules.tables.push_back(std::move(copy));
  return typed_tables_[id] = static_cast<std::uint32_t>(world_.rules.tables.size() - 1);
}

/// Whether all keys of a table differ as they are compared; reports where not.
bool Checker::keys_differ(const Table& table, bool folded, Span use) {
  std::set<std::string> seen;
  for (const auto& [key, value] : table.rows) {
    if (seen.insert(folded ? fold(key.text) : std::string(key.text)).second) continue;
    world_.sink
        .report(Code::duplicate_name, "table " + ticked(table.name) + " has " +
                                          ticked(quote(key.text)) +
                                          " twice, in different letter case")
        .primary(table.span)
        .label(use, "compared without regard to letter case here");
    return false;
  }
  return true;
}

bool Checker::bend(Operand& operand, const Operand& toward) {
  if (!operand.flexible || toward.type == Type::text) return true;
  if (toward.type != Type::code && toward.type != Type::enumeration) return true;
  const Span span = operand.expr->span;
  if (auto* constant = operand.expr->get_if<Constant>()) {
    if (!bend_text(constant->value, toward, *world_.pool)) {
      unknown_word(constant->value.text, span, toward);
      return false;
    }
  } else if (auto* lookup = operand.expr->get_if<LookupExpr>()) {
    const auto typed = typed_table(lookup->table, toward, false);
    if (!typed) return false;
    lookup->table = *typed;
  }
  operand.expr->type = operand.type = toward.type;
  operand.domain = toward.domain;
  operand.lower_case = toward.lower_case;
  operand.flexible = false;
  return true;
}

bool Checker::same_type(const Operand& left, const Operand& right) const {
  return left.type == right.type && (left.type != Type::enumeration || left.domain == right.domain);
}

/// What to write instead of `partner`, which does not compare with `operand`.
std::string Checker::example_for(const Operand& operand, const Operand& partner) const {
  const auto* constant = partner.expr->get_if<Constant>();
  const Value* value = constant ? &constant->value : nullptr;
  const bool from_text = value && value->type == Type::text;
  const bool from_number = value && value->type == Type::number;
  switch (operand.type) {
    case Type::money:
      return (from_number ? value->number.to_string() : "500") + " EUR";
    case Type::weight:
      return (from_number ? value->number.to_string() : "20") + " kg";
    case Type::duration:
      return (from_number ? value->number.to_string() : "24") + " h";
    case Type::number:
      return from_text && Decimal::parse(value->text) ? std::string(value->text) : "12";
    case Type::time:
    case Type::day:
      return from_text && (parse_day(value->text) || parse_timestamp(value->text))
                 ? std::string(value->text)
                 : "2026-11-27";
    case Type::boolean:
      return "true";
    case Type::enumeration:
      return quote(words_of(operand.domain).front());
    case Type::text:
    case Type::code:
      return value && !from_text ? quote(world_.words(partner.span)) : "\"…\"";
    case Type::permission:
      return from_text && parse_permissions(value->text) ? std::string(value->text) : "orders:view";
  }
  return "";
}

namespace {

std::string_view thing_to_compare_with(Type type) {
  switch (type) {
    case Type::money:
      return "an amount";
    case Type::weight:
      return "a weight";
    case Type::duration:
      return "a duration";
    case Type::number:
      return "a number";
    case Type::time:
    case Type::day:
      return "a day or a time";
    case Type::boolean:
      return "`true` or `false`";
    case Type::enumeration:
      return "one of its words";
    case Type::text:
    case Type::code:
      return "a text in quotes";
    case Type::permission:
      return "a permission";
  }
  return "";
}

}  // namespace

void Checker::mismatch(const Operand& left, std::string_view op, const Operand& right) {
  // The literal is the narrowest thing that can be wrong; of two fields, the right one.
  const bool left_wrong = left.literal && !right.literal;
  const Operand& wrong = left_wrong ? left : right;
  const Operand& partner = left_wrong ? right : left;
  auto message = world_.sink.report(Code::type_mismatch,
                                    world_.quoted(left.span) + " is " + kind_of(left) + " but " +
                                        world_.quoted(right.span) + " is " + kind_of(right));
  message.primary(wrong.span, label_of(wrong)).label(partner.span, label_of(partner));
  if (wrong.literal) {
    const std::string text = world_.words(partner.span);
    const std::string example = example_for(partner, wrong);
    message.help(
        "compare with " + std::string(thing_to_compare_with(partner.type)) + ", for example `" +
        (left_wrong ? example + operator_text(op) + text : text + operator_text(op) + example) +
        "`");
  } else if ((left.type == Type::text && right.type == Type::code) ||
             (left.type == Type::code && right.type == Type::text)) {
    message.help(
        "a code is compared exactly, a text without regard to letter case: compare like with "
        "like");
  } else if ((left.type == Type::time && right.type == Type::day) ||
             (left.type == Type::day && right.type == Type::time)) {
    message.help("take the day of the time: `date(" +
                 world_.words(left.type == Type::time ? left.span : right.span) + ")`");
  }
}

}  // namespace consign::check
