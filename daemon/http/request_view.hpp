// Requests for access, as answers show them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "daemon/http/message.hpp"
#include "daemon/store/request_rows.hpp"

namespace consign::http {

/// {"id","kind","state","account","requester","shops","permissions","role","supplier","message",
/// "filed_by","filed_at","decision","given","reviewer","reason","decided_by","changed_at",
/// "expires"}: what was asked for, what the rules said of it, what it gives, and how it stands.
boost::json::object request_to_json(const store::RequestRow& row);

/// The same, with the activation link's secret, which is shown once.
boost::json::object with_invitation(boost::json::object request, const store::RequestRow& row,
                                    const std::string& secret);

}  // namespace consign::http
