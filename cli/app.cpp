// The command line of `consign`: every command with its options; those about orders stand in
// order_commands.cpp. Help, completion and the manual page are made from what stands here.
#include "cli/app.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <ostream>
#include <utility>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "consign/diagnostic.hpp"
#include "consign/permission.hpp"

namespace consign::cli {
namespace {

constexpr const char* kDescription =
    "checks, lists, tries out and formats consign's rules, and asks a running "
    "consignd for its reasons and who may do what";

constexpr const char* kFooter =
    "Exit status: 0 in order; 1 it ran and found something wrong; 2 it could not run.\n"
    "Environment: NO_COLOR and TERM=dumb switch colour off; CONSIGN_TOKEN is the token for "
    "commands that ask a running consignd.\n"
    "More: `consign help fields`, `operators`, `functions`, `actions`, `permissions`, `messages`, "
    "or any one "
    "name of these.";

/// The parsed command line: arguments of every command, and which function runs it.
class CommandLine {
 public:
  explicit CommandLine(Session& session);
  int run(std::vector<std::string> arguments);

 private:
  CLI::App* add(std::string name, std::string description, std::function<Exit()> command);
  void add_check();
  void add_list();
  void add_decide();
  void add_fmt();
  void add_explain();
  void add_token();
  void add_accounts();
  void add_who_may();
  void add_may();
  void add_menu();
  void add_activity();
  void add_wallet_password();
  void add_grants();
  void add_export();
  void add_deliveries();
  void add_endpoints();
  void add_import();
  void add_permissions();
  void add_help();
  void add_generators();
  int refuse(const CLI::ParseError& problem);
  int refuse_stray(const std::string& word, const CLI::App* command);
  const CLI::App* chosen() const;

