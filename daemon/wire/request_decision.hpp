// Requests for access: what is asked for, and what rules on request make of it.
//
// Pure, and the same for the daemon and `consign decide`: a request is asked about once for each of
// its shops, the strongest answer of all counts for the whole, and what would be given is cut down
// by `at most` and by the bans. Nothing is given that a rule has not approved.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consign/engine.hpp"
#include "consign/result.hpp"
#include "daemon/wire/json_tree.hpp"
#include "daemon/wire/object_form.hpp"

namespace consign {

/// What somebody asks for. Owns its texts.
struct AskedFor {
  std::string kind;  ///< a word of the domain `request_kind`
  std::string email, name, organization;
  std::vector<std::string> shops;       ///< at least one, no duplicates, as written
  std::vector<Permission> permissions;  ///< as written: single ones, and whole resources
  std::string role;                     ///< declared by the rule set; empty: none
  std::string message;
  bool code_ok = true;  ///< whether the collaborator code was right
};

/// Reads `{"kind","requester":{"email","name","organization"},"shops":[],"permissions":[],"role",
/// "message"}`. `form` is `ObjectForm({Subject::request}, {…})` with the members that the caller
/// reads itself. Permissions and the role have to be ones of the rule set.
Result<AskedFor, std::vector<JsonError>> read_request(const JsonNode& document,
                                                      const ObjectForm& form, const RuleSet& rules);

/// All that is asked for, the role taken apart: sorted, no duplicates.
std::vector<Permission> wanted_permissions(const AskedFor& asked, const RuleSet& rules);

/// request.* as rules read it, whole resources taken apart. Together with `filer`, which holds
/// account.* of who files the request, or nothing.
Record request_record(const AskedFor& asked, const RuleSet& rules, const Record& filer);

/// A permission that was taken out, and why: {"rule","file","line"} of an `at most`, or
/// {"never_grant":"staff:*"}.
struct Cut {
  Permission permission;
  boost::json::object because;
};

struct RequestOutcome {
  enum class State { approved, review, denied };
  State state = State::denied;
  std::string reason;           ///< of a denial, always; of a review, what has failed, or empty
  std::string reviewer;         ///< a role or KIND:ID; empty: anyone who may
  boost::json::object because;  ///< the rule; empty where none says anything
  bool require_mfa = false;

  struct Given {
    std::string shop;
    std::vector<Permission> permissions;  ///< at least one, sorted
    GrantTerm term;
    std::optional<Timestamp> until;  ///< the term's end, if it begins now
    std::string rule;                ///< of the grant, or the first that approves; may be empty
    boost::json::object because;
  };
  /// What is given or, of a review, what is if it is accepted as asked.
  std::vector<Given> given;
  struct ShopCut {
    std::string shop;
    Cut cut;
  };
  std::vector<ShopCut> cuts;
  /// What `at most` leaves; all of a shop apply.
  struct Cap {
    std::string shop;
    std::vector<Permission> at_most;
    boost::json::object because;
  };
  std::vector<Cap> caps;

  struct Notice {
    std::string rule, endpoint, text;
    friend bool operator==(const Notice&, const Notice&) = default;
  };
  std::vector<Notice> notices;  ///< each once, however many shops it was said for
  boost::json::array failures;  ///< {"rule","file","line","cause"}
  boost::json::array shadow;    ///< {"rule","file","line","would","detail"}
};
std::string_view name_of(RequestOutcome::State state);

/// When what is given from `from` on ends; nothing: not by itself.
std::optional<Timestamp> end_of(const GrantTerm& term, Timestamp from);

/// Decides it. `requests`: the program of the rules on request, or null where there are none.
/// `filer` as in request_record. `shops`: what is known of each of the request's shops (shop.*), in
/// their order.
RequestOutcome decide_asked(const Program* requests, const RuleSet& rules,
                            std::span<const Permission> settings_bans, const AskedFor& asked,
                            const Record& filer, std::span<const Record> shops, Timestamp now,
                            Arena& arena);

/// What caps and bans leave of permissions that somebody wants to give in that shop instead.
struct CutDown {
  std::vector<Permission> left;  ///< sorted, no duplicates
  std::vector<Cut> cuts;
};
CutDown cut_down(std::vector<Permission> wanted, std::string_view shop,
                 std::span<const RequestOutcome::Cap> caps, const RuleSet& rules,
                 std::span<const Permission> settings_bans);

/// {"state","reason","reviewer","because","permissions","cut","until","idle_seconds","grants",
/// "require_mfa","shops","failures","shadow"}, each where there is something to say. `grants` has
/// what differs in its end; `shops` has, for each shop, what is given there, where they differ.
boost::json::object request_outcome_to_json(const RequestOutcome& outcome, const AskedFor& asked);

}  // namespace consign
