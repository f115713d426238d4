// What is made from the command line's own description: help, completion, the manual page.
//
// The description is a CLI::App, put together in app.cpp. By convention the type name of an option
// says what may stand there: `text|json` (one of these), FILE, DIR, PATH, TOPIC (of `consign
// help`), else a word that completion cannot know.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace consign::cli {

/// The commands that users see, in the order of the description.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

/// The words of a type name like `text|json`; none for another one.
std::vector<std::string_view> choices_of(std::string_view type_name);

/// The topics of `consign help`.
std::vector<std::string_view> help_topics();

Exit run_help(const HelpArguments& arguments, const CLI::App& app, const Session& session);
Exit run_completion(const CLI::App& app, const Session& session);
Exit run_manual(const CLI::App& app, const Session& session);

}  // namespace consign::cli
