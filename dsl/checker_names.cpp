// Names in operands: fields, tables, and what to suggest where there is no such name.

#include <algorithm>
#include <map>

#include "consign/text.hpp"
#include "dsl/checker.hpp"

namespace consign::check {

namespace {

/// The fields that rules on orders read, or those of rules on check and request.
std::vector<std::string_view> readable_fields(bool on_access) {
  std::vector<std::string_view> names;
  for (const FieldRow& row : all_fields()) {
    const bool of_access = row.subject == Subject::check || row.subject == Subject::account ||
                           row.subject == Subject::request;
    if (of_access == on_access && row.subject != Subject::event) names.push_back(row.spelling);
  }
  return names;
}

/// The field whose last word is close to `word`; empty where there is none, or more than one.
std::string_view field_with_tail_like(std::string_view word,
                                      const std::vector<std::string_view>& names) {
  std::vector<std::string_view> tails;
  tails.reserve(names.size());
  for (const std::string_view name : names) tails.push_back(name.substr(name.rfind('.') + 1));
  const std::string_view near = nearest_name(word, tails);
  if (near.empty() || std::count(tails.begin(), tails.end(), near) > 1) return {};
  return names[std::find(tails.begin(), tails.end(), near) - tails.begin()];
}

/// The one field that ends in `.word`, or that begins and ends as `word` does (`order.country` for
/// `order.ship_to.country`); empty where there is none, or more than one.
std::string_view field_ending_in(std::string_view word,
                                 const std::vector<std::string_view>& names) {
  const std::size_t last_dot = word.rfind('.');
  const std::string_view head = word.substr(0, word.find('.'));
  const std::string tail =
      "." + std::string(last_dot == std::string_view::npos ? word : word.substr(last_dot + 1));
  std::string_view found;
  for (const std::string_view name : names) {
    if (!name.ends_with(tail)) continue;
    if (last_dot != std::string_view::npos && !name.starts_with(std::string(head) + ".")) continue;
    if (!found.empty()) return {};
    found = name;
  }
  return found;
}

}  // namespace

void Checker::note_read(const FieldRow& row, Span span) {
  const auto note = [&](std::optional<Reach::Read>& read) {
    if (!read) read = Reach::Read{span, row.spelling};
  };
  switch (row.subject) {
    case Subject::line:
    case Subject::product:
      note(in_quantifier_ ? reach_->order : reach_->line);
      return;
    case Subject::order:
    case Subject::customer:
      note(reach_->order);
      return;
    case Subject::request:
      note(reach_->request);
      return;
    case Subject::check:
      note(reach_->check);
      return;
    case Subject::account:
      note(reach_->account);
      return;
    case Subject::event:  // noted where its own name is known
    case Subject::shop:
      note(reach_->shop);
      return;
    case Subject::any:
      return;
  }
}

bool Checker::note_event(const Reach::Read& read, std::uint32_t event) {
  if (!reach_->event) {
    reach_->event = read;
    reach_->event_index = event;
    return true;
  }
  if (reach_->event_index == event) return true;
  world_.sink
      .report(Code::ambiguous_scope, ticked(reach_->event->name) + " and " + ticked(read.name) +
                                         " belong to different events")
      .primary(read.span)
      .label(reach_->event->span)
      .help("make two rules of it");
  return false;
}

std::optional<Checker::EventField> Checker::event_field(std::string_view name, Span span) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto* declared = world_.events.find(name.substr(0, dot));
  if (!declared) return std::nullopt;
  const OwnEvent& event = world_.rules.events[declared->index];
  const std::string_view member = name.substr(dot + 1);
  if (const auto* found = event.find(member)) {
    if (!note_event({span, name}, declared->index)) return EventField{nullptr, {}};
    return EventField{&row_of(found->field), found->name};
  }
  auto message = world_.sink.report(Code::unknown_field, "there is no field " + ticked(name));
  message.primary(span, "unknown field").label(declared->span, "declared here");
  std::vector<std::string_view> names;
  for (const auto& each : event.members) names.push_back(each.name);
  const std::string_view near = nearest_name(member, names);
  if (!near.empty()) {
    message.help("did you mean " + ticked(event.name + "." + std::string(near)) + "?");
  } else if (!names.empty()) {
    message.help("it has " + list_of(names));
  }
  return EventField{nullptr, {}};
}

