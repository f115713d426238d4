// An order as it stands now, as JSON.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "daemon/store/scoped_reads.hpp"

namespace consign::http {

/// A part as it stands: id, quantity, outcome, state, supplier, …
boost::json::object part_to_json(const store::PartRow& part);

/// {"order","revision","state","decision","rules","at","received_at","version","lines","grants",…};
/// of one who does not see the whole order only what its own lines need.
boost::json::object order_to_json(const store::OrderView& view);

/// The same with `"document"`: the order as it came, numbers as they were written.
std::string order_with_document(const store::OrderView& view);

/// That document alone, with only what the view's viewer may see of it.
std::string visible_document(const store::OrderView& view);

}  // namespace consign::http
