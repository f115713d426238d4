// May this account do this to that, now?
#include <boost/json/array.hpp>

#include "consign/schema.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

constexpr std::size_t kMostChecks = 1'000;

// Reads the members of a check by name; what is missing, unknown or of another kind is a fault.
class CheckReader {
 public:
  Check read(const JsonNode& node, const std::string& pointer) {
    Check check;
    if (!is_object(node, pointer)) return check;
    for (const JsonNode& member : node.children()) {
      const std::string_view name = member.name;
      const std::string place = pointer + "/" + pointer_token(name);
      if (name == "account") {
        check.account = text(member, place);
      } else if (name == "action") {
        check.action = permission(member, place);
      } else if (name == "resource") {
        read_resource(member, place, check.resource);
      } else {
        fault(place, "there is no member `" + std::string(name) + "` here");
      }
    }
    need(node, pointer, {"account", "action", "resource"});
    return check;
  }

  std::vector<JsonError> faults;

 private:
  void fault(const std::string& pointer, std::string message) {
    faults.push_back({pointer, std::move(message)});
  }

  bool is_object(const JsonNode& node, const std::string& pointer) {
    if (node.is(JsonNode::Kind::object)) return true;
    fault(pointer, "this is a JSON object");
    return false;
  }

  void need(const JsonNode& node, const std::string& pointer,
            std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
      if (node.find(name) == nullptr) fault(pointer, "`" + std::string(name) + "` is missing");
    }
  }

  std::string text(const JsonNode& node, const std::string& pointer) {
    if (node.is(JsonNode::Kind::string) && !node.text.empty()) return std::string(node.text);
    fault(pointer, "this is a text that is not empty");
    return {};
  }

  Permission permission(const JsonNode& node, const std::string& pointer) {
    const auto written = text(node, pointer);
    if (written.empty()) return {};
    const auto permissions = parse_permissions(written);
    if (permissions && permissions->size() == 1 && !permissions->front().is_wildcard()) {
      return permissions->front();
    }
    fault(pointer, "`" + written + "` is no single permission, as `orders:view` is");
    return {};
  }

  void read_resource(const JsonNode& node, const std::string& pointer, Check::Resource& resource) {
    if (!is_object(node, pointer)) return;
    for (const JsonNode& member : node.children()) {
      const std::string_view name = member.name;
      const std::string place = pointer + "/" + pointer_token(name);
      if (name == "kind") {
        resource.kind = text(member, place);
        if (!resource.kind.empty() && !find_word(Domain::resource_kind, resource.kind)) {
          fault(place, "there is no kind of resource `" + resource.kind + "`");
        }
      } else if (name == "shop") {
        resource.shop = text(member, place);
      } else if (name == "id") {
        resource.id = text(member, place);
      } else if (name == "line") {
        resource.line = text(member, place);
      } else {
        fault(place, "there is no member `" + std::string(name) + "` here");
      }
    }
    need(node, pointer, {"kind", "shop"});
  }
};

boost::json::array answer_all(const std::vector<Check>& checks, Services& services) {
  const auto rules = services.rules.active();
  const Timestamp now = services.now();
  return services.readers.read([&](store::Connection& db) {
    boost::json::array answers;
    for (const auto& check : checks) {
      answers.push_back(answer_check(db, *rules, services.settings, check, now));
    }
    return answers;
  });
}

}  // namespace

Reply post_check(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  CheckReader reader;
  const Check check = reader.read(document->root(), "");
  if (!reader.faults.empty()) {
    return problem_response(Problem::invalid_document, "", reader.faults);
  }
  try {
    return json_response(200, answer_all({check}, services).front());
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

Reply post_checks(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  const JsonNode* list = document->root().find("checks");
  if (list == nullptr || !list->is(JsonNode::Kind::array) || document->root().count != 1) {
    return problem_response(Problem::invalid_document, "the body is {\"checks\":[…]}");
  }
  if (list->count > kMostChecks) {
    return problem_response(Problem::invalid_document, "more than 1000 checks at once");
  }
  CheckReader reader;
  std::vector<Check> checks;
  for (const JsonNode& check : list->children()) {
    checks.push_back(reader.read(check, "/checks/" + std::to_string(checks.size())));
  }
  if (!reader.faults.empty()) {
    return problem_response(Problem::invalid_document, "", reader.faults);
  }
  try {
    return json_response(200, {{"answers", answer_all(checks, services)}});
  } catch (const std::exception& error) {
    return read_failed(error);
  }
}

}  // namespace consign::http
