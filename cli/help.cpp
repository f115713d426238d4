// consign help: the language's tables, printed from the rows that the checker itself works with.
#include <algorithm>
#include <functional>
#include <ostream>

#include "cli/command_line.hpp"
#include "cli/table.hpp"
#include "consign/diagnostic.hpp"
#include "consign/permission.hpp"
#include "consign/schema.hpp"
#include "consign/vocabulary.hpp"

namespace consign::cli {
namespace {

std::string type_told(const FieldRow& row) {
  std::string type(name_of(row.type));
  if (row.domain != Domain::none) type += ": " + std::string(describe(row.domain));
  return type;
}

std::string presence_told(const FieldRow& row) {
  std::string told = row.many() ? "any number" : row.optional() ? "may be missing" : "always";
  if (row.keyed()) told += ", by name";
  if (row.fact()) told += ", fact";
  return told;
}

std::string spelling_told(const FieldRow& row) {
  return std::string(row.spelling) + (row.keyed() ? "[\"…\"]" : "");
}

Table fields() {
  Table table{{{"field", true}, {"type"}, {"there"}, {"meaning"}}, {}};
  for (const FieldRow& row : all_fields()) {
    if (row.subject == Subject::event) continue;  // read by names that rule sets declare
    table.rows.push_back(
        {spelling_told(row), type_told(row), presence_told(row), std::string(row.help)});
  }
  return table;
}

Table operators() {
  Table table{{{"operator", true}, {"left"}, {"right"}, {"meaning"}}, {}};
  for (const OperatorRow& row : all_operators()) {
    table.rows.push_back({std::string(row.spelling), std::string(row.left), std::string(row.right),
                          std::string(row.help)});
  }
  return table;
}

Table functions() {
  Table table{{{"function", true}, {"gives"}, {"meaning"}}, {}};
  for (const FunctionRow& row : all_functions()) {
    table.rows.push_back({std::string(row.spelling) + std::string(row.parameters),
                          std::string(describe(row.result)), std::string(row.help)});
  }
  return table;
}

Table actions() {
  Table table{{{"action", true}, {"form", true}, {"meaning"}}, {}};
  for (const ActionRow& row : all_actions()) {
    table.rows.push_back({std::string(row.spelling), std::string(row.form), std::string(row.help)});
  }
  return table;
}

Table permissions() {
  Table table{{{"permission", true}, {"Shopify's name", true}, {"meaning"}}, {}};
  for (const PermissionRow& row : all_permissions()) {
    const auto handles = handles_of("shopify", row.permission());
    table.rows.push_back({row.permission().to_string(), handles.empty() ? "" : handles.front(),
                          std::string(row.help)});
  }
  return table;
}

Table messages() {
  Table table{{{"code", true}, {"severity"}, {"meaning"}}, {}};
  for (const CodeRow& row : all_codes()) {
    table.rows.push_back({std::string(row.id),
                          row.severity == Severity::error ? "error" : "warning",
                          std::string(row.meaning)});
  }
  return table;
}

struct Topic {
  std::string_view name;
  Table (*table)();
};
constexpr Topic kTopics[] = {
    {"fields", fields},   {"operators", operators},     {"functions", functions},
    {"actions", actions}, {"permissions", permissions}, {"messages", messages},
};

void print(const Table& table, const HelpArguments& arguments, const Session& session) {
  session.out << (arguments.format == "markdown"
                      ? as_markdown(table)
                      : as_text(table, session.width, session.color_on_out()));
}

/// Whether a row's first cell, without what follows a bracket, is that word.
bool names(const std::string& cell, std::string_view word) {
  return cell == word || std::string_view(cell).substr(0, cell.find_first_of("[(")) == word;
}

/// The words that a field of that name takes, where they are a list.
std::string words_told(std::string_view name) {
  const FieldRow* row = find_field(name);
  if (row == nullptr || row->domain == Domain::none) return "";
  std::string told = "\none of:";
  for (const auto word : words_of(row->domain)) told += ' ' + std::string(word);
  return told + '\n';
}

/// Prints the rows of all tables that are called `name`; false if there is none.
bool print_rows(const HelpArguments& arguments, const Session& session) {
  bool found = false;
  for (const Topic& topic : kTopics) {
    Table table = topic.table();
    std::erase_if(table.rows, [&](const auto& row) { return !names(row[0], arguments.topic); });
    if (table.rows.empty()) continue;
    found = true;
    print(table, arguments, session);
  }
  if (found) session.out << words_told(arguments.topic);
  return found;
}

/// Everything that `consign help` knows, for a suggestion.
std::vector<std::string> all_names(const CLI::App& app) {
  std::vector<std::string> all;
  for (const CLI::App* command : commands_of(app)) all.push_back(command->get_name());
  for (const Topic& topic : kTopics) {
    all.emplace_back(topic.name);
    for (const auto& row : topic.table().rows)
      all.push_back(row[0].substr(0, row[0].find_first_of("[(")));
  }
  return all;
}

}  // namespace

std::vector<std::string_view> help_topics() {
  std::vector<std::string_view> topics;
  for (const Topic& topic : kTopics) topics.push_back(topic.name);
  return topics;
}

Exit run_help(const HelpArguments& arguments, const CLI::App& app, const Session& session) {
  if (arguments.topic.empty()) {
    session.out << app.help();
    return kFine;
  }
  // First: `permissions` is a command, too.
  for (const Topic& topic : kTopics) {
    if (topic.name != arguments.topic) continue;
    print(topic.table(), arguments, session);
    return kFine;
  }
  for (const CLI::App* command : commands_of(app)) {
    if (command->get_name() != arguments.topic) continue;
    session.out << command->help("consign");
    return kFine;
  }
  if (print_rows(arguments, session)) return kFine;
  const auto all = all_names(app);
  const auto near = nearest_name(arguments.topic, {all.begin(), all.end()});
  return session.could_not_run("there is no help on `" + arguments.topic + '`' +
                               (near.empty() ? std::string("; see `consign help`")
                                             : "; did you mean `" + std::string(near) + "`?"));
}

}  // namespace consign::cli
