#include "daemon/wire/own_event.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <tuple>
#include <utility>

#include "consign/diagnostic.hpp"
#include "consign/hash.hpp"
#include "consign/text.hpp"
#include "daemon/wire/decision_json.hpp"
#include "daemon/wire/field_reader.hpp"

namespace consign {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 20'000;
constexpr std::size_t kLongestId = 256;

constexpr std::string_view kId = "id";
constexpr std::string_view kAt = "at";

struct Unit {
  std::string_view name;
  std::int64_t factor;  ///< seconds, or milligrams
};
constexpr std::array<Unit, 8> kDurations{{{"s", 1},
                                          {"min", 60},
                                          {"h", 3'600},
                                          {"d", 86'400},
                                          {"day", 86'400},
                                          {"days", 86'400},
                                          {"week", 604'800},
                                          {"weeks", 604'800}}};
constexpr std::array<Unit, 3> kWeights{{{"mg", 1}, {"g", 1'000}, {"kg", 1'000'000}}};

/// "12.50 EUR" in two; the second is empty where there is none.
std::pair<std::string_view, std::string_view> split_unit(std::string_view text) {
  text = trim(text);
  const auto end = text.find_first_not_of("+-.0123456789");
  if (end == std::string_view::npos) return {text, {}};
  return {trim(text.substr(0, end)), trim(text.substr(end))};
}

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  const auto found = std::ranges::find(units, name, &Unit::name);
  return found == units.end() ? nullptr : &*found;
}

std::optional<Value> read_money(const JsonNode& node) {
  std::string_view amount, currency;
  if (node.is(JsonNode::Kind::object)) {
    const JsonNode* amount_node = node.find("amount");
    const JsonNode* currency_node = node.find("currency");
    if (amount_node == nullptr || currency_node == nullptr || node.count != 2 ||
        !currency_node->is(JsonNode::Kind::string)) {
      return std::nullopt;
    }
    const bool scalar =
        amount_node->is(JsonNode::Kind::string) || amount_node->is(JsonNode::Kind::number);
    if (!scalar) return std::nullopt;
    amount = amount_node->text;
    currency = currency_node->text;
  } else if (node.is(JsonNode::Kind::string)) {
    std::tie(amount, currency) = split_unit(node.text);
  }
  const auto number = Decimal::parse(amount);
  const auto word = find_word(Domain::currency, currency);
  if (!number || !word) return std::nullopt;
  return Value::of_money(*number, *word);
}

/// A number of the unit that values are held in, or a text with a unit; `base` is that unit's
/// factor.
template <std::size_t N>
std::optional<Decimal> read_measure(const JsonNode& node, const std::array<Unit, N>& units,
                                    std::int64_t base) {
  if (node.is(JsonNode::Kind::number)) return Decimal::parse(node.text);
  if (!node.is(JsonNode::Kind::string)) return std::nullopt;
  const auto [number, unit] = split_unit(node.text);
  const auto parsed = Decimal::parse(number);
  const Unit* found = find_unit(units, unit);
  if (!parsed || found == nullptr) return std::nullopt;
  const auto product = parsed->times(Decimal(found->factor));
  return product && base != 1 ? product->divided_by(Decimal(base)) : product;
}

std::string_view form_of(Type type) {
  switch (type) {
    case Type::number:
      return "a number, as 12.50 or \"12.50\"";
    case Type::money:
      return "money, as {\"amount\":\"12.50\",\"currency\":\"EUR\"} or \"12.50 EUR\"";
    case Type::weight:
      return "a weight, as \"2 kg\" or in grams, as 2000";
    case Type::duration:
      return "a duration, as \"15min\", \"72h\" or \"30 days\", or in seconds, as 900";
    case Type::time:
      return "a time with a zone, as \"2026-11-21T10:00:00Z\"";
    case Type::boolean:
      return "true or false";
    default:
      return "a text, in quotes";
  }
}

std::optional<Value> read_value(Type type, const JsonNode& node) {
  const bool is_text = node.is(JsonNode::Kind::string);
  switch (type) {
    case Type::text:
      return is_text ? std::optional(Value::of_text(node.text)) : std::nullopt;
    case Type::code:
      return is_text ? std::optional(Value::of_code(node.text)) : std::nullopt;
    case Type::number: {
      const bool scalar = is_text || node.is(JsonNode::Kind::number);
      const auto number = scalar ? Decimal::parse(node.text) : std::nullopt;
      return number ? std::optional(Value::of_number(*number)) : std::nullopt;
    }
    case Type::money:
      return read_money(node);
    case Type::weight: {
      const auto grams = read_measure(node, kWeights, 1'000);
      return grams ? std::optional(Value::of_weight(*grams)) : std::nullopt;
    }
    case Type::duration: {
      const auto seconds = read_measure(node, kDurations, 1);
      return seconds ? std::optional(Value::of_duration(*seconds)) : std::nullopt;
    }
    case Type::time: {
      const auto time = is_text ? parse_timestamp(node.text) : std::nullopt;
      return time ? std::optional(Value::of_time(*time)) : std::nullopt;
    }
    case Type::boolean:
      return node.is(JsonNode::Kind::boolean) ? std::optional(Value::of_bool(node.truth))
                                              : std::nullopt;
    default:
      return std::nullopt;  // no field of an event has another type
  }
}

class OwnEventReader {
 public:
  OwnEventReader(const JsonNode& document, const OwnEvent& declared)
      : document_(document), declared_(declared) {}

  Result<OwnEventDocument, std::vector<JsonError>> read() {
    if (!document_.is(JsonNode::Kind::object)) {
      return std::vector<JsonError>{{"", "an event is a JSON object"}};
    }
    event_.name = declared_.name;
    for (const JsonNode& node : document_.children()) read_member(node);
    if (event_.id.empty() && !faulty_id_) {
      faults_.push_back({"/id", "`id` is missing; by it the event is taken in once only"});
    }
    if (!faults_.empty()) return faults_;
    if (const auto* shop = declared_.find("shop");
        shop != nullptr && shop->field == Field::event_code) {
      const auto values = event_.record.keyed(Field::event_code, "shop");
      if (!values.empty()) event_.shop = values.front().text;
    }
    event_.canonical = canonical_json(document_);
    return std::move(event_);
  }

 private:
  void fault(const JsonNode& node, std::string message) {
    faults_.push_back({"/" + pointer_token(node.name), std::move(message)});
  }

  void read_member(const JsonNode& node) {
    if (node.name == kId) read_id(node);
    if (node.name == kAt && !node.is_null()) read_at(node);
    const OwnEvent::Member* member = declared_.find(node.name);
    if (member != nullptr) return read_field(node, *member);
    if (node.name == kId || node.name == kAt) return;
    std::vector<std::string_view> names{kId, kAt};
    for (const auto& each : declared_.members) names.push_back(each.name);
    const auto near = nearest_name(node.name, names);
    fault(node, "`" + declared_.name + "` has no field `" + std::string(node.name) + "`" +
                    (near.empty() ? "" : "; did you mean `" + std::string(near) + "`?"));
  }

  void read_id(const JsonNode& node) {
    const bool fits = node.is(JsonNode::Kind::string) && !node.text.empty() &&
                      node.text.size() <= kLongestId && is_plain_text(node.text);
    faulty_id_ = !fits;
    if (fits) {
      event_.id = node.text;
    } else if (node.is(JsonNode::Kind::number)) {
      fault(node, kIdHelp);
    } else {
      fault(node, "an id is a text of 1 to " + std::to_string(kLongestId) +
                      " bytes without control characters");
    }
  }

  void read_at(const JsonNode& node) {
    if (node.is(JsonNode::Kind::string)) event_.happened_at = parse_timestamp(node.text);
    if (!event_.happened_at) fault(node, kTimeHelp);
  }

  void read_field(const JsonNode& node, const OwnEvent::Member& member) {
    if (node.is_null()) return;
    const Type type = row_of(member.field).type;
    if (node.is(JsonNode::Kind::string) && node.text.size() > kLongestText) {
      return fault(node, "this text is longer than " + std::to_string(kLongestText) + " bytes");
    }
    const auto value = read_value(type, node);
    if (value) return event_.record.set_keyed(member.field, member.name, *value);
    fault(node, "`" + declared_.name + "." + member.name + "` is " + std::string(form_of(type)));
  }

  static bool is_plain_text(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  }

  const JsonNode& document_;
  const OwnEvent& declared_;
  OwnEventDocument event_;
  std::vector<JsonError> faults_;
  bool faulty_id_ = false;
};

json::string text(std::string_view view) { return json::string(view); }

json::object with_rule(json::object out, const RuleSet& rules, RuleIndex rule) {
  if (rule != kNoRule) out["because"] = because_to_json(rules, rule);
  return out;
}

std::string_view name_of(EventDecision::State state) {
  switch (state) {
    case EventDecision::State::recorded:
      return "recorded";
    case EventDecision::State::assigned:
      return "assigned";
    case EventDecision::State::held:
      break;
  }
  return "held";
}

// What is seldom there stands only where there is some.
void put_rest(json::object& out, const EventDecision& decision, const RuleSet& rules) {
  const auto put = [&](const char* name, json::array list) {
    if (!list.empty()) out[name] = std::move(list);
  };
  json::array superseded, notices, failures, shadows;
  for (const Superseded& each : decision.superseded) {
    json::object one = because_to_json(rules, each.rule);
    one["by"] = because_to_json(rules, each.by);
    superseded.push_back(std::move(one));
  }
  for (const Noticed& each : decision.notices) {
    notices.push_back(with_rule({{"endpoint", text(each.endpoint)}, {"text", text(each.text)}},
                                rules, each.rule));
  }
  for (const Failure& each : decision.failures) {
    failures.push_back(with_rule({{"cause", text(each.cause)}}, rules, each.rule));
  }
  for (const ShadowRecord& each : decision.shadows) {
    json::object one{{"would", text(each.would)}};
    if (!each.detail.empty()) one["detail"] = text(each.detail);
    shadows.push_back(with_rule(std::move(one), rules, each.rule));
  }
  put("superseded", std::move(superseded));
  put("notices", std::move(notices));
  put("failures", std::move(failures));
  put("shadow", std::move(shadows));
}

}  // namespace

Result<OwnEventDocument, std::vector<JsonError>> read_own_event(const JsonNode& document,
                                                                const OwnEvent& declared) {
  return OwnEventReader(document, declared).read();
}

std::string no_such_event(const RuleSet& rules, std::string_view name) {
  std::string told = "there is no event `" + std::string(name) + "`; ";
  if (rules.events.empty()) return told + "the rules declare none";
  std::vector<std::string_view> names;
  for (const auto& each : rules.events) names.push_back(each.name);
  if (const auto near = nearest_name(name, names); !near.empty()) {
    return told + "did you mean `" + std::string(near) + "`?";
  }
  told += "the rules declare ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    told += (i == 0 ? "`" : ", `") + std::string(names[i]) + "`";
  }
  return told;
}

std::optional<std::size_t> find_event_index(const RuleSet& rules, std::string_view name) {
  const OwnEvent* found = rules.find_event(name);
  if (found == nullptr) return std::nullopt;
  return static_cast<std::size_t>(found - rules.events.data());
}

std::string event_decision_id(const RuleSet& rules, const OwnEventDocument& event,
                              std::string_view facts, Timestamp now) {
  return to_hex(Sha256()
                    .field("event")
                    .field(kEngineVersion)
                    .field(time_zone_data_version())
                    .field(rules.hash)
                    .field(event.name)
                    .field(event.canonical)
                    .field(facts)
                    .field(format_timestamp(now))
                    .digest())
      .substr(0, 32);
}

EventDecision no_rule_decides(Arena& arena) {
  arena.reset();
  return EventDecision(arena.resource());
}

json::object event_decision_to_json(const EventDecision& decision, const RuleSet& rules,
                                    const OwnEventDocument& event, std::string_view id,
                                    Timestamp now) {
  json::object out{{"decision", text(id)},
                   {"event", {{"name", event.name}, {"id", event.id}}},
                   {"state", name_of(decision.state)}};
  if (decision.hand != nullptr) {
    if (decision.hand->group) {
      out["group"] = rules.groups[*decision.hand->group].name;
    } else if (decision.state == EventDecision::State::assigned) {
      out["assigned_to"] = decision.hand->account->to_string();
    }
  }
  if (decision.because != kNoRule) out["because"] = because_to_json(rules, decision.because);
  if (!decision.reason.empty()) out["reason"] = text(decision.reason);
  json::array tags, notes;
  for (const auto tag : decision.tags) tags.push_back(text(tag));
  for (const Noted& note : decision.notes) {
    notes.push_back(with_rule({{"text", text(note.text)}}, rules, note.rule));
  }
  out["tags"] = std::move(tags);
  out["notes"] = std::move(notes);
  put_rest(out, decision, rules);
  out["rules"] = rules.hash;
  out["at"] = format_timestamp(now);
  return out;
}

}  // namespace consign
