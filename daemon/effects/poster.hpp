// Posting one message to one endpoint over HTTP or HTTPS.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/effects/endpoint.hpp"

namespace consign {

/// What came of a post: a status, or why there is none.
struct PostAnswer {
  int status = 0;                ///< 0: no answer
  std::string reason = {};       ///< the answer's reason phrase, or why there was no answer
  std::string retry_after = {};  ///< the header, or empty
  std::string body = {};         ///< its beginning: as much as came in time, up to 64 KiB
};

using PostHeaders = std::vector<std::pair<std::string, std::string>>;

/// Posts to the endpoint that it was made for. `post` is for one thread, `cancel` for any.
class Poster {
 public:
  virtual ~Poster() = default;
  /// Sends the body as JSON and waits for the answer, no longer than the endpoint's timeout. Does
  /// not throw, does not follow redirects.
  virtual PostAnswer post(const PostHeaders& headers, const std::string& body) = 0;
  /// Breaks off the post that is under way, and those to come.
  virtual void cancel() = 0;
};

/// The real one. HTTPS checks the certificate and the name in it. A connection for each post: what
/// an endpoint receives hangs on nothing that was left over from the post before. The endpoint must
/// outlive it.
std::unique_ptr<Poster> make_http_poster(const Endpoint& endpoint);

}  // namespace consign
