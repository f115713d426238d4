#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/openapi_document.hpp"

namespace consign::http {

Reply get_openapi(const Request&, Services&) {
  return Response{.status = 200, .body = std::string(openapi_document())};
}

}  // namespace consign::http
