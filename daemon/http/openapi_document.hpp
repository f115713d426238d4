// docs/openapi.json, built in.
#pragma once

#include <string_view>

namespace consign::http {

std::string_view openapi_document();

}  // namespace consign::http