Operand Checker::field(Span span, const FieldRow& row, std::string_view key) {
  note_read(row, span);
  Operand operand;
  operand.type = row.type;
  operand.many = row.many();
  operand.domain = row.domain;
  operand.lower_case = row.lower_case();
  operand.span = span;
  operand.expr = world_.make<FieldRead>(span, row.type, row.field, key);
  return operand;
}

Operand Checker::name(const ast::Expr& expr, const ast::NameExpr& written) {
  if (const FieldRow* row = find_field(written.name)) {
    if (!row->keyed()) return field(expr.span, *row, "");
    world_.sink.report(Code::key_needed, ticked(written.name) + " is read by name")
        .primary(expr.span, "which one?")
        .help("put the name in brackets, for example `" + std::string(written.name) +
              "[\"gift\"]`");
    return {};
  }
  if (const auto found = event_field(written.name, expr.span)) {
    if (found->row == nullptr) return {};
    return field(expr.span, *found->row, world_.lasting(found->member, expr.span.source));
  }
  if (const auto* define = world_.defines.find(written.name)) {
    world_.sink.report(Code::wrong_operand, ticked(written.name) + " is a condition, not a value")
        .primary(expr.span, "a value is expected here")
        .label(define->span, "defined here");
    return {};
  }
  unknown_name(expr.span, written.name);
  return {};
}

namespace {

/// What words that other languages have are in this one, or empty.
std::string_view said_here(std::string_view name) {
  static const std::map<std::string_view, std::string_view> kWords = {
      {"null", "to ask for what is not there, write `… is missing`"},
      {"nil", "to ask for what is not there, write `… is missing`"},
      {"none", "to ask for what is not there, write `… is missing`"},
      {"yes", "did you mean `true`?"},
      {"no", "did you mean `false`?"},
  };
  const auto found = kWords.find(name);
  return found == kWords.end() ? std::string_view{} : found->second;
}

}  // namespace

void Checker::unknown_name(Span span, std::string_view name) {
  if (const auto* own = world_.fields.find(name)) {
    world_.sink
        .report(Code::unknown_field,
                ticked(name) + " is a field that rules set; no condition reads it")
        .primary(span)
        .label(own->span, "declared here")
        .help("conditions see the order as it came and the facts, never what other rules have set");
    return;
  }
  if (const auto* list = world_.lists.find(name)) {
    world_.sink.report(Code::wrong_operand, ticked(name) + " is a list")
        .primary(span, "a single value is expected here")
        .label(list->span, "declared here")
        .help("ask whether a value is in it: `… in " + std::string(name) + "`");
    return;
  }
  if (const auto* table = world_.tables.find(name)) {
    world_.sink.report(Code::key_needed, ticked(name) + " is a table")
        .primary(span, "which row?")
        .label(table->span, "declared here")
        .help("put the key in brackets, for example `" + std::string(name) +
              "[order.ship_to.country]`");
    return;
  }
  if (const auto here = said_here(name); !here.empty()) {
    world_.sink.report(Code::unknown_field, "there is no field or define " + ticked(name))
        .primary(span, "unknown name")
        .help(std::string(here));
    return;
  }
  const bool dotted = name.find('.') != std::string_view::npos;
  auto message = world_.sink.report(
      Code::unknown_field,
      (dotted ? "there is no field " : "there is no field or define ") + ticked(name));
  message.primary(span, dotted ? "unknown field" : "unknown name");
  std::vector<std::string_view> names = readable_fields(false);
  const std::vector<std::string_view> of_checks = readable_fields(true);
  names.insert(names.end(), of_checks.begin(), of_checks.end());
  for (const auto& define : world_.defines.names()) names.push_back(define);
  if (suggest(message, name, names)) return;
  // Orders are asked about more often than checks.
  std::string_view ending;
  for (const bool on_check : {false, true}) {
    const std::vector<std::string_view> fields = readable_fields(on_check);
    if (ending.empty()) ending = field_ending_in(name, fields);
    if (ending.empty() && !dotted) ending = field_with_tail_like(name, fields);
  }
  if (!ending.empty()) {
    message.help("did you mean " + ticked(ending) + "?");
  } else if (const std::string meant = meant_by_handle(name); !meant.empty()) {
    message.help(meant);
  } else if (!dotted) {
    message.help("text stands in double quotes: `\"" + std::string(name) + "\"`");
  }
}