  Session& session_;
  CLI::App app_{kDescription, "consign"};
  std::vector<std::pair<const CLI::App*, std::function<Exit()>>> commands_;
  std::string color_ = "auto";
  CheckArguments check_;
  ListArguments list_;
  DecideArguments decide_;
  FmtArguments fmt_;
  ExplainArguments explain_;
  TokenArguments token_;
  AccountsArguments accounts_;
  WhoMayArguments who_may_;
  MayArguments may_;
  MenuArguments menu_;
  ActivityArguments activity_;
  WalletPasswordArguments wallet_password_;
  GrantsArguments grants_;
  ExportArguments export_;
  DeliveriesArguments deliveries_;
  EndpointsArguments endpoints_;
  ImportArguments import_;
  std::optional<OrderCommands> orders_;
  std::optional<AccessCommands> access_;
  std::optional<EventCommands> events_;
  PermissionsArguments permissions_;
  HelpArguments help_;
  std::string shell_;
};

CommandLine::CommandLine(Session& session) : session_(session) {
  app_.set_version_flag("--version", "consign " CONSIGN_VERSION, "print the version");
  app_.set_help_flag("-h,--help", "print this help");
  choice(app_.add_option("--color", color_, "colour in messages and tables"), "auto|always|never");
  app_.require_subcommand(0, 1);  // none at all is told by ourselves, with a suggestion
  app_.fallthrough();             // --color may stand behind the command, too
  app_.get_formatter()->column_width(28);
  app_.footer(kFooter);
  add_check();
  add_list();
  add_decide();
  add_fmt();
  add_explain();
  add_token();
  add_accounts();
  add_who_may();
  add_may();
  add_menu();
  add_activity();
  add_wallet_password();
  add_grants();
  add_export();
  add_deliveries();
  add_endpoints();
  add_import();
  const AddCommand adding = [this](auto... about) { return add(std::move(about)...); };
  orders_.emplace(adding, session_);
  access_.emplace(adding, session_);
  events_.emplace(adding, session_);
  add_permissions();
  add_help();
  add_generators();
}

CLI::App* CommandLine::add(std::string name, std::string description,
                           std::function<Exit()> command) {
  CLI::App* added = app_.add_subcommand(std::move(name), std::move(description));
  added->footer("");
  commands_.emplace_back(added, std::move(command));
  return added;
}

void CommandLine::add_check() {
  auto* app = add("check", "check a rule set: messages, as a compiler gives them",
                  [this] { return run_check(check_, session_); });
  app->add_option("path", check_.path, "folder of rule files, or one file")
      ->type_name("PATH")
      ->required();
  choice(app->add_option("--format", check_.format, "how to print what was found"), "text|json");
  app->add_flag("--deny-warnings", check_.deny_warnings, "exit 1 also for warnings");
  app->add_flag("--cost", check_.cost,
                "say what the rules compile to, and which of them are looked at for every order");
  app->add_option("--max-messages", check_.max_messages,
                  "print at most so many as text (default 50; 0: all)")
      ->type_name("N");
}

void CommandLine::add_list() {
  auto* app = add("list", "list the rules in the order in which they run",
                  [this] { return run_list(list_, session_); });
  app->add_option("path", list_.path, "folder of rule files, or one file")
      ->type_name("PATH")
      ->required();
  choice(app->add_option("--format", list_.format, "how to print them"), "text|json");
}

void CommandLine::add_decide() {
  auto* app = add("decide", "decide an order offline, as the daemon would",
                  [this] { return run_decide(decide_, session_); });
  app->add_option("event", decide_.event, "the order as JSON, or one a line; `-`: standard input")
      ->type_name("FILE")
      ->required();
  app->add_option("--rules", decide_.rules, "folder of rule files, or one file")
      ->type_name("PATH")
      ->required();
  app->add_option(
         "--facts", decide_.facts,
         "products, shops, customers, accounts and grants as JSON; without it products are unknown")
      ->type_name("FILE");
  app->add_option("--now", decide_.now, "the time of deciding, RFC 3339 (default: the clock)")
      ->type_name("TIME");
  app->add_option(
         "--kind", decide_.kind,
         "what the event is (default order); also an event that the rules declare, by name")
      ->type_name("order|shopify-order|request|check");
  app->add_option("--shop", decide_.shop, "the shop that a Shopify order is from")
      ->type_name("NAME");
  app->add_flag("--why", decide_.why,
                "add every rule that was considered, and why it did what it did");
}

void CommandLine::add_fmt() {
  auto* app = add("fmt", "bring rule files into the one way of writing, comments kept",
                  [this] { return run_fmt(fmt_, session_); });
  app->add_option("paths", fmt_.paths, "folders or files; `-`: standard input to standard output")
      ->type_name("PATH")
      ->required();
  app->add_flag("--check", fmt_.check, "change nothing; list what would change and exit 1");
  app->add_option("--stdin-name", fmt_.stdin_name,
                  "name for standard input; its ending says the spelling")
      ->type_name("NAME");
}

void CommandLine::add_explain() {
  auto* app = add("explain", "ask the running daemon why it decided about an order as it did",
                  [this] { return run_explain(explain_, session_); });
  app->add_option("shop", explain_.shop, "the shop's name in consignd.yaml")
      ->type_name("SHOP")
      ->required();
  app->add_option("order", explain_.order, "the shop's own id of the order")
      ->type_name("ORDER")
      ->required();
  add_server(app, explain_.at);
  choice(app->add_option("--format", explain_.format, "told for people, or as the daemon answered"),
         "text|json");
}

void CommandLine::add_token() {
  auto* app = add("token", "make, list and revoke API tokens of the running daemon",
                  [this] { return run_token(token_, session_); });
  choice(app->add_option("what", token_.what, "what to do")->required(), "create|list|revoke");
  app->add_option("token", token_.id, "the id of the token to revoke")->type_name("ID");
  app->add_option("--account", token_.account, "whose: `administrator`, `supplier:acme`, …")
      ->type_name("ACCOUNT");
  app->add_option("--label", token_.label, "what it is for")->type_name("TEXT");
  app->add_option("--permission", token_.permissions,
                  "limits it to this permission; may be given again")
      ->type_name("PERMISSION")
      ->allow_extra_args(false);
  app->add_option("--shop", token_.shops, "limits it to this shop; may be given again")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app->add_option("--days", token_.days, "for how long it is good (default: for ever)")
      ->type_name("N");
  add_server(app, token_.at);
  choice(app->add_option("--format", token_.format, "how to print a list"), "text|json");
}

void CommandLine::add_accounts() {
  auto* app = add("accounts", "list and show accounts of the running daemon, make and change them",
                  [this] { return run_accounts(accounts_, session_); });
  choice(app->add_option("what", accounts_.what, "what to do")->required(),
         "list|show|set|remove|suspend|resume");
  app->add_option("account", accounts_.account, "its kind and name, as `staff:anna`")
      ->type_name("ACCOUNT");
  app->add_option("--kind", accounts_.kind, "list: of this kind, as `staff`")->type_name("KIND");
  app->add_option("--shop", accounts_.shops,
                  "list: that belong to this shop; set: it belongs to this shop only, may be given "
                  "again")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app->add_flag("--all-shops", accounts_.all_shops, "set: it is not limited to some shops");
  app->add_option("--name", accounts_.name, "set: what it is called")->type_name("TEXT");
  app->add_option("--email", accounts_.email, "set: where it is written to")->type_name("ADDRESS");
  app->add_option("--role", accounts_.roles, "set: its roles; may be given again")
      ->type_name("NAME")
      ->allow_extra_args(false);
  choice(app->add_option("--mfa", accounts_.mfa, "set: whether it has a second factor"), "yes|no");
  add_server(app, accounts_.at);
  choice(app->add_option("--format", accounts_.format, "how to print them"), "text|json");
}

void CommandLine::add_who_may() {
  auto* app = add("who-may", "ask the running daemon who may do something",
                  [this] { return run_who_may(who_may_, session_); });
  app->add_option("permission", who_may_.permission, "a single one, as `orders:refund`")
      ->type_name("PERMISSION")
      ->required();
  app->add_option("shop", who_may_.shop, "in this shop")->type_name("SHOP")->required();
  app->add_option("--order", who_may_.order, "to this order, instead of all of the shop")
      ->type_name("ORDER");
  app->add_option("--line", who_may_.line, "to this line of the order")->type_name("LINE");
  add_server(app, who_may_.at);
  choice(app->add_option("--format", who_may_.format, "how to print them"), "text|json");
}

void CommandLine::add_may() {
  auto* app = add("may", "ask the running daemon what an account may do",
                  [this] { return run_may(may_, session_); });
  app->add_option("account", may_.account, "its kind and name, as `supplier:acme`")
      ->type_name("ACCOUNT")
      ->required();
  app->add_option("--shop", may_.shop, "in this shop only")->type_name("NAME");
  add_server(app, may_.at);
  choice(app->add_option("--format", may_.format, "how to print it"), "text|json");
}

void CommandLine::add_menu() {
  auto* app = add("menu", "show what an account may do, by area, in the running daemon",
                  [this] { return run_menu(menu_, session_); });
  app->add_option("account", menu_.account, "its kind and name, as `sub:mei`")
      ->type_name("ACCOUNT")
      ->required();
  add_server(app, menu_.at);
  choice(app->add_option("--format", menu_.format, "how to print it"), "text|json");
}

void CommandLine::add_activity() {
  auto* app = add("activity", "list what persons and accounts did, the newest first",
                  [this] { return run_activity(activity_, session_); });
  app->add_option("--by", activity_.by, "who did it, as `staff:anna`")->type_name("ACCOUNT");
  app->add_option("--about", activity_.about,
                  "to what: `account staff:anna`, `grant ID`, `token ID`, `order SHOP/ORDER`")
      ->type_name("SUBJECT");
  app->add_option("--shop", activity_.shop, "in this shop only")->type_name("NAME");
  app->add_option("--since", activity_.since, "from this time on")->type_name("TIME");
  app->add_option("--until", activity_.until, "before this time")->type_name("TIME");
  add_server(app, activity_.at);
  choice(app->add_option("--format", activity_.format, "how to print it"), "text|json");
}

void CommandLine::add_wallet_password() {
  auto* app = add("wallet-password", "change the wallet password of all shops of an account",
                  [this] { return run_wallet_password(wallet_password_, session_); });
  app->add_option("account", wallet_password_.account, "whose token you come with")
      ->type_name("ACCOUNT")
      ->required();
  app->add_option("--sealed", wallet_password_.sealed_file,
                  "the new password as sealed for each shop's connector: JSON, SHOP to text")
      ->type_name("FILE")
      ->required();
  app->add_option("--passwords-file", wallet_password_.passwords_file,
                  "the passwords as JSON (wallet, shops), `-` for standard input, instead of being "
                  "asked for them")
      ->type_name("FILE");
  add_server(app, wallet_password_.at);
}

void CommandLine::add_grants() {
  auto* app = add("grants", "list, show and review grants of the running daemon, and cut them down",
                  [this] { return run_grants(grants_, session_); });
  choice(app->add_option("what", grants_.what, "what to do")->required(),
         "list|show|review|revoke|suspend|resume|adjust");
  app->add_option("grant", grants_.id, "the grant's id")->type_name("ID");
  app->add_option("--account", grants_.account, "list: to this account")->type_name("ACCOUNT");
  app->add_option("--shop", grants_.shop, "list: in this shop")->type_name("NAME");
  choice(app->add_option("--state", grants_.state, "list: in this state"),
         "active|suspended|expired|revoked|ended");
  app->add_option("--permission", grants_.permissions,
                  "list: that hold it; adjust: what is to be left, may be given again")
      ->type_name("PERMISSION")
      ->allow_extra_args(false);
  app->add_option("--until", grants_.until, "adjust: when it is to end, RFC 3339")
      ->type_name("TIME");
  app->add_option("--reason", grants_.reason, "why; it is kept in the grant's history")
      ->type_name("TEXT");
  app->add_option("--unused-days", grants_.unused_days, "review: unused for so long (default 90)")
      ->type_name("N");
  app->add_option("--old-days", grants_.old_days, "review: made so long ago (default 365)")
      ->type_name("N");
  add_server(app, grants_.at);
  choice(app->add_option("--format", grants_.format, "how to print them"), "text|json");
}

void CommandLine::add_export() {
  auto* app = add("export", "write the running daemon's orders as CSV",
                  [this] { return run_export(export_, session_); });
  app->add_option("--shop", export_.shop, "only orders of this shop")->type_name("SHOP");
  app->add_option("--state", export_.state, "only orders in this state")->type_name("STATE");
  app->add_option("--tag", export_.tag, "only orders with this tag")->type_name("TAG");
  app->add_option("--supplier", export_.supplier, "only parts of this supplier")->type_name("NAME");
  choice(app->add_option("--outcome", export_.outcome, "only parts with this outcome"),
         "assigned|held|waiting|not_shippable|error");
  choice(app->add_option("--part-state", export_.part_state, "only parts that are so far"),
         "assigned|sent|accepted|shipped|delivered|held|waiting|not_shippable|cancelled|error");
  app->add_option("--from", export_.from, "only orders that came on this day (UTC) or later")
      ->type_name("DAY");
  app->add_option("--until", export_.until, "only orders that came on this day (UTC) or earlier")
      ->type_name("DAY");
  app->add_option("--columns", export_.columns,
                  "names of columns with commas between; without: ShipStation's")
      ->type_name("NAMES");
  add_server(app, export_.at);
}

void CommandLine::add_deliveries() {
  auto* app = add("deliveries", "list, show and send again what the running daemon tells endpoints",
                  [this] { return run_deliveries(deliveries_, session_); });
  choice(app->add_option("what", deliveries_.what, "what to do (default list)"),
         "list|show|resend");
  app->add_option("delivery", deliveries_.ids, "ids of deliveries to show or to send again")
      ->type_name("ID");
  app->add_option("--endpoint", deliveries_.endpoint, "list: to this endpoint")->type_name("NAME");
  choice(app->add_option("--state", deliveries_.state, "list: in this state"),
         "queued|delivered|failed");
  app->add_option("--order", deliveries_.order, "list: about this order, as nordic/1001")
      ->type_name("SHOP/ID");
  add_server(app, deliveries_.at);
  choice(app->add_option("--format", deliveries_.format, "how to print them"), "text|json");
}

void CommandLine::add_endpoints() {
  auto* app = add("endpoints", "list the running daemon's endpoints, and enable a disabled one",
                  [this] { return run_endpoints(endpoints_, session_); });
  choice(app->add_option("what", endpoints_.what, "what to do (default list)"), "list|enable");
  app->add_option("endpoint", endpoints_.name, "the name of the endpoint to enable")
      ->type_name("NAME");
  add_server(app, endpoints_.at);
  choice(app->add_option("--format", endpoints_.format, "how to print them"), "text|json");
}

void CommandLine::add_import() {
  auto* app = add("import", "send a file of CSV to the running daemon",
                  [this] { return run_import(import_, session_); });
  choice(app->add_option("what", import_.what, "what the file holds")->required(),
         "orders|tracking|stock");
  app->add_option("file", import_.file, "CSV with headings; `-`: standard input")
      ->type_name("FILE")
      ->required();
  app->add_option("--shop", import_.shop, "orders, tracking: the shop of rows that name none")
      ->type_name("SHOP");
  app->add_option("--supplier", import_.supplier, "stock: whose it is")->type_name("NAME");
  app->add_option("--currency", import_.currency,
                  "orders: the currency of rows that name none, as EUR")
      ->type_name("CODE");
  app->add_option("--timezone", import_.timezone,
                  "orders, tracking: of times without a zone (default UTC)")
      ->type_name("ZONE");
  app->add_flag("--dry-run", import_.dry_run,
                "say what would become of the file, and store nothing");
  add_server(app, import_.at);
  choice(app->add_option("--format", import_.format, "told for people, or as the daemon answered"),
         "text|json");
}

void CommandLine::add_permissions() {
  auto* app = add("permissions", "list permissions with what other systems call them, both ways",
                  [this] { return run_permissions(permissions_, session_); });
  app->add_option("names", permissions_.names,
                  "permissions, as `orders:view`; or what a system calls them, as "
                  "`fulfill_and_ship_orders` or `shipstation/Order Management`")
      ->type_name("NAME");
  std::string systems;
  for (const SystemRow& system : all_systems()) {
    systems += (systems.empty() ? "" : "|") + std::string(system.name);
  }
  choice(app->add_option("--system", permissions_.system, "only what this one calls them"),
         systems);
  choice(app->add_option("--format", permissions_.format, "how to print them"), "text|markdown");
}

void CommandLine::add_help() {
  auto* app = add("help", "explain a command, or print what the language knows",
                  [this] { return run_help(help_, app_, session_); });
  app->add_option("topic", help_.topic,
                  "a command; fields, operators, functions, actions, permissions, messages; or one "
                  "name of these")
      ->type_name("TOPIC");
  choice(app->add_option("--format", help_.format, "how to print tables"), "text|markdown");
}

void CommandLine::add_generators() {
  auto* completion =
      add("completion", "print a script that completes consign's arguments in a shell",
          [this] { return run_completion(app_, session_); });
  choice(completion->add_option("shell", shell_, "the shell")->required(), "bash");
  add("manual", "print the manual page", [this] { return run_manual(app_, session_); })->group("");
}

const CLI::App* CommandLine::chosen() const {
  for (const auto& [app, command] : commands_) {
    if (app->parsed()) return app;
  }
  return nullptr;
}

int CommandLine::refuse(const CLI::ParseError& problem) {
  if (problem.get_exit_code() == 0) return app_.exit(problem, session_.out, session_.err);
  const CLI::App* command = chosen();
  const std::string help =
      command == nullptr ? "consign --help" : "consign help " + command->get_name();
  return session_.could_not_run(std::string(problem.what()) + "; see `" + help + '`');
}

int CommandLine::refuse_stray(const std::string& word, const CLI::App* command) {
  if (command != nullptr || word.starts_with('-')) {
    const std::string name = command == nullptr ? "" : " " + command->get_name();
    return session_.could_not_run("`consign" + name + "` takes no `" + word + '`');
  }
  std::vector<std::string_view> names;
  for (const CLI::App* known : commands_of(app_)) names.push_back(known->get_name());
  const auto near = nearest_name(word, names);
  return session_.could_not_run("there is no command `" + word + '`' +
                                (near.empty() ? std::string("; see `consign --help`")
                                              : "; did you mean `" + std::string(near) + "`?"));
}

int CommandLine::run(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  std::string stray;
  try {
    app_.allow_extras();
    app_.parse(std::move(arguments));
    const auto left = app_.remaining(true);
    if (!left.empty()) stray = left.front();
  } catch (const CLI::ParseError& problem) {
    return refuse(problem);
  }
  if (color_ != "auto") {
    session_.color = color_ == "always" ? ColorChoice::always : ColorChoice::never;
  }
  const CLI::App* command = chosen();
  if (!stray.empty()) return refuse_stray(stray, command);
  for (const auto& [app, function] : commands_) {
    if (app == command) return function();
  }
  session_.err << app_.help();
  return kCouldNotRun;
}

}  // namespace

CLI::Option* choice(CLI::Option* option, const std::string& words) {
  return option->type_name(words)->check([words](const std::string& given) -> std::string {
    const auto choices = choices_of(words);
    if (std::find(choices.begin(), choices.end(), given) != choices.end()) return "";
    return '`' + given + "` is none of " + words;
  });
}

void add_server(CLI::App* app, ServerArguments& at) {
  app->add_option("--server", at.server, "where consignd listens (default http://127.0.0.1:7878)")
      ->type_name("URL");
  app->add_option("--socket", at.socket,
                  "its Unix socket, instead of --server; root and its own user need no token there")
      ->type_name("FILE");
  app->add_option("--token-file", at.token_file, "file with the token, instead of CONSIGN_TOKEN")
      ->type_name("FILE");
  app->add_option("--ca", at.ca,
                  "certificates of whom to trust at an https address, instead of the system's")
      ->type_name("FILE");
  auto* certificate = app->add_option("--client-cert", at.client_cert,
                                      "certificate that proves who asks at an https address")
                          ->type_name("FILE");
  app->add_option("--client-key", at.client_key, "its key, unless that stands in the same file")
      ->type_name("FILE")
      ->needs(certificate);
}

std::vector<std::string_view> choices_of(std::string_view type_name) {
  std::vector<std::string_view> choices;
  if (type_name.empty() || std::isupper(static_cast<unsigned char>(type_name.front())))
    return choices;
  while (!type_name.empty()) {
    const auto bar = std::min(type_name.find('|'), type_name.size());
    choices.push_back(type_name.substr(0, bar));
    type_name.remove_prefix(std::min(bar + 1, type_name.size()));
  }
  return choices;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

int run(std::vector<std::string> arguments, Session& session) {
  const int exit = CommandLine(session).run(std::move(arguments));
  session.out.flush();
  if (!session.out) return session.could_not_run("could not write everything to standard output");
  return exit;
}

}  // namespace consign::cli
