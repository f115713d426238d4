// Requests and responses as handlers see them: no sockets, no Beast.
#pragma once

#include <sys/types.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/access/certificates.hpp"
#include "daemon/store/scoped_reads.hpp"

namespace consign::http {

/// A complete request. Owns its text.
struct Request {
  std::string method = {};
  std::map<std::string, std::string, std::less<>> path = {};    ///< the route's parameters, decoded
  std::vector<std::pair<std::string, std::string>> query = {};  ///< decoded
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
  std::string body = {};
  store::Viewer viewer = {};                          ///< who asks; empty on open routes
  std::optional<uid_t> peer = {};                     ///< who is connected over the Unix socket
  std::optional<ClientCertificate> certificate = {};  ///< that the connection's client has shown

  /// The values of a header (name in lower case), one for each time it was sent.
  std::vector<std::string_view> header(std::string_view name) const;
  /// The value of a query parameter, or empty.
  std::string_view query_value(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// A list of texts.
boost::json::array json_texts(const std::vector<std::string>& texts);

Response json_response(int status, const boost::json::value& body);

}  // namespace consign::http
