#include "daemon/http/document_reader.hpp"

#include <algorithm>
#include <utility>

#include "consign/diagnostic.hpp"

namespace consign::http {
namespace {

const JsonNode& nothing() {
  static const JsonNode kNothing;
  return kNothing;
}

}  // namespace

DocumentReader::DocumentReader(const JsonNode& node, std::string pointer,
                               std::vector<JsonError>& faults)
    : node_(node), pointer_(std::move(pointer)), faults_(faults) {
  if (&node_ != &nothing() && !node_.is(JsonNode::Kind::object)) {
    faults_.push_back({pointer_, "this is a JSON object"});
  }
}

std::string DocumentReader::place(std::string_view name) const {
  return name.empty() ? pointer_ : pointer_ + "/" + pointer_token(name);
}

void DocumentReader::fault(std::string_view name, std::string message) {
  faults_.push_back({place(name), std::move(message)});
}

const JsonNode* DocumentReader::find(std::string_view name) {
  known_.emplace_back(name);
  const JsonNode* member = node_.find(name);
  return member == nullptr || member->is_null() ? nullptr : member;
}

const JsonNode* DocumentReader::need(std::string_view name) {
  const JsonNode* member = find(name);
  if (member == nullptr && node_.is(JsonNode::Kind::object)) {
    fault(name, "`" + std::string(name) + "` is missing");
  }
  return member;
}

std::string DocumentReader::text(std::string_view name) {
  if (need(name) == nullptr) return {};
  return maybe_text(name).value_or("");
}

std::optional<std::string> DocumentReader::maybe_text(std::string_view name) {
  const JsonNode* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (member->is(JsonNode::Kind::string) && !member->text.empty()) {
    return std::string(member->text);
  }
  fault(name, "this is a text that is not empty");
  return std::nullopt;
}

std::optional<std::vector<std::string>> DocumentReader::maybe_texts(std::string_view name) {
  const JsonNode* member = find(name);
  if (member == nullptr) return std::nullopt;
  const auto items = member->children();
  const bool texts = member->is(JsonNode::Kind::array) &&
                     std::all_of(items.begin(), items.end(), [](const JsonNode& item) {
                       return item.is(JsonNode::Kind::string) && !item.text.empty();
                     });
  if (!texts) {
    fault(name, "this is a list of texts that are not empty");
    return std::nullopt;
  }
  std::vector<std::string> found;
  for (const JsonNode& item : items) {
    std::string text(item.text);
    if (std::find(found.begin(), found.end(), text) == found.end()) {
      found.push_back(std::move(text));
    }
  }
  return found;
}

bool DocumentReader::flag(std::string_view name) {
  const JsonNode* member = find(name);
  if (member == nullptr) return false;
  if (!member->is(JsonNode::Kind::boolean)) fault(name, "this is true or false");
  return member->truth;
}

std::optional<Timestamp> DocumentReader::maybe_time(std::string_view name) {
  const auto written = maybe_text(name);
  if (!written) return std::nullopt;
  const auto time = parse_timestamp(*written);
  if (!time) fault(name, "this is a time with a zone, as `2026-11-21T10:00:00Z`");
  return time;
}

std::optional<Decimal> DocumentReader::number_in(const JsonNode& node, const std::string& place,
                                                 bool positive) {
  const bool scalar = node.is(JsonNode::Kind::number) || node.is(JsonNode::Kind::string);
  const auto number = scalar ? Decimal::parse(node.text) : std::nullopt;
  if (!number) {
    faults_.push_back({place, "this is a number"});
  } else if (positive && *number <= Decimal(0)) {
    faults_.push_back({place, "a quantity is more than 0, this one is " + number->to_string()});
  }
  return number;
}

std::optional<Decimal> DocumentReader::maybe_number(std::string_view name) {
  const JsonNode* member = find(name);
  return member == nullptr ? std::nullopt : number_in(*member, place(name), false);
}

std::optional<Decimal> DocumentReader::maybe_quantity(std::string_view name) {
  const JsonNode* member = find(name);
  return member == nullptr ? std::nullopt : number_in(*member, place(name), true);
}

std::vector<Decimal> DocumentReader::maybe_quantities(std::string_view name) {
  std::vector<Decimal> found;
  const JsonNode* member = find(name);
  if (member == nullptr) return found;
  if (!member->is(JsonNode::Kind::array)) {
    fault(name, "this is a list of quantities");
    return found;
  }
  for (const JsonNode& item : member->children()) {
    const auto at = place(name) + "/" + std::to_string(found.size());
    found.push_back(number_in(item, at, true).value_or(Decimal(0)));
  }
  return found;
}

std::optional<std::int64_t> DocumentReader::maybe_count(std::string_view name) {
  const auto number = maybe_number(name);
  if (!number) return std::nullopt;
  const auto whole = number->to_int64();
  if (!whole || *whole < 0) {
    fault(name, "this is a whole number, 0 or more");
    return std::nullopt;
  }
  return whole;
}

bool DocumentReader::has(std::string_view name) const {
  const JsonNode* member = node_.find(name);
  return member != nullptr && !member->is_null();
}

std::optional<std::vector<Permission>> DocumentReader::maybe_permissions(std::string_view name) {
  const auto written = maybe_texts(name);
  if (!written) return std::nullopt;
  std::vector<Permission> found;
  for (std::size_t i = 0; i < written->size(); ++i) {
    const auto permissions = read_permissions((*written)[i]);
    if (!permissions) {
      faults_.push_back({place(name) + "/" + std::to_string(i), permissions.error().message});
      continue;
    }
    for (const auto& each : *permissions) {
      if (std::find(found.begin(), found.end(), each) == found.end()) found.push_back(each);
    }
  }
  return found;
}

Permission DocumentReader::single_permission(std::string_view name) {
  const auto written = text(name);
  if (written.empty()) return {};
  const auto permissions = parse_permissions(written);
  if (permissions && permissions->size() == 1 && !permissions->front().is_wildcard()) {
    return permissions->front();
  }
  fault(name, "`" + written + "` is no single permission, as `orders:view` is");
  return {};
}

DocumentReader DocumentReader::object(std::string_view name) {
  const JsonNode* member = need(name);
  return {member == nullptr ? nothing() : *member, place(name), faults_};
}

std::vector<DocumentReader> DocumentReader::objects(std::string_view name) {
  std::vector<DocumentReader> found;
  const JsonNode* member = need(name);
  if (member == nullptr) return found;
  if (!member->is(JsonNode::Kind::array)) {
    fault(name, "this is a JSON array");
    return found;
  }
  for (const JsonNode& item : member->children()) {
    found.emplace_back(item, place(name) + "/" + std::to_string(found.size()), faults_);
  }
  return found;
}

void DocumentReader::finish() {
  if (!node_.is(JsonNode::Kind::object)) return;
  for (const JsonNode& member : node_.children()) {
    const std::string_view name = member.name;
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::vector<std::string_view> names(known_.begin(), known_.end());
    const auto near = nearest_name(name, names);
    fault(name, "there is no member `" + std::string(name) + "` here" +
                    (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?"));
  }
}

}  // namespace consign::http
