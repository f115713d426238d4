#include "daemon/http/refused_action.hpp"

#include "daemon/http/problem.hpp"

namespace consign::http {

Response refused_action(const ActionFault& fault) {
  switch (fault.kind) {
    case ActionFault::Kind::not_found:
      return problem_response(Problem::not_found, "");
    case ActionFault::Kind::changed:
      return problem_response(Problem::version_conflict, fault.message);
    case ActionFault::Kind::impossible:
      return problem_response(Problem::state_conflict, fault.message);
    case ActionFault::Kind::invalid:
      break;
  }
  return problem_response(Problem::invalid_document, "", {{fault.pointer, fault.message}});
}

}  // namespace consign::http
