// Who may see requests for access, and who may decide them.
#pragma once

#include <string>
#include <string_view>

#include "daemon/orders/unit_context.hpp"
#include "daemon/store/request_rows.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign {

/// What the request says of who asks: "email", "name" or "organization"; empty where it says
/// nothing.
std::string requester_text(const store::RequestRow& row, std::string_view member);

/// Whether it is about the viewer, by account or by e-mail address.
bool is_about(const AccessIndex& access, const store::RequestRow& row, const store::Viewer& viewer);

/// Whether the viewer may decide it: administrators; else who the rules named, or without such a
/// word owners and main accounts of all its shops and who may `staff:create` (of collaborators
/// `collaborators:manage`) there; never for oneself.
bool may_decide(const DecidingContext& context, const AccessIndex& access,
                const store::RequestRow& row, const store::Viewer& viewer);
/// The same but for who filed it, who may send an invitation again and see its link, but not
/// decide.
bool may_handle(const DecidingContext& context, const AccessIndex& access,
                const store::RequestRow& row, const store::Viewer& viewer);
/// Whether the viewer may know of it at all.
bool may_see(const DecidingContext& context, const AccessIndex& access,
             const store::RequestRow& row, const store::Viewer& viewer);

/// Whether it is an owner or a main account that belongs to the shop, and may act.
bool heads_shop(const AccessIndex& access, std::string_view account, const std::string& shop);

}  // namespace consign
