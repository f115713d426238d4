// The options of the commands about requests for access and about shops.
#include "cli/command_line.hpp"

namespace consign::cli {

AccessCommands::AccessCommands(const AddCommand& add, const Session& session) : session_(session) {
  add_requests(add);
  add_shop(add);
}

void AccessCommands::add_requests(const AddCommand& add) {
  auto* app = add("requests", "file, list, show and decide requests for access",
                  [this] { return run_requests(requests_, session_); });
  choice(app->add_option("what", requests_.what, "what to do")->required(),
         "list|show|file|accept|deny|cancel|invite");
  app->add_option("request", requests_.id, "the request's id")->type_name("ID");
  choice(app->add_option("--kind", requests_.kind, "list, file: of this kind"),
         "staff|collaborator|main|sub_account|supplier|service");
  choice(app->add_option("--state", requests_.state, "list: in this state"),
         "review|invited|suspended|lapsed|accepted|denied|expired|cancelled");
  app->add_option("--account", requests_.account,
                  "list: for this account; file: who is to have it (default: by e-mail)")
      ->type_name("ACCOUNT");
  app->add_option("--email", requests_.email, "file: the requester's address")
      ->type_name("ADDRESS");
  app->add_option("--name", requests_.name, "file: the requester's name")->type_name("NAME");
  app->add_option("--organization", requests_.organization, "file: the requester's organisation")
      ->type_name("NAME");
  app->add_option("--supplier", requests_.supplier, "file: whose assigned lines alone it is to see")
      ->type_name("NAME");
  app->add_option("--shop", requests_.shops, "list, file: a shop; may be given again")
      ->type_name("NAME");
  app->add_option("--permission", requests_.permissions,
                  "file: what is asked for; accept: what is given instead; may be given again")
      ->type_name("PERMISSION");
  app->add_option("--role", requests_.role, "file: the role asked for; accept: given instead")
      ->type_name("ROLE");
  app->add_option("--code", requests_.code, "file: the shop's collaborator code")
      ->type_name("CODE");
  app->add_option("--message", requests_.message, "file: to who decides it")->type_name("TEXT");
  app->add_option("--until", requests_.until, "accept: when it is to end, RFC 3339")
      ->type_name("TIME");
  app->add_option("--reason", requests_.reason, "why; it is kept with the request")
      ->type_name("TEXT");
  add_server(app, requests_.at);
  choice(app->add_option("--format", requests_.format, "how to print them"), "text|json");
}

void AccessCommands::add_shop(const AddCommand& add) {
  auto* app = add("shop", "show a shop's plan, seats and collaborator code, and change them",
                  [this] { return run_shop(shop_, session_); });
  choice(app->add_option("what", shop_.what, "what to do")->required(), "show|plan|code|new-code");
  app->add_option("shop", shop_.shop, "the shop's name in consignd.yaml")
      ->type_name("SHOP")
      ->required();
  app->add_option("plan", shop_.plan, "plan: the plan that it is on now")->type_name("PLAN");
  choice(
      app->add_option("--required", shop_.required, "code: whether collaborators have to give it"),
      "yes|no");
  add_server(app, shop_.at);
  choice(app->add_option("--format", shop_.format, "how to print it"), "text|json");
}

}  // namespace consign::cli
