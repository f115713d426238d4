#include "daemon/http/order_intake.hpp"

#include <memory>

#include "daemon/http/kept_answers.hpp"
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
    const std::string body = key ? once->canonical() : std::string();
    return answer_once(unit, key, body,
                       [&] { return answer_to(take_order(unit, std::move(*once))); });
  });
}

}  // namespace consign::http
