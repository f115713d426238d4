// May this account do this to that, now?
#include <boost/json/array.hpp>
#include <charconv>

#include "consign/schema.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

constexpr std::size_t kMostChecks = 1'000;

std::int64_t read_part(DocumentReader& reader) {
  const auto written = reader.maybe_text("part");
  if (!written) return 0;
  std::int64_t part = 0;
  const auto* end = written->data() + written->size();
  const auto [stop, error] = std::from_chars(written->data(), end, part);
  if (error != std::errc() || stop != end || part < 1) {
    reader.fault("part", "this is the number of a part, as `\"1\"`");
  }
  return part;
}

Check read_check(DocumentReader& reader) {
  Check check{.account = reader.text("account"),
              .action = reader.single_permission("action"),
              .resource = {}};
  auto resource = reader.object("resource");
  check.resource.kind = resource.text("kind");
  if (!check.resource.kind.empty() && !find_word(Domain::resource_kind, check.resource.kind)) {
    resource.fault("kind", "there is no kind of resource `" + check.resource.kind + "`");
  }
  check.resource.shop = resource.text("shop");
  check.resource.id = resource.maybe_text("id").value_or("");
  check.resource.line = resource.maybe_text("line").value_or("");
  check.resource.part = read_part(resource);
  resource.finish();
  reader.finish();
  return check;
}

// Accounts may ask about themselves; about others they are told what is true of names that nobody
// knows. A limited token asks for what it is limited to.
CheckAnswer answer_for(const store::Viewer& viewer, const Check& check, const ActiveRules& rules,
                       Services& services) {
  if (!viewer.is_administrator() && viewer.account != check.account) {
    return {.denied = "no grant in force"};
  }
  if (!viewer.sees_shop(check.resource.shop) || !viewer.may_use(check.action)) {
    return {.denied = "the token is limited to less"};
  }
  return answer_check(services.access, rules, services.settings, check, services.now());
}

}  // namespace

Reply post_check(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const Check check = read_check(reader);
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  const auto rules = services.rules.active();
  return json_response(200, answer_to_json(answer_for(request.viewer, check, *rules, services)));
}

Reply post_checks(const Request& request, Services& services) {
  const auto document = parse_json(request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  auto items = reader.objects("checks");
  reader.finish();
  if (items.size() > kMostChecks) reader.fault("checks", "more than 1000 checks at once");
  std::vector<Check> checks;
  if (faults.empty()) {
    for (auto& item : items) checks.push_back(read_check(item));
  }
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  const auto rules = services.rules.active();
  boost::json::array answers;
  for (const auto& check : checks) {
    answers.push_back(answer_to_json(answer_for(request.viewer, check, *rules, services)));
  }
  return json_response(200, {{"answers", std::move(answers)}});
}

}  // namespace consign::http
