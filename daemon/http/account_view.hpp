// Accounts, as answers show them.
#pragma once

#include <boost/json/object.hpp>

#include "daemon/store/access_rows.hpp"

namespace consign::http {

boost::json::object account_to_json(const store::AccountRow& row);

}  // namespace consign::http
