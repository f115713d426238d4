// The rule set in force.
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {

Reply get_rules(const Request&, Services& services) {
  return json_response(200, rules_status(services.rules));
}

Reply reload_rules(const Request&, Services& services) {
  return SlowReply{[&services] {
    if (services.reload()) return json_response(200, rules_status(services.rules));
    auto response = problem_response(Problem::rules_refused, "");
    if (const auto refused = services.rules.refused()) {
      auto document = problem_document(Problem::rules_refused, "");
      document["hash"] = refused->hash;
      document["messages"] = refused->messages;
      response.body = json_response(0, document).body;
    }
    return response;
  }};
}

}  // namespace consign::http
