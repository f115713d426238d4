#include "daemon/effects/answer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace consign {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestMessage = 300;

// A text of the other side, fit for one line of a log.
std::string told(std::string_view text) {
  std::string out(text.substr(0, kLongestMessage));
  if (text.size() > kLongestMessage) {
    constexpr unsigned char kTop = 0xC0, kContinued = 0x80;
    const auto continued = [&](char c) {
      return (static_cast<unsigned char>(c) & kTop) == kContinued;
    };
    std::size_t end = kLongestMessage;
    while (end > 0 && continued(text[end])) --end;
    out = std::string(text.substr(0, end)) + "…";
  }
  for (char& c : out) {
    constexpr char kDelete = 0x7F;
    if ((c >= 0 && c < ' ') || c == kDelete) c = ' ';
  }
  return out;
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// The message of the first of a list of errors; nothing where the list is empty or absent.
std::optional<std::string> first_message(const json::object& object, std::string_view name) {
  const auto* list = object.if_contains(name);
  if (list == nullptr || list->is_null()) return std::nullopt;
  const auto* errors = list->if_array();
  // A bad token, for one, is answered with a text instead of a list.
  if (errors == nullptr) return list->is_string() ? std::string(list->get_string()) : "errors";
  if (errors->empty()) return std::nullopt;
  const auto* first = errors->front().if_object();
  std::string message = first == nullptr ? std::string() : text_at(*first, "message");
  return message.empty() ? std::string(name) : message;
}

// https://spec.graphql.org/October2021/#sec-Response-Format, and `userErrors`, which each mutation
// of Shopify has beside its result.
std::optional<std::string> refusal_of_shopify(const json::object& answer) {
  if (auto message = first_message(answer, "errors")) return message;
  const auto* data = answer.if_contains("data");
  if (data == nullptr || !data->is_object()) return "there is no `data` in it";
  for (const auto& field : data->get_object()) {
    const auto* result = field.value().if_object();
    if (result == nullptr) return "`" + std::string(field.key()) + "` is null";
    if (auto message = first_message(*result, "userErrors")) return message;
  }
  return std::nullopt;
}

// `error` is a word, empty where all is well; `message` says it for people.
std::optional<std::string> refusal_of_shopee(const json::object& answer) {
  const auto error = text_at(answer, "error");
  if (error.empty()) return std::nullopt;
  const auto message = text_at(answer, "message");
  return message.empty() ? error : error + ": " + message;
}

std::optional<std::string> refusal_in_body(AnswerForm form, const std::string& body) {
  boost::system::error_code error;
  const auto parsed = json::parse(body, error);
  const auto* answer = error ? nullptr : parsed.if_object();
  if (answer == nullptr) return "its body is no JSON object";
  return form == AnswerForm::shopify ? refusal_of_shopify(*answer) : refusal_of_shopee(*answer);
}

}  // namespace

std::optional<std::string> refusal_in(AnswerForm form, const PostAnswer& answer) {
  if (answer.status == 0) return answer.reason;
  const std::string status = "answered " + std::to_string(answer.status);
  if (answer.status / 100 != 2) {
    return answer.reason.empty() ? status : status + " " + answer.reason;
  }
  if (form == AnswerForm::notice) return std::nullopt;
  const auto refusal = refusal_in_body(form, answer.body);
  if (!refusal) return std::nullopt;
  return status + ", but " + told(*refusal);
}

}  // namespace consign
