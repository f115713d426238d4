// What a handler hands back: a response, or what has to be done first to have one.
//
// A handler never waits. Work that writes goes to the writer's thread, work that takes long to a
// thread of its own; both are data here, so that handlers can be called without sockets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/http/message.hpp"
#include "daemon/http/services.hpp"

namespace consign::http {

/// Gives the response inside the writer's unit. The response is sent only if the unit is committed.
using Write = std::function<Response(UnitContext&)>;

/// Several writes in order, and answers that are ready already among them; `combine` makes one
/// response of all. Each write succeeds or fails by itself.
struct WriteReply {
  std::vector<std::variant<Response, Write>> items;
  std::function<Response(std::vector<Response>)> combine;
};

/// Work that may take long; it may throw StoreError.
struct SlowReply {
  std::function<Response()> work;
};

/// A body that is made piece by piece, for answers of any length. `next` gives the next piece, or
/// nothing at the end; it is called on a thread for slow work, one call after the other, and may
/// throw StoreError: before the first piece that becomes a problem, later it cuts the answer off.
struct StreamReply {
  Response head;  ///< its body stays empty
  std::function<std::optional<std::string>()> next;
};

using Reply = std::variant<Response, WriteReply, SlowReply, StreamReply>;

/// A reply of a single write.
Reply write_reply(Write write);

/// Does what the reply asks for (of a stream: all of it) and passes the response to `done`, on
/// whichever thread that ends.
void carry_out(Reply reply, Services& services, std::function<void(Response)> done);
/// The same, waiting: for tests.
Response carry_out(Reply reply, Services& services);

/// The response to a read that failed.
Response read_failed(const std::exception& error);

}  // namespace consign::http
