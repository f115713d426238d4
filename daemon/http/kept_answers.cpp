#include "daemon/http/kept_answers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "consign/hash.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

constexpr std::size_t kLongestKey = 255;

std::string without(const std::string& body, std::string_view member) {
  if (member.empty()) return body;
  auto document = boost::json::parse(body);
  if (document.is_object()) document.as_object().erase(member);
  return boost::json::serialize(document);
}

Response keep(UnitContext& unit, const store::IdempotencyKey& key, std::string_view fingerprint,
              std::string_view shown_once, const std::function<Response()>& make) {
  const auto digest = sha256(fingerprint);
  const std::string hash(digest.begin(), digest.end());
  if (const auto kept = store::find_answer(unit.db, key, unit.now)) {
    if (kept->fingerprint == hash) return {.status = 200, .body = kept->response};
    return problem_response(Problem::idempotency_key_reused,
                            "the key was used with another body in the last seven days");
  }
  auto response = make();
  if (response.status < 300) {
    store::keep_answer(unit.db, key, {hash, response.status, without(response.body, shown_once)},
                       unit.now);
  }
  return response;
}

}  // namespace

Result<std::optional<store::IdempotencyKey>, Response> idempotency_key(const Request& request,
                                                                       std::string_view route) {
  const auto keys = request.header("idempotency-key");
  if (keys.empty()) return std::optional<store::IdempotencyKey>();
  if (keys.size() > 1 || keys.front().empty() || keys.front().size() > kLongestKey) {
    return problem_response(Problem::malformed_request,
                            "one Idempotency-Key of 1 to 255 characters is wanted");
  }
  return std::optional(store::IdempotencyKey{.token = request.viewer.token,
                                             .route = std::string(route),
                                             .key = std::string(keys.front())});
}

Response answer_once(UnitContext& unit, const std::optional<store::IdempotencyKey>& key,
                     std::string_view fingerprint, const std::function<Response()>& make) {
  return key ? keep(unit, *key, fingerprint, {}, make) : make();
}

Reply write_once(const Request& request, std::string_view route, Write write,
                 std::string_view shown_once) {
  const auto key = idempotency_key(request, route);
  if (!key) return key.error();
  if (!*key) return write_reply(std::move(write));
  return write_reply([key = **key, body = request.body, write = std::move(write),
                      shown_once = std::string(shown_once)](UnitContext& unit) {
    return keep(unit, key, body, shown_once, [&] { return write(unit); });
  });
}

}  // namespace consign::http
