// What is made from the command line's own description: help, completion, the manual page.
//
// The description is a CLI::App, put together in app.cpp, order_commands.cpp, access_commands.cpp
// and event_commands.cpp. By convention the
// type name of an option says what may stand there: `text|json` (one of these), FILE, DIR, PATH,
// TOPIC (of `consign help`), else a word that completion cannot know.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
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

/// Lets the option take one of the words of `words` ("text|json") only.
CLI::Option* choice(CLI::Option* option, const std::string& words);

/// The options that say which daemon, and who asks.
void add_server(CLI::App* app, ServerArguments& at);

/// Adds a command of that name and description, which runs the function.
using AddCommand = std::function<CLI::App*(std::string, std::string, std::function<Exit()>)>;

/// The commands that look at orders and stock of the running daemon and act on them, with their
/// arguments. Lives as long as the command line.
class OrderCommands {
 public:
  OrderCommands(const AddCommand& add, const Session& session);

 private:
  void add_reads(const AddCommand& add);
  void add_acts(const AddCommand& add);
  CLI::App* add_act(const AddCommand& add, const std::string& verb, const std::string& description);
  void add_reprocess(const AddCommand& add);
  void add_stock(const AddCommand& add);

  const Session& session_;
  OrdersArguments orders_;
  OrderArguments order_;
  ActArguments act_;
  ReprocessArguments reprocess_;
  StockArguments stock_;
};

/// The commands about requests for access and about shops.
class AccessCommands {
 public:
  AccessCommands(const AddCommand& add, const Session& session);

 private:
  void add_requests(const AddCommand& add);
  void add_shop(const AddCommand& add);

  const Session& session_;
  RequestsArguments requests_;
  ShopArguments shop_;
};

/// The commands about events that rules declare, and who is on duty for them, with their arguments.
/// Lives as long as the command line.
class EventCommands {
 public:
  EventCommands(const AddCommand& add, const Session& session);

 private:
  const Session& session_;
  EventsArguments events_;
  DutyArguments duty_;
  GroupsArguments groups_;
};

Exit run_help(const HelpArguments& arguments, const CLI::App& app, const Session& session);
Exit run_completion(const CLI::App& app, const Session& session);
Exit run_manual(const CLI::App& app, const Session& session);

}  // namespace consign::cli
