// The tables of the language, made from the .def files: one row each, looked up by id or by
// spelling.

#include <algorithm>
#include <string>
#include <unordered_map>

#include "consign/diagnostic.hpp"
#include "consign/schema.hpp"
#include "consign/text.hpp"
#include "consign/vocabulary.hpp"

namespace consign {

// ---- fields
// --------------------------------------------------------------------------------------

namespace {

constexpr FieldRow kFields[] = {
#define FIELD(id, spelling, subject, type, flags, domain, json, help) \
  {Field::id, spelling, Subject::subject, Type::type, flags, Domain::domain, json, help},
#include "consign/fields.def"
#undef FIELD
};

template <class Row, std::size_t N>
const Row* find_spelling(const Row (&rows)[N], std::string_view spelling) {
  const auto* row = std::find_if(std::begin(rows), std::end(rows),
                                 [&](const Row& each) { return each.spelling == spelling; });
  return row == std::end(rows) ? nullptr : row;
}

}  // namespace

const FieldRow& row_of(Field field) { return kFields[static_cast<std::size_t>(field)]; }
std::span<const FieldRow> all_fields() { return kFields; }
const FieldRow* find_field(std::string_view spelling) {
  static const std::unordered_map<std::string_view, const FieldRow*> rows = [] {
    std::unordered_map<std::string_view, const FieldRow*> by_spelling;
    for (const FieldRow& row : kFields) {
      if (row.subject != Subject::event) by_spelling.emplace(row.spelling, &row);
    }
    return by_spelling;
  }();
  const auto at = rows.find(spelling);
  return at == rows.end() ? nullptr : at->second;
}

std::string_view name_of(Subject subject) {
  switch (subject) {
    case Subject::order:
      return "order";
    case Subject::customer:
      return "customer";
    case Subject::line:
      return "line";
    case Subject::product:
      return "product";
    case Subject::shop:
      return "shop";
    case Subject::request:
      return "request";
    case Subject::check:
      return "check";
    case Subject::account:
      return "account";
    case Subject::event:
      return "event";
    case Subject::any:
      return "any";
  }
  return {};
}

// ---- enumerations
// --------------------------------------------------------------------------------

namespace {

struct WordList {
  std::string_view description;
  std::vector<std::string_view> words;
  std::unordered_map<std::string, std::string_view> by_spelling;  ///< in small letters
};

/// By the domain's number.
const std::vector<WordList>& word_lists() {
  static const std::vector<WordList> lists = [] {
    std::vector<WordList> made(static_cast<std::size_t>(Domain::resource_kind) + 1);
    const auto list_at = [&](Domain domain) -> WordList& {
      return made[static_cast<std::size_t>(domain)];
    };
#define DOMAIN(domain, description_) list_at(Domain::domain).description = description_;
#define WORD(domain, word) list_at(Domain::domain).words.push_back(#word);
#include "consign/enums.def"
#undef DOMAIN
#undef WORD
    for (std::size_t domain = 0; domain < made.size(); ++domain) {
      WordList& list = made[domain];
      for (const std::string_view word : list.words) {
        list.by_spelling.emplace(ascii_lower(word), word);
        if (domain == static_cast<std::size_t>(Domain::weekday))
          list.by_spelling.emplace(ascii_lower(word.substr(0, 3)), word);
      }
    }
    return made;
  }();
  return lists;
}

const WordList& list_of(Domain domain) { return word_lists()[static_cast<std::size_t>(domain)]; }

}  // namespace

std::span<const std::string_view> words_of(Domain domain) { return list_of(domain).words; }
std::string_view describe(Domain domain) { return list_of(domain).description; }

std::optional<std::string_view> find_word(Domain domain, std::string_view word) {
  const std::string_view wanted = trim(word);
  const auto& known = list_of(domain).by_spelling;
  const auto at = known.find(ascii_lower(wanted));
  if (at == known.end()) return std::nullopt;
  return at->second;
}

// ---- operators, functions, actions
// -----------------------------------------------------------------

namespace {

constexpr OperatorRow kOperators[] = {
#define OPERATOR(id, spelling, kind, left, right, help) \
  {Operator::id, spelling, OperatorKind::kind, left, right, help},
#include "consign/operators.def"
#undef OPERATOR
};

constexpr FunctionRow kFunctions[] = {
#define FUNCTION(id, spelling, parameters, result, domain, help) \
  {Function::id, spelling, parameters, Type::result, Domain::domain, help},
#include "consign/functions.def"
#undef FUNCTION
};

constexpr ActionRow kActions[] = {
#define ACTION(id, spelling, form, help) {ActionKind::id, spelling, form, help},
#include "consign/actions.def"
#undef ACTION
};

}  // namespace

const OperatorRow& row_of(Operator op) { return kOperators[static_cast<std::size_t>(op)]; }
std::span<const OperatorRow> all_operators() { return kOperators; }
const OperatorRow* find_operator(std::string_view spelling) {
  return find_spelling(kOperators, spelling);
}

const FunctionRow& row_of(Function function) {
  return kFunctions[static_cast<std::size_t>(function)];
}
std::span<const FunctionRow> all_functions() { return kFunctions; }
const FunctionRow* find_function(std::string_view spelling) {
  return find_spelling(kFunctions, spelling);
}

const ActionRow& row_of(ActionKind action) { return kActions[static_cast<std::size_t>(action)]; }
std::span<const ActionRow> all_actions() { return kActions; }

// ---- messages
// ------------------------------------------------------------------------------------

const std::vector<CodeRow>& all_codes() {
  static const std::vector<CodeRow> rows = {
#define DIAGNOSTIC(name, code, severity, meaning, help) \
  {Code::name, code, Severity::severity, meaning, help},
#include "consign/diagnostics.def"
#undef DIAGNOSTIC
  };
  return rows;
}

const CodeRow& row_of(Code code) { return all_codes()[static_cast<std::size_t>(code)]; }

}  // namespace consign
