// The options of the commands about events of one's own.
#include "cli/command_line.hpp"

namespace consign::cli {

EventCommands::EventCommands(const AddCommand& add, const Session& session) : session_(session) {
  auto* events = add("events", "list events of the rules' own in the running daemon, or show one",
                     [this] { return run_events(events_, session_); });
  events->add_option("name", events_.name, "the event, as the rules declare it")
      ->type_name("NAME")
      ->required();
  events->add_option("id", events_.id, "only this one, with all that happened to it")
      ->type_name("ID");
  events->add_option("--assigned-to", events_.assigned_to, "only what this account has")
      ->type_name("ACCOUNT");
  choice(events->add_option("--state", events_.state, "only events in this state"),
         "assigned|held|recorded|closed");
  add_server(events, events_.at);
  choice(
      events->add_option("--format", events_.format, "told for people, or as the daemon answered"),
      "text|json");

  auto* duty = add("duty", "put an account of the running daemon on duty, or take it off",
                   [this] { return run_duty(duty_, session_); });
  duty->add_option("account", duty_.account, "its kind and name, as `sub:anna`")
      ->type_name("ACCOUNT")
      ->required();
  choice(duty->add_option("what", duty_.what, "whether it is on duty from now on")->required(),
         "on|off");
  add_server(duty, duty_.at);

  auto* groups = add("groups", "list the groups that events go round in, and who is on duty",
                     [this] { return run_groups(groups_, session_); });
  add_server(groups, groups_.at);
  choice(
      groups->add_option("--format", groups_.format, "told for people, or as the daemon answered"),
      "text|json");
}

}  // namespace consign::cli
