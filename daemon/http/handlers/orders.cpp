// Orders coming in, one or many.
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/kept_answers.hpp"
#include "daemon/http/ndjson.hpp"
#include "daemon/http/order_intake.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

constexpr std::string_view kRoute = "POST /v1/orders";

// One order's bytes to the write that takes it, or to the problem that they are.
std::variant<Response, Write> prepare(std::string_view bytes, const Request& request,
                                      const Services& services,
                                      std::optional<store::IdempotencyKey> key) {
  auto document = parse_json(bytes);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  auto order = read_order(std::move(document.value()));
  if (!order) return problem_response(Problem::invalid_document, "", order.error());
  return intake(std::move(order.value()), request, services, std::move(key));
}

}  // namespace

Reply post_order(const Request& request, Services& services) {
  auto key = idempotency_key(request, kRoute);
  if (!key) return key.error();
  auto prepared = prepare(request.body, request, services, std::move(key.value()));
  if (auto* response = std::get_if<Response>(&prepared)) return std::move(*response);
  return write_reply(std::get<Write>(std::move(prepared)));
}

Reply post_orders(const Request& request, Services& services) {
  const auto key = idempotency_key(request, kRoute);
  if (!key) return key.error();
  WriteReply reply;
  for (const auto line : lines_of(request.body)) {
    auto line_key = *key;
    if (line_key) line_key->key += "/" + std::to_string(reply.items.size());
    reply.items.push_back(prepare(line, request, services, std::move(line_key)));
  }
  if (reply.items.empty()) {
    return problem_response(Problem::malformed_request, "the body holds no line with an order");
  }
  reply.combine = [](const std::vector<Response>& responses) {
    return as_lines(responses, "decision");
  };
  return reply;
}

}  // namespace consign::http
