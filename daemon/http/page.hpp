// Pages of lists: `limit` and `cursor`.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/message.hpp"

namespace consign::http {

inline constexpr std::int64_t kUsualLimit = 100;
inline constexpr std::int64_t kLargestLimit = 500;

/// The number of a query parameter, `otherwise` where it is not given, or nothing where it is none.
std::optional<std::int64_t> number_of(const Request& request, std::string_view name,
                                      std::int64_t otherwise);

/// The page's size, or nothing where `limit` is not 1 to 500.
std::optional<std::int64_t> limit_of(const Request& request);

/// What to say to one that is not.
Response no_such_page();

/// {"items","next"}; `next` is null where the page is not full.
Response page_response(boost::json::array items, std::int64_t limit, std::string_view last);

}  // namespace consign::http
