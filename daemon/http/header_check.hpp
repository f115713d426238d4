// Our own look at a request's header, stricter than Beast's.
//
// Beast 1.81 takes headers that a proxy in front may read otherwise (two lengths, folded lines,
// transfer codings that it does not know), which is how requests are smuggled. So the raw bytes are
// looked at before Beast sees them, and what is not plain is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/http/problem.hpp"

namespace consign::http {

/// What the raw header says about the body and the connection.
struct HeaderFacts {
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
  bool http_1_1 = true;
};

struct HeaderFault {
  Problem problem;
  std::string_view why;
};

/// Checks a complete raw header, from the request line to the empty line.
Result<HeaderFacts, HeaderFault> check_header(std::string_view raw);

/// Where the header ends in what has come so far (behind its empty line), or nothing yet. A bare
/// line feed or a leading empty line is a fault at once.
Result<std::optional<std::size_t>, HeaderFault> find_header_end(std::string_view bytes);

}  // namespace consign::http