Operand Checker::index(const ast::Expr& expr, const ast::IndexExpr& written) {
  if (const FieldRow* row = find_field(written.name.text)) {
    if (!row->keyed()) {
      world_.sink
          .report(Code::key_unexpected,
                  ticked(row->spelling) + " has a single value, not one by name")
          .primary(expr.span)
          .help("write " + ticked(row->spelling));
      return {};
    }
    const auto* key = written.key->get_if<ast::LiteralExpr>();
    const auto* text = key ? std::get_if<ast::TextLiteral>(&key->literal) : nullptr;
    if (!text) {
      world_.sink
          .report(Code::key_needed,
                  "the name in brackets after " + ticked(row->spelling) + " must be a text")
          .primary(written.key->span, "not a text in quotes")
          .help("for example `" + std::string(row->spelling) + "[\"gift\"]`");
      return {};
    }
    return field(expr.span, *row, world_.lasting(text->text, key->span.source));
  }
  if (const auto* table = world_.tables.find(written.name.text))
    return lookup(expr, *table, written);
  auto message = world_.sink.report(
      Code::unknown_name, "there is no table or field by name called " + ticked(written.name.text));
  message.primary(written.name.span, "unknown name");
  std::vector<std::string_view> names = world_.tables.names();
  for (const FieldRow& row : all_fields()) {
    if (row.keyed() && row.subject != Subject::event) names.push_back(row.spelling);
  }
  suggest(message, written.name.text, names);
  return {};
}

Operand Checker::lookup(const ast::Expr& expr, const NameTable::Entry& entry,
                        const ast::IndexExpr& written) {
  Operand key = operand(*written.key);
  if (!key || !single(key, "as the key of a table")) return {};
  const std::uint32_t index = entry.index;
  if (world_.rules.tables[index].rows.empty()) return {};  // a broken table, reported there
  const Type keys = world_.rules.tables[index].rows.front().first.type;
  const bool textual =
      key.type == Type::text || key.type == Type::code || key.type == Type::enumeration;
  if (!(keys == Type::number ? key.type == Type::number : textual)) {
    world_.sink
        .report(Code::type_mismatch, "the keys of " + ticked(written.name.text) + " are " +
                                         (keys == Type::number ? "numbers" : "texts") + " but " +
                                         world_.quoted(key.span) + " is " + kind_of(key))
        .primary(key.span, label_of(key))
        .label(entry.span, "declared here");
    return {};
  }
  std::optional<std::uint32_t> typed = index;
  if (key.type == Type::enumeration || key.lower_case) {
    typed = typed_table(index, key, true);
    if (!typed) return {};
  }
  const TextMode mode = key.type == Type::text && !key.exactly ? TextMode::folded : TextMode::exact;
  if (mode == TextMode::folded) {
    const auto [at, added] = foldable_tables_.try_emplace(index, true);
    if (added) at->second = keys_differ(world_.rules.tables[index], true, key.span);
    if (!at->second) return {};
  }
  Operand operand;
  operand.type = world_.rules.tables[index].value_type;
  operand.flexible = operand.type == Type::text;
  operand.expr = world_.make<LookupExpr>(expr.span, operand.type, *typed, key.expr, mode);
  return operand;
}

std::optional<FieldRead> Checker::field_in_text(std::string_view name,
                                                std::optional<std::string_view> key, Span span,
                                                Reach& reach) {
  reach_ = &reach;
  if (const auto found = event_field(name, span)) {
    if (found->row == nullptr) return std::nullopt;
    return FieldRead{{span, found->row->type, ExprNodes::kind_of<FieldRead>()},
                     found->row->field,
                     world_.lasting(found->member, span.source)};
  }
  const FieldRow* row = find_field(name);
  if (!row) {
    unknown_name(span, name);
    return std::nullopt;
  }
  if (row->keyed() != key.has_value()) {
    world_.sink
        .report(row->keyed() ? Code::key_needed : Code::key_unexpected,
                row->keyed() ? ticked(name) + " is read by name"
                             : ticked(name) + " has a single value, not one by name")
        .primary(span);
    return std::nullopt;
  }
  note_read(*row, span);
  return FieldRead{{span, row->type, ExprNodes::kind_of<FieldRead>()},
                   row->field,
                   world_.lasting(key.value_or(""), span.source)};
}

}  // namespace consign::check
