#include "daemon/http/order_intake.hpp"

#include <memory>

#include "consign/hash.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/orders/taking.hpp"

namespace consign::http {
namespace {

Response answer_to(const TakenOrder& taken) {
  switch (taken.how) {
    case Taking::decided:
      return {.status = 201, .body = taken.answer};
    case Taking::known:
    case Taking::stale:
      return {.status = 200, .body = taken.answer};
    case Taking::conflict:
      break;
  }
  return problem_response(Problem::revision_conflict,
                          "the order has this revision already, with another body");
}

// Takes the order, or gives the answer that the key was given before.
Response take_under_key(UnitContext& unit, OrderDocument order,
                        const std::optional<store::IdempotencyKey>& key) {
  if (!key) return answer_to(take_order(unit, std::move(order)));
  const auto digest = sha256(order.canonical());
  const std::string fingerprint(digest.begin(), digest.end());
  if (const auto kept = store::find_answer(unit.db, *key, unit.now)) {
    if (kept->fingerprint == fingerprint) return {.status = 200, .body = kept->response};
    return problem_response(Problem::idempotency_key_reused,
                            "the key was used with another body in the last seven days");
  }
  auto response = answer_to(take_order(unit, std::move(order)));
  if (response.status < 300) {
    store::keep_answer(unit.db, *key, {fingerprint, response.status, response.body}, unit.now);
  }
  return response;
}

}  // namespace

std::optional<Response> refuse_shop(const std::string& shop, const Request& request,
                                    const Services& services) {
  if (services.settings.find_shop(shop) != nullptr && request.viewer.sees_shop(shop)) {
    return std::nullopt;
  }
  return problem_response(Problem::not_found, "no shop `" + shop + "` is configured");
}

std::variant<Response, Write> intake(OrderDocument order, const Request& request,
                                     const Services& services,
                                     std::optional<store::IdempotencyKey> key) {
  if (auto refused = refuse_shop(order.shop, request, services)) return std::move(*refused);
  // The document is used up by the one time that the write runs.
  auto once = std::make_shared<OrderDocument>(std::move(order));
  return Write([once, key = std::move(key)](UnitContext& unit) {
    return take_under_key(unit, std::move(*once), key);
  });
}

}  // namespace consign::http
