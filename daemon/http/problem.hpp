// Problems (RFC 9457): one row each, with a type that stays the same.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign::http {

enum class Problem {
  malformed_request,
  malformed_json,
  unauthorized,
  signature_invalid,
  wrong_shop_domain,
  forbidden,
  not_found,
  method_not_allowed,
  request_timeout,
  revision_conflict,
  idempotency_key_reused,
  version_conflict,
  state_conflict,
  too_large,
  expectation_failed,
  invalid_document,
  rules_refused,
  too_many_attempts,
  header_too_large,
  internal,
  not_implemented,
  busy,
  outcome_unknown,
};

struct ProblemRow {
  Problem problem;
  std::string_view type;  ///< the last part of the type's URN
  int status;
  std::string_view title;
};
const ProblemRow& row_of(Problem problem);
std::span<const ProblemRow> all_problems();

/// The document: type, title, status, detail, errors (each with pointer and message).
boost::json::object problem_document(Problem problem, std::string_view detail,
                                     const std::vector<JsonError>& errors = {});
/// The same as a response, with the headers that belong to it.
Response problem_response(Problem problem, std::string_view detail,
                          const std::vector<JsonError>& errors = {});

}  // namespace consign::http
