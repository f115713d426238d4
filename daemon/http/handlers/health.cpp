// Whether the process lives, and whether it should be sent work.
#include "daemon/http/handlers/handlers.hpp"

namespace consign::http {

Reply get_health(const Request&, Services&) { return json_response(200, {{"status", "ok"}}); }

// Degraded still serves: it runs on a rule set that is not what stands on the disk.
Reply get_readiness(const Request&, Services& services) {
  if (services.draining) return json_response(503, {{"status", "draining"}});
  if (services.writer.is_busy()) return json_response(503, {{"status", "busy"}});
  const bool degraded = services.rules.refused() != nullptr;
  return json_response(
      200, {{"status", degraded ? "degraded" : "ready"}, {"rules", services.rules.active()->hash}});
}

}  // namespace consign::http
