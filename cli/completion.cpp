// consign completion: a bash script, written from the options of the command line itself.
#include <algorithm>
#include <ostream>

#include "cli/command_line.hpp"

namespace consign::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back('-' + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (auto& name : spellings(*option)) names.push_back(std::move(name));
  }
  return names;
}

/// The shell words that fill COMPREPLY for a value of that type; empty where nothing is known.
std::string reply_for(const std::string& type, const CLI::App& root) {
  if (type == "FILE" || type == "PATH") return "COMPREPLY=($(compgen -f -- \"$cur\"))";
  if (type == "DIR") return "COMPREPLY=($(compgen -d -- \"$cur\"))";
  std::vector<std::string> words;
  if (type == "TOPIC") {
    words = command_names(root);
    for (const auto topic : help_topics()) words.emplace_back(topic);
  } else {
    for (const auto word : choices_of(type)) words.emplace_back(word);
  }
  return words.empty() ? "" : "COMPREPLY=($(compgen -W '" + joined(words) + "' -- \"$cur\"))";
}

/// Case arms for what may follow each option of `app` that takes a value.
void put_values(std::ostream& out, const CLI::App& app, const std::string& command,
                const CLI::App& root) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() || option->get_items_expected_max() == 0) continue;
    const std::string reply = reply_for(option->get_type_name(), root);
    for (const auto& name : spellings(*option)) {
      out << "    " << command << ':' << name << ") " << (reply.empty() ? "" : reply + "; ")
          << "return ;;\n";
    }
  }
}

/// The case arm for one command: its options after a dash, else what its arguments take.
void put_command(std::ostream& out, const CLI::App& command, const CLI::App& root) {
  std::vector<std::string> options = option_names(command);
  for (auto& name : option_names(root)) {
    if (std::find(options.begin(), options.end(), name) == options.end()) options.push_back(name);
  }
  std::string argument;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() && argument.empty())
      argument = reply_for(option->get_type_name(), root);
  }
  out << "    " << command.get_name() << ")\n"
      << "      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '" << joined(options)
      << "' -- \"$cur\"))\n"
      << "      else " << (argument.empty() ? ":" : argument) << "; fi ;;\n";
}

}  // namespace

Exit run_completion(const CLI::App& app, const Session& session) {
  const auto commands = commands_of(app);
  const std::string names = joined(command_names(app));
  std::string pattern = names;
  for (char& c : pattern) {
    if (c == ' ') c = '|';
  }
  std::ostream& out = session.out;
  out << "# bash completion for consign; made by `consign completion bash`\n"
         "_consign() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' word\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in "
      << pattern
      << ") command=$word; break ;; esac\n"
         "  done\n"
         "  case $command:$prev in\n";
  for (const CLI::App* command : commands) put_values(out, *command, command->get_name(), app);
  put_values(out, app, "*", app);
  out << "  esac\n  case $command in\n";
  for (const CLI::App* command : commands) put_command(out, *command, app);
  out << "    *) COMPREPLY=($(compgen -W '" << names << ' ' << joined(option_names(app))
      << "' -- \"$cur\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _consign consign\n";
  return kFine;
}

}  // namespace consign::cli
