#include "cli/server.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <ostream>

#include "cli/files.hpp"
#include "consign/text.hpp"

namespace consign::cli {

using boost::json::object;
using boost::json::value;

Result<Server> find_server(const ServerArguments& arguments, const Session& session) {
  Server server;
  if (!arguments.socket.empty()) {
    server.socket = arguments.socket;
  } else {
    auto parsed = parse_server(arguments.server);
    if (!parsed) return parsed;
    server = std::move(*parsed);
  }
  if (server.tls) {
    const auto& key = arguments.client_key.empty() ? arguments.client_cert : arguments.client_key;
    server.tls = {arguments.ca, arguments.client_cert, key};
  } else if (!arguments.ca.empty() || !arguments.client_cert.empty()) {
    return Error{"`--ca` and `--client-cert` are for an address that begins with `https://`"};
  }
  server.token = session.variable("CONSIGN_TOKEN");
  if (!arguments.token_file.empty()) {
    const auto token = read_file(arguments.token_file);
    if (!token) return token.error();
    server.token = trim(*token);
  }
  if (server.token.find_first_of("\r\n") != std::string::npos) {
    return Error{"the token has more than one line"};
  }
  return server;
}

std::string refusal(const HttpAnswer& answer, const Server& server) {
  boost::system::error_code error;
  const value body = boost::json::parse(answer.body, error);
  const object& problem = object_of(&body);
  std::string why = text_of(problem, "detail");
  for (const auto& each : array_of(problem, "errors")) {
    const auto pointer = text_of(object_of(&each), "pointer");
    why += (why.empty() ? "" : "; ") + text_of(object_of(&each), "message") +
           (pointer.empty() ? "" : " (at " + pointer + ')');
  }
  if (why.empty()) why = text_of(problem, "title");
  std::string out = server.name() + " answered " + std::to_string(answer.status);
  if (!why.empty()) out += ": " + why;
  if (answer.status == 401 || answer.status == 403) {
    out += "; a token is taken from CONSIGN_TOKEN or `--token-file FILE`";
  }
  return out;
}

Asked ask(const ServerArguments& arguments, const Session& session, std::string_view method,
          const std::string& target, const std::string& body, Missing missing) {
  const auto server = find_server(arguments, session);
  if (!server) return {session.could_not_run(server.error().message)};
  const auto answer = http_send(*server, method, target, body);
  if (!answer) return {session.could_not_run(answer.error().message)};
  if (answer->status == 404 && missing == Missing::is_fine) return {};
  if (answer->status == 404 || answer->status == 409 || answer->status == 422) {
    session.err << "consign: " << refusal(*answer, *server) << '\n';
    return {kProblems};
  }
  if (answer->status < 200 || answer->status > 299) {
    return {session.could_not_run(refusal(*answer, *server))};
  }
  if (answer->body.empty()) return {};
  boost::system::error_code error;
  Asked asked{kFine, boost::json::parse(answer->body, error)};
  if (error || !asked.body.is_object()) {
    return {session.could_not_run(server->name() + " answered what cannot be read")};
  }
  return asked;
}

Asked ask_for_all(const ServerArguments& arguments, const Session& session,
                  const std::string& target) {
  boost::json::array items;
  std::string cursor;
  do {
    const std::string more = cursor.empty() ? "" : '&' + query_part("cursor", cursor);
    Asked page = ask(arguments, session, "GET", target + "&limit=500" + more);
    if (!page) return page;
    const object& body = page.body.as_object();
    for (const auto& item : array_of(body, "items")) items.push_back(item);
    cursor = text_of(body, "next");
  } while (!cursor.empty());
  return {kFine, std::move(items)};
}

const object& object_of(const value* json) {
  static const object kNone;
  const auto* found = json == nullptr ? nullptr : json->if_object();
  return found == nullptr ? kNone : *found;
}

const boost::json::array& array_of(const object& json, std::string_view name) {
  static const boost::json::array kNone;
  const value* member = json.if_contains(name);
  return member != nullptr && member->is_array() ? member->as_array() : kNone;
}

std::string text_of(const object& json, std::string_view name) {
  const value* member = json.if_contains(name);
  if (member == nullptr || member->is_null()) return "";
  if (const auto* text = member->if_string()) return std::string(*text);
  return boost::json::serialize(*member);
}

std::string joined_texts(const object& json, std::string_view name, std::string_view between) {
  std::string out;
  for (const auto& each : array_of(json, name)) {
    if (!out.empty()) out += between;
    if (const auto* text = each.if_string()) out += *text;
  }
  return out;
}

std::string place_told(const object& item) {
  const object& on = object_of(item.if_contains("on"));
  std::string out = "shop " + text_of(on, "shop");
  for (const auto* name : {"order", "line", "part"}) {
    if (const auto text = text_of(on, name); !text.empty())
      out += ", " + std::string(name) + ' ' + text;
  }
  return out;
}

std::string because_told(const object& item) {
  const object& because = object_of(item.if_contains("because"));
  const std::string person = text_of(because, "person");
  if (!person.empty()) {
    const std::string reason = text_of(because, "reason");
    return person + (reason.empty() ? "" : ": " + reason);
  }
  const std::string file = text_of(because, "file");
  return "rule " + text_of(because, "rule") +
         (file.empty() ? "" : " (" + file + ':' + text_of(because, "line") + ')');
}

std::string query_part(std::string_view name, std::string_view value) {
  return std::string(name) + '=' +
         boost::urls::encode({value.data(), value.size()}, boost::urls::unreserved_chars);
}

}  // namespace consign::cli
