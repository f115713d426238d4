#include "daemon/http/stock_view.hpp"

#include "daemon/access/viewing.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign::http {
namespace {

bool may(const Request& request, const Services& services, const Permission& permission) {
  const auto& viewer = request.viewer;
  const auto rules = services.rules.active();
  if (!rules->rules().find_supplier(supplier_of(request))) return false;
  if (viewer.is_administrator()) return true;
  if (viewer.blocked || viewer.supplier() != supplier_of(request)) return false;
  return !viewer.login || !shops_where(viewer, services.access, *rules, services.settings,
                                       permission, services.now())
                               .empty();
}

}  // namespace

const std::string& supplier_of(const Request& request) {
  return request.path.find("supplier")->second;
}

bool may_see_stock(const Request& request, const Services& services) {
  return may(request, services, {"inventory", "view"});
}

bool may_change_stock(const Request& request, const Services& services) {
  return may(request, services, {"inventory", "edit"});
}

boost::json::object stock_to_json(const store::StockRow& row) {
  boost::json::object out{{"supplier", row.supplier}, {"sku", row.sku}};
  out["available"] = row.available ? quantity_to_json(*row.available) : boost::json::value(nullptr);
  out["reserved"] = quantity_to_json(row.reserved);
  out["safety"] = quantity_to_json(row.safety);
  out["changed_at"] = format_timestamp(row.changed_at);
  return out;
}

}  // namespace consign::http
