#include "daemon/http/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace consign::http {
namespace {

constexpr ProblemRow kRows[] = {
    {Problem::malformed_request, "malformed-request", 400, "The request is malformed"},
    {Problem::malformed_json, "malformed-json", 400, "The body is not well-formed JSON"},
    {Problem::unauthorized, "unauthorized", 401, "A valid token is needed"},
    {Problem::signature_invalid, "signature-invalid", 401,
     "The delivery is not signed by the shop"},
    {Problem::wrong_shop_domain, "wrong-shop-domain", 403, "The delivery is for another shop"},
    {Problem::forbidden, "forbidden", 403, "This account may not do that"},
    {Problem::not_found, "not-found", 404, "There is no such thing"},
    {Problem::method_not_allowed, "method-not-allowed", 405, "This cannot be done here"},
    {Problem::request_timeout, "request-timeout", 408, "The request took too long to arrive"},
    {Problem::revision_conflict, "revision-conflict", 409,
     "This revision is known with another body"},
    {Problem::idempotency_key_reused, "idempotency-key-reused", 409,
     "This Idempotency-Key was used with another body"},
    {Problem::version_conflict, "version-conflict", 409, "It has changed since that version"},
    {Problem::state_conflict, "state-conflict", 409, "This cannot be done to it as it stands"},
    {Problem::too_large, "too-large", 413, "The body is too large"},
    {Problem::expectation_failed, "expectation-failed", 417, "The expectation cannot be met"},
    {Problem::invalid_document, "invalid-document", 422, "The document cannot be taken"},
    {Problem::rules_refused, "rules-refused", 422, "The rule set is refused; the old one runs on"},
    {Problem::too_many_attempts, "too-many-attempts", 429, "Too many attempts; try again later"},
    {Problem::header_too_large, "header-too-large", 431, "The header is too large"},
    {Problem::internal, "internal", 500, "Something went wrong in consignd"},
    {Problem::not_implemented, "not-implemented", 501, "The request uses what consignd lacks"},
    {Problem::busy, "busy", 503, "Too much to do at the moment"},
    {Problem::outcome_unknown, "outcome-unknown", 503,
     "It is not known whether this was stored; ask again with the same key or revision"},
};

}  // namespace

const ProblemRow& row_of(Problem problem) { return kRows[static_cast<std::size_t>(problem)]; }

std::span<const ProblemRow> all_problems() { return kRows; }

boost::json::object problem_document(Problem problem, std::string_view detail,
                                     const std::vector<JsonError>& errors) {
  const ProblemRow& row = row_of(problem);
  boost::json::object document{{"type", "urn:consign:problem:" + std::string(row.type)},
                               {"title", row.title},
                               {"status", row.status}};
  if (!detail.empty()) document["detail"] = detail;
  if (!errors.empty()) {
    boost::json::array list;
    for (const auto& error : errors) {
      list.push_back({{"pointer", error.pointer}, {"message", error.message}});
    }
    document["errors"] = std::move(list);
  }
  return document;
}

Response problem_response(Problem problem, std::string_view detail,
                          const std::vector<JsonError>& errors) {
  Response response{.status = row_of(problem).status,
                    .body = boost::json::serialize(problem_document(problem, detail, errors)),
                    .content_type = "application/problem+json"};
  if (problem == Problem::unauthorized) {
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"consign\"");
  }
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace consign::http
