#include "daemon/access/access_notices.hpp"

#include <boost/json/serialize.hpp>

#include "daemon/store/outbox_rows.hpp"

namespace consign {

void tell_endpoint(UnitContext& unit, const std::string& endpoint, std::string_view type,
                   const std::string& subject, const std::string& rule,
                   const boost::json::object& data) {
  const boost::json::object body{
      {"type", type}, {"timestamp", format_timestamp(unit.now)}, {"data", data}};
  // No order: its place holds what the notice is about, beside a shop that no order is of.
  store::queue_effect(unit.db, {"", subject},
                      {.part = "",
                       .rule = rule,
                       .action = std::string(type),
                       .endpoint = endpoint,
                       .body = boost::json::serialize(body)},
                      "", unit.now);
}

void tell_access(UnitContext& unit, std::string_view type, const std::string& subject,
                 const boost::json::object& data) {
  if (unit.settings.access_notices.empty()) return;
  tell_endpoint(unit, unit.settings.access_notices, type, subject, "", data);
}

}  // namespace consign
