// What a request gives, as it is kept until it is accepted and activated.
#pragma once

#include <string>
#include <vector>

#include "daemon/wire/request_decision.hpp"

namespace consign {

struct Given {
  std::vector<RequestOutcome::Given> given;
  std::vector<RequestOutcome::Cap> caps;
  bool require_mfa = false;
  bool whole_role = true;  ///< nothing of the role that was asked for was cut out
};

Given given_of(const RequestOutcome& outcome, const AskedFor& asked, const RuleSet& rules);

/// JSON, and back; what is stored was written by given_to_json.
std::string given_to_json(const Given& given);
Given given_from_json(const std::string& text);

}  // namespace consign
