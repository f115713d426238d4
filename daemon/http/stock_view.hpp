// How stock is shown, and to whom.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "daemon/http/message.hpp"
#include "daemon/http/services.hpp"
#include "daemon/store/stock_rows.hpp"

namespace consign::http {

/// The supplier that the request's path names.
const std::string& supplier_of(const Request& request);

/// Whether its stock exists for who asks: for administrators, for itself, and for those who work
/// for it and hold `inventory:view` (to change it `inventory:edit`) in some shop.
bool may_see_stock(const Request& request, const Services& services);
bool may_change_stock(const Request& request, const Services& services);

boost::json::object stock_to_json(const store::StockRow& row);

}  // namespace consign::http
