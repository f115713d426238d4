// Orders and their parts, as the daemon answers them, told for people.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/session.hpp"

namespace consign::cli {

/// "acme-tagged (20-acme.rules:8)".
std::string rule_name(const boost::json::object& rule);

/// "2 pieces assigned to acme, by acme-tagged (…)", "1 piece held: no supplier for BLK-4".
std::string part_told(const boost::json::object& part);

/// "/v1/orders/nordic/1001".
std::string order_target(const std::string& shop, const std::string& order);

/// The order as it stands: a table of its parts, what was passed over, its parcels.
void tell_order(const boost::json::object& order, const Session& session);

}  // namespace consign::cli
