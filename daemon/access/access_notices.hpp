// What becomes of requests, invitations and accounts is told to one endpoint: `access_notices` of
// consignd.yaml.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "daemon/orders/unit_context.hpp"

namespace consign {

/// Queues a notice with the unit; nothing where nobody is to be told. `subject` is what it is about
/// and, with `type`, what it leaves once for.
void tell_access(UnitContext& unit, std::string_view type, const std::string& subject,
                 const boost::json::object& data);
/// The same to any endpoint, as `notify NAME` of a rule says.
void tell_endpoint(UnitContext& unit, const std::string& endpoint, std::string_view type,
                   const std::string& subject, const std::string& rule,
                   const boost::json::object& data);

}  // namespace consign
