// Requests for access and their life, in the writer's unit: filed, decided by rules, reviewed by a
// person, invited, activated, and what ends them.
//
// A request gives nothing until it is accepted and, where accounts of its kind are invited, its
// link was used; then the account is made and its grants with it. Bans, `at most` and seats are
// looked at again at each of these steps, so that no order of steps gets round them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/result.hpp"
#include "daemon/access/request_rights.hpp"
#include "daemon/orders/unit_context.hpp"
#include "daemon/store/request_rows.hpp"
#include "daemon/store/scoped_reads.hpp"
#include "daemon/wire/request_decision.hpp"

namespace consign {

/// What somebody sends in.
struct Filing {
  AskedFor asked;
  std::string account;              ///< who is to have it; empty: named by kind and e-mail
  std::string supplier;             ///< whose assigned lines alone it is to see; may be empty
  std::optional<std::string> code;  ///< the collaborator code, if one was given
  std::string document;             ///< all of it but the code, canonical JSON
};

/// Why something was not done.
struct RequestFault {
  enum class Kind {
    unknown,    ///< there is no such request, or link, for whoever asks
    forbidden,  ///< this person may not decide it
    conflict,   ///< it cannot be done to it as it stands
    invalid,    ///< what was sent in cannot be taken
    too_many,   ///< too many wrong codes
  } kind = Kind::conflict;
  std::string message = {};
  std::string pointer = {};
  std::int64_t wait_seconds = 0;  ///< of `too_many`
};

struct Requested {
  store::RequestRow row;
  bool is_new = false;      ///< something was done; or it was so already
  std::string secret = {};  ///< of the activation link that was just made; shown once
};

/// Files it and does what the rules say. The same once more, while it is open, is the same request.
Result<Requested, RequestFault> file_request(UnitContext& unit, const Filing& filing,
                                             const store::Viewer& by);

/// What a person gives instead of what was asked for.
struct Adjustment {
  std::optional<std::vector<Permission>> permissions;  ///< role and all taken apart
  std::optional<Timestamp> until;
};
Result<Requested, RequestFault> accept_request(UnitContext& unit, const std::string& id,
                                               const Adjustment& adjustment,
                                               const std::string& reason, const store::Viewer& by);
Result<Requested, RequestFault> deny_request(UnitContext& unit, const std::string& id,
                                             const std::string& reason, const store::Viewer& by);
/// By whoever filed it, or who may decide it: it is withdrawn, an invitation too.
Result<Requested, RequestFault> cancel_request(UnitContext& unit, const std::string& id,
                                               const std::string& reason, const store::Viewer& by);
/// A new link, the only one from now on, good for the whole time again; also for an invitation that
/// has lapsed or lost its seat, if there is a seat now.
Result<Requested, RequestFault> invite_again(UnitContext& unit, const std::string& id,
                                             const store::Viewer& by);

struct Activated {
  store::RequestRow row;
  std::string token;  ///< of the account that is active now; shown once
};
/// Uses an activation link, once.
Result<Activated, RequestFault> activate(UnitContext& unit, const std::string& secret);

/// Ends what is open for an account that is removed; whether there was anything.
bool cancel_requests_of(UnitContext& unit, const std::string& account);

/// The kind of account that a kind of request asks for: "sub_account" asks for "sub".
std::string_view account_kind_of(std::string_view request_kind);

}  // namespace consign
