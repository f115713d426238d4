#include "daemon/http/account_view.hpp"

#include <boost/json/array.hpp>

#include "daemon/access/account_name.hpp"
#include "daemon/http/message.hpp"

namespace consign::http {

boost::json::object account_to_json(const store::AccountRow& row) {
  boost::json::object out{{"account", row.account},
                          {"kind", parse_account_name(row.account)->kind},
                          {"name", row.name}};
  if (!row.email.empty()) out["email"] = row.email;
  if (row.shops) out["shops"] = json_texts(*row.shops);
  out["roles"] = json_texts(row.roles);
  out["mfa"] = row.mfa;
  if (row.mfa_required) out["mfa_required"] = true;
  if (!row.organization.empty()) out["organization"] = row.organization;
  if (!row.supplier.empty()) out["supplier"] = row.supplier;
  if (!row.suspended_in.empty()) out["suspended_in"] = json_texts(row.suspended_in);
  out["suspended"] = row.state == store::AccountState::suspended;
  out["made_at"] = format_timestamp(row.made_at);
  out["changed_at"] = format_timestamp(row.changed_at);
  return out;
}

}  // namespace consign::http
