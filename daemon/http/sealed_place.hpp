// Places in a list, for those who see only some of it: the place itself would say how much there
// is between what they see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace consign::http {

/// The place as a text that tells nothing. It can be opened as long as the process lives.
std::string seal_place(std::int64_t place);

/// The place that was sealed, or nothing where the text is not one of ours.
std::optional<std::int64_t> open_place(std::string_view sealed);

}  // namespace consign::http
