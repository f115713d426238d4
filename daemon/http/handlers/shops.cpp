// Shops: the plan that they are on, their seats, and the code that collaborators ask with.
#include <boost/json/object.hpp>

#include "consign/schema.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/codes.hpp"
#include "daemon/access/requesting.hpp"
#include "daemon/access/seats.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

const std::string& shop_in(const Request& request) { return request.path.find("shop")->second; }

boost::json::object shop_to_json(const DecidingContext& context, const std::string& shop) {
  const ShopSettings& settings = *context.settings.find_shop(shop);
  boost::json::object out{{"shop", shop}, {"channel", settings.channel}};
  const std::string plan = plan_of(context.db, context.settings, shop);
  if (!plan.empty()) out["plan"] = plan;
  auto& seats = out["seats"].emplace_object();
  for (const AccountPolicy& policy : context.rules.rules().account_policies) {
    if (policy.seats.empty()) continue;
    const Seats taken = seats_of(context, policy.kind, shop);
    boost::json::object told{{"active", taken.people}, {"invited", taken.invited}};
    if (taken.limit) told["limit"] = *taken.limit;
    seats[policy.kind] = std::move(told);
  }
  return out;
}

// Administrators, the shop's owner, and who may `collaborators:settings` in it.
bool may_have_code(const Request& request, const Services& services) {
  if (services.settings.find_shop(shop_in(request)) == nullptr) return false;
  if (request.viewer.is_administrator()) return true;
  if (request.viewer.blocked) return false;
  if (heads_shop(services.access, request.viewer.account, shop_in(request))) return true;
  const auto rules = services.rules.active();
  const Check check{.account = request.viewer.account,
                    .action = {"collaborators", "settings"},
                    .resource = {.kind = "shop", .shop = shop_in(request)}};
  return answer_check(services.access, *rules, services.settings, check, services.now()).allowed();
}

boost::json::object code_to_json(UnitContext& unit, const std::string& shop) {
  const auto code = code_of(unit, shop);
  boost::json::object out{{"shop", shop},
                          {"code", code.code},
                          {"required", code.required},
                          {"made_at", format_timestamp(code.made_at)}};
  if (const auto until = locked_until(unit.db, shop, unit.now)) {
    out["locked_until"] = format_timestamp(*until);
  }
  return out;
}

}  // namespace

Reply get_shop(const Request& request, Services& services) {
  const auto& shop = shop_in(request);
  const auto account = services.access.account(request.viewer.account);
  const bool belongs =
      request.viewer.is_administrator() || (account != nullptr && account->belongs_to(shop));
  if (services.settings.find_shop(shop) == nullptr || !belongs) {
    return problem_response(Problem::not_found, "");
  }
  try {
    const auto rules = services.rules.active();
    return services.readers.read([&](store::Connection& db) {
      Arena arena;
      const DecidingContext context{db, *rules, services.settings, arena, services.now()};
      return json_response(200, shop_to_json(context, shop));
    });
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply put_shop(const Request& request, Services& services) {
  if (services.settings.find_shop(shop_in(request)) == nullptr) {
    return problem_response(Problem::not_found, "");
  }
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const std::string written = reader.text("plan");
  const auto plan = find_word(Domain::plan, written);
  if (!plan && !written.empty()) reader.fault("plan", "there is no plan `" + written + "`");
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply([shop = shop_in(request), plan = std::string(*plan),
                      by = request.viewer.as_actor()](UnitContext& unit) {
    change_plan(unit, shop, plan, by);
    return json_response(200, shop_to_json(unit, shop));
  });
}

Reply get_collaborator_code(const Request& request, Services& services) {
  if (!may_have_code(request, services)) return problem_response(Problem::not_found, "");
  return write_reply([shop = shop_in(request)](UnitContext& unit) {
    return json_response(200, code_to_json(unit, shop));
  });
}

Reply put_collaborator_code(const Request& request, Services& services) {
  if (!may_have_code(request, services)) return problem_response(Problem::not_found, "");
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  if (!reader.has("required")) reader.fault("required", "this is true or false");
  const bool required = reader.flag("required");
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return write_reply(
      [shop = shop_in(request), required, by = request.viewer.as_actor()](UnitContext& unit) {
        require_code(unit, shop, required, by);
        return json_response(200, code_to_json(unit, shop));
      });
}

Reply renew_collaborator_code(const Request& request, Services& services) {
  if (!may_have_code(request, services)) return problem_response(Problem::not_found, "");
  return write_reply([shop = shop_in(request), by = request.viewer.as_actor()](UnitContext& unit) {
    renew_code(unit, shop, by);
    return json_response(200, code_to_json(unit, shop));
  });
}

}  // namespace consign::http
