// Grants as JSON.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "daemon/access/index.hpp"
#include "daemon/store/grant_rows.hpp"

namespace consign::http {

/// {"id","account","permissions":[],"on","until","because"}, permissions still to be filled in.
boost::json::object grant_frame(const store::GrantRow& row);

/// {"shop","order","line","part"}, as far as they are given.
boost::json::object on_to_json(const HeldGrant& grant);

/// A whole grant, of all its rows: its frame and "state" (active, suspended, expired, revoked,
/// ended), "made_at", "ended_at", "last_used", and "cut": permissions that a person has taken out.
boost::json::object grant_to_json(const std::vector<store::GrantRow>& rows, Timestamp now);

/// active, suspended, expired, revoked or ended.
std::string_view state_of_grant(const std::vector<store::GrantRow>& rows, Timestamp now);

}  // namespace consign::http
