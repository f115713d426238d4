// What every command that talks to a running consignd shares: which one, who asks, and what to say
// to its refusals.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/http_client.hpp"
#include "cli/session.hpp"

namespace consign::cli {

/// Where it listens and the token to come with: of the file, else of CONSIGN_TOKEN, else none
/// (which will do over the Unix socket).
Result<Server> find_server(const ServerArguments& arguments, const Session& session);

/// What an answer that is no 2xx means, in words.
std::string refusal(const HttpAnswer& answer, const Server& server);

/// An answer, or how the command ends without one; then the reason has been told.
struct Asked {
  Exit exit = kFine;
  boost::json::value body = {};
  explicit operator bool() const { return exit == kFine; }
};

/// What it means that there is no such thing. `is_fine`: the answer is a null.
enum class Missing { is_a_problem, is_fine };

/// Sends a request and reads the JSON of its answer. What is not found or not taken (404, 409, 422)
/// ends with kProblems, all else with kCouldNotRun.
Asked ask(const ServerArguments& arguments, const Session& session, std::string_view method,
          const std::string& target, const std::string& body = "",
          Missing missing = Missing::is_a_problem);

/// All items of a list, page by page. `target` has a query already.
Asked ask_for_all(const ServerArguments& arguments, const Session& session,
                  const std::string& target);

/// The value as an object; an empty one where it is none.
const boost::json::object& object_of(const boost::json::value* json);
/// The member as an array; an empty one where it is none.
const boost::json::array& array_of(const boost::json::object& json, std::string_view name);
/// The member as text, whatever it is: a text itself, anything else as JSON; empty where there is
/// none.
std::string text_of(const boost::json::object& json, std::string_view name);
/// The texts of an array, with `between` between them; empty where there is none.
std::string joined_texts(const boost::json::object& json, std::string_view name,
                         std::string_view between = ", ");
/// A grant's place: "shop nordic, order 1001, line 1".
std::string place_told(const boost::json::object& item);
/// "rule acme-tagged (20-acme.rules:8)" or "administrator: peak season".
std::string because_told(const boost::json::object& item);

/// `name=value` with the value escaped for a query.
std::string query_part(std::string_view name, std::string_view value);

}  // namespace consign::cli
