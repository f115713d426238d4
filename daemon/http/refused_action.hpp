// How an action on parts that was refused is answered.
#pragma once

#include "daemon/http/message.hpp"
#include "daemon/orders/acting.hpp"

namespace consign::http {

Response refused_action(const ActionFault& fault);

}  // namespace consign::http
