// What an endpoint's answer means: whether it took the message.
//
// A receiver of webhooks says so by its status. The interfaces of channels answer 200 also where
// they refuse, and say so in the body.
#pragma once

#include <optional>
#include <string>

#include "daemon/effects/endpoint.hpp"
#include "daemon/effects/poster.hpp"

namespace consign {

/// Why the answer does not count as taken, in words for the delivery log; nothing: it was taken.
std::optional<std::string> refusal_in(AnswerForm form, const PostAnswer& answer);

}  // namespace consign
