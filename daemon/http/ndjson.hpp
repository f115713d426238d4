// Bodies of one JSON document a line.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/http/message.hpp"

namespace consign::http {

/// The lines that are not blank.
std::vector<std::string_view> lines_of(std::string_view body);

/// One answer a line: {"status":201,"MEMBER":{…}} or {"status":422,"problem":{…}}.
Response as_lines(const std::vector<Response>& responses, std::string_view member);

}  // namespace consign::http
