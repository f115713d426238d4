// Rows of requests for access, with the links that make invited accounts active.
//
// Only the writer's units and the scoped reads call these.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consign/time.hpp"
#include "daemon/store/sqlite.hpp"

namespace consign::store {

enum class RequestState {
  review,     ///< waits for a person
  invited,    ///< accepted; the account is made when its link is used
  suspended,  ///< an invitation that lost its seat
  lapsed,     ///< an invitation whose link is too old
  accepted,   ///< what it gives is given
  denied,
  expired,  ///< nobody decided it in time
  cancelled,
};
std::string_view name_of(RequestState state);
/// Nothing where no state is called so.
std::optional<RequestState> request_state_of(std::string_view name);

struct RequestRow {
  std::string id = {}, kind = {}, account = {};
  std::vector<std::string> shops = {};
  std::string document = {};     ///< canonical JSON, without the code
  std::string fingerprint = {};  ///< 32 bytes
  std::string filed_by = {};
  Timestamp filed_at = {};
  RequestState state = RequestState::review;
  std::string decision = {}, rules = {};
  std::string given = {};  ///< JSON
  std::string reviewer = {}, reason = {};
  std::optional<std::string> decided_by = {};
  Timestamp changed_at = {};
  std::optional<Timestamp> due = {};
};

std::optional<RequestRow> find_request(Connection& db, std::string_view id);
/// Inserts it, or brings it to what is given; its shops never change.
void put_request(Connection& db, const RequestRow& row);
/// The latest one of that account and fingerprint that is still open: in review or invited.
std::optional<RequestRow> open_request(Connection& db, std::string_view account,
                                       std::string_view fingerprint);
/// Those of an account that are open or may be invited again.
std::vector<RequestRow> unfinished_requests_of(Connection& db, std::string_view account);
/// Whose time is up, the earliest first.
std::vector<RequestRow> due_requests(Connection& db, Timestamp now, std::int64_t at_most);

struct RequestFilter {
  std::string_view state = {}, kind = {}, shop = {}, account = {};  ///< empty: any
  std::string_view involving = {};  ///< filed by this account, or for it
};
/// A page of requests after the id `after`, in the order of their ids.
std::vector<RequestRow> list_requests(Connection& db, const RequestFilter& filter,
                                      std::string_view after, std::int64_t limit);

/// Invitations of that kind (a word of `request_kind`) that hold a seat in the shop at that time,
/// the newest first.
std::vector<RequestRow> pending_invitations(Connection& db, std::string_view kind,
                                            std::string_view shop, Timestamp now);

/// The only link of the request from now on.
void put_activation_link(Connection& db, std::string_view hash, std::string_view request,
                         Timestamp now);
void drop_activation_links(Connection& db, std::string_view request);
/// The request that the link belongs to.
std::optional<RequestRow> request_of_link(Connection& db, std::string_view hash);

}  // namespace consign::store
