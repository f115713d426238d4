#include "daemon/wire/decision_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "consign/hash.hpp"
#include "daemon/wire/facts.hpp"

namespace consign {

namespace json = boost::json;

namespace {

json::string text(std::string_view view) { return json::string(view); }

std::string short_id(const Sha256Digest& digest) { return to_hex(digest).substr(0, 32); }

void put_because(json::object& out, const Program& program, RuleIndex rule) {
  if (rule != kNoRule) out["because"] = because_to_json(program, rule);
}

json::object part_to_json(const Part& part, const LineDecision& line, const Program& program) {
  json::object out;
  out["id"] = std::to_string(part.number);
  out["quantity"] = quantity_to_json(part.quantity);
  out["outcome"] = name_of(part.outcome);
  if (!part.supplier.empty()) out["supplier"] = text(part.supplier);
  if (!part.reason.empty()) out["reason"] = text(part.reason);
  if (part.outcome == Outcome::waiting) {
    json::array facts;
    for (const std::string_view name : line.waits_for) facts.push_back(text(name));
    out["waits_for"] = std::move(facts);
  }
  if (part.until) out["until"] = format_timestamp(*part.until);
  put_because(out, program, part.because);
  return out;
}

json::object line_to_json(const LineDecision& line, const Program& program) {
  json::object out;
  out["id"] = text(line.id);
  json::array parts;
  for (const Part& part : line.parts) parts.push_back(part_to_json(part, line, program));
  out["parts"] = std::move(parts);
  if (!line.superseded.empty()) {
    json::array superseded;
    for (const Superseded& each : line.superseded) {
      json::object one = because_to_json(program, each.rule);
      if (each.by != kNoRule) one["by"] = because_to_json(program, each.by);
      superseded.push_back(std::move(one));
    }
    out["superseded"] = std::move(superseded);
  }
  if (!line.passed_over.empty()) {
    json::array passed_over;
    for (const PassedOver& each : line.passed_over) {
      json::object one{{"reason", text(each.reason)}};
      put_because(one, program, each.rule);
      passed_over.push_back(std::move(one));
    }
    out["passed_over"] = std::move(passed_over);
  }
  return out;
}

json::object grant_to_json(const GrantMade& grant, std::string_view id, const Program& program,
                           const OrderDocument& order) {
  json::object out;
  out["id"] = grant_id(id, grant, order);
  out["account"] = text(grant.account);
  json::array permissions;
  for (const Permission& each : grant.grant->permissions)
    permissions.push_back(text(each.to_string()));
  out["permissions"] = std::move(permissions);
  json::object on;
  on["shop"] = order.shop;
  if (!grant.on_shop) {
    on["order"] = order.id;
    on["line"] = text(order.event.lines[grant.line].text(Field::line_id));
    if (grant.part != 0) on["part"] = std::to_string(grant.part);
  }
  out["on"] = std::move(on);
  if (grant.until) out["until"] = format_timestamp(*grant.until);
  put_because(out, program, grant.rule);
  return out;
}

json::value field_to_json(const Value& value) {
  if (value.type == Type::boolean) return value.truth;
  if (value.type == Type::money) {
    return json::object{{"amount", value.number.to_string()}, {"currency", value.currency}};
  }
  return json::value(text(to_text(value)));
}

/// An entry about a line, or (without one) about the order as a whole.
void put_line(json::object& out, const std::optional<std::uint32_t>& line,
              const OrderDocument& order) {
  if (line) out["line"] = text(order.event.lines[*line].text(Field::line_id));
}

}  // namespace

json::value quantity_to_json(const Decimal& quantity) {
  if (const auto whole = quantity.to_int64()) return *whole;
  return json::value(text(quantity.to_canonical_string()));
}

json::object because_to_json(const Program& program, RuleIndex rule) {
  return because_to_json(rules_of(program), rule);
}

json::object because_to_json(const RuleSet& rules, RuleIndex rule) {
  const Rule& each = rules.rules[rule];
  const Span span = each.name_span;
  json::object out;
  out["rule"] = each.name;
  out["file"] = rules.sources->get(span.source).path;
  out["line"] = rules.sources->position(span.source, span.begin).line;
  return out;
}

std::string decision_id(const Program& program, const OrderDocument& order, const Facts& facts,
                        const Prior* prior, Timestamp now) {
  const Value* received = order.event.order.value(Field::order_received_at);
  return short_id(Sha256()
                      .field(kEngineVersion)
                      .field(time_zone_data_version())
                      .field(rules_of(program).hash)
                      .field(order.canonical())
                      .field(received == nullptr ? "" : format_timestamp(received->time))
                      .field(facts_to_json(facts))
                      .field(prior == nullptr ? "" : prior_to_json(*prior))
                      .field(format_timestamp(now))
                      .digest());
}

std::string grant_id(std::string_view decision, const GrantMade& grant,
                     const OrderDocument& order) {
  const std::string_view line =
      grant.on_shop ? std::string_view() : order.event.lines[grant.line].text(Field::line_id);
  return short_id(Sha256()
                      .field(decision)
                      .field(std::to_string(grant.rule))
                      .field(std::to_string(grant.action))
                      .field(grant.account)
                      .field(line)
                      .field(std::to_string(grant.part))
                      .digest());
}

json::object decision_to_json(const Decision& decision, const Program& program,
                              const OrderDocument& order, std::string_view id) {
  const RuleSet& rules = rules_of(program);
  json::object out;
  out["decision"] = text(id);
  out["order"] = json::object{{"shop", order.shop}, {"id", order.id}};
  out["state"] = name_of(decision.state);
  out["rules"] = rules.hash;
  out["at"] = format_timestamp(decision.at);

  json::array lines;
  for (const LineDecision& line : decision.lines) lines.push_back(line_to_json(line, program));
  out["lines"] = std::move(lines);

  json::array tags;
  for (const std::string_view tag : decision.tags) tags.push_back(text(tag));
  out["tags"] = std::move(tags);

  json::array notes;
  for (const Noted& note : decision.notes) {
    json::object one{{"text", text(note.text)}};
    put_because(one, program, note.rule);
    notes.push_back(std::move(one));
  }
  out["notes"] = std::move(notes);

  json::object fields;
  for (const FieldSet& set : decision.fields) {
    fields[rules.fields[set.field].name] = field_to_json(set.value);
  }
  out["fields"] = std::move(fields);

  json::array grants;
  for (const GrantMade& grant : decision.grants) {
    grants.push_back(grant_to_json(grant, id, program, order));
  }
  out["grants"] = std::move(grants);

  // What is seldom there stands only where there is some.
  if (decision.silent) out["notify_channel"] = false;
  if (!decision.notices.empty()) {
    json::array notices;
    for (const Noticed& notice : decision.notices) {
      json::object one{{"endpoint", text(notice.endpoint)}, {"text", text(notice.text)}};
      put_because(one, program, notice.rule);
      notices.push_back(std::move(one));
    }
    out["notices"] = std::move(notices);
  }
  if (!decision.failures.empty()) {
    json::array failures;
    for (const Failure& failure : decision.failures) {
      json::object one;
      put_line(one, failure.line, order);
      one["cause"] = text(failure.cause);
      put_because(one, program, failure.rule);
      failures.push_back(std::move(one));
    }
    out["failures"] = std::move(failures);
  }
  if (!decision.shadows.empty()) {
    json::array shadows;
    for (const ShadowRecord& shadow : decision.shadows) {
      json::object one;
      put_line(one, shadow.line, order);
      one["would"] = text(shadow.would);
      if (!shadow.detail.empty()) one["detail"] = text(shadow.detail);
      put_because(one, program, shadow.rule);
      shadows.push_back(std::move(one));
    }
    out["shadow"] = std::move(shadows);
  }
  return out;
}

// ---- reasons -----------------------------------------------------------------------------------

namespace {

json::array traces_to_json(const std::vector<RuleTrace>& traces, const Program& program) {
  const RuleSet& rules = rules_of(program);
  json::array out;
  for (const RuleTrace& trace : traces) {
    json::object one = because_to_json(program, trace.rule);
    one["verdict"] = name_of(trace.verdict);
    if (trace.by != kNoRule) one["by"] = because_to_json(program, trace.by);
    if (trace.has_part) {
      one["part"] = text(rules.sources->text(trace.part));
      one["saw"] = trace.saw;
    }
    if (!trace.waits_for.empty())
      one["waits_for"] = json::array(trace.waits_for.begin(), trace.waits_for.end());
    if (!trace.detail.empty()) one["detail"] = trace.detail;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

json::object explanation_to_json(const Explanation& explanation, const Program& program,
                                 const OrderDocument& order) {
  json::array lines;
  for (std::size_t i = 0; i < explanation.lines.size(); ++i) {
    json::object line;
    line["id"] = text(order.event.lines[i].text(Field::line_id));
    line["rules"] = traces_to_json(explanation.lines[i], program);
    lines.push_back(std::move(line));
  }
  json::object out;
  out["lines"] = std::move(lines);
  out["order"] = traces_to_json(explanation.order, program);
  return out;
}

// ---- what stood before -------------------------------------------------------------------------

std::string prior_to_json(const Prior& prior) {
  json::array parts;
  for (const Prior::Part& part : prior.parts) {
    json::object one{{"line", part.line},
                     {"part", part.number},
                     {"quantity", part.quantity.to_canonical_string()},
                     {"outcome", name_of(part.outcome)},
                     {"supplier", part.supplier},
                     {"reason", part.reason},
                     {"rule", part.rule},
                     {"by_person", part.by_person}};
    if (part.shipped) {
      one["shipped"] = true;
      one["gone"] = part.gone.to_canonical_string();
    }
    parts.push_back(std::move(one));
  }
  json::array rejections;
  for (const Prior::Rejection& each : prior.rejections) {
    rejections.push_back(
        json::object{{"line", each.line}, {"supplier", each.supplier}, {"reason", each.reason}});
  }
  json::array holds;
  for (const Prior::Hold& hold : prior.holds) {
    holds.push_back(json::object{{"line", hold.line},
                                 {"rule", hold.rule},
                                 {"first_fired", format_timestamp(hold.first_fired)},
                                 {"ended", hold.ended}});
  }
  json::object out{{"parts", std::move(parts)}, {"holds", std::move(holds)}};
  if (!rejections.empty()) out["rejections"] = std::move(rejections);
  return json::serialize(out);
}

Prior prior_from_json(std::string_view bytes) {
  Prior prior;
  const auto parsed = parse_json(bytes);
  if (!parsed) return prior;
  const auto member = [](const JsonNode& node, std::string_view name) -> const JsonNode& {
    static const JsonNode none;
    const JsonNode* found = node.find(name);
    return found == nullptr ? none : *found;
  };
  for (const JsonNode& node : member(parsed->root(), "parts").children()) {
    Prior::Part& part = prior.parts.emplace_back();
    part.line = member(node, "line").text;
    const auto number = Decimal::parse(member(node, "part").text).value_or(Decimal(1)).to_int64();
    part.number = static_cast<std::uint32_t>(number.value_or(1));
    part.quantity = Decimal::parse(member(node, "quantity").text).value_or(Decimal(0));
    for (const Outcome outcome :
         {Outcome::not_shippable, Outcome::held, Outcome::waiting, Outcome::assigned}) {
      if (member(node, "outcome").text == name_of(outcome)) part.outcome = outcome;
    }
    part.supplier = member(node, "supplier").text;
    part.reason = member(node, "reason").text;
    part.rule = member(node, "rule").text;
    part.by_person = member(node, "by_person").truth;
    part.shipped = member(node, "shipped").truth;
    part.gone = Decimal::parse(member(node, "gone").text).value_or(Decimal(0));
  }
  for (const JsonNode& node : member(parsed->root(), "rejections").children()) {
    prior.rejections.push_back({std::string(member(node, "line").text),
                                std::string(member(node, "supplier").text),
                                std::string(member(node, "reason").text)});
  }
  for (const JsonNode& node : member(parsed->root(), "holds").children()) {
    Prior::Hold& hold = prior.holds.emplace_back();
    hold.line = member(node, "line").text;
    hold.rule = member(node, "rule").text;
    hold.first_fired = parse_timestamp(member(node, "first_fired").text).value_or(Timestamp{});
    hold.ended = member(node, "ended").truth;
  }
  return prior;
}

// ---- messages ----------------------------------------------------------------------------------

json::object cost_to_json(const Program& program) {
  const ProgramCost cost = cost_of(program);
  json::array unindexed;
  for (const Unindexed& each : cost.unindexed) {
    json::object rule = because_to_json(program, each.rule);
    rule["why"] = name_of(each.why);
    unindexed.push_back(std::move(rule));
  }
  return {{"rules", cost.rules},
          {"predicates", cost.predicates},
          {"index_groups", cost.index_groups},
          {"unindexed", std::move(unindexed)},
          {"bytes", cost.bytes}};
}

json::object diagnostic_to_json(const Diagnostic& diagnostic, const SourceMap& sources) {
  const auto put_place = [&](json::object& out, const Span& span) {
    const Position start = sources.position(span.source, span.begin);
    const Position end = sources.position(span.source, span.end);
    out["file"] = sources.get(span.source).path;
    out["line"] = start.line;
    out["column"] = start.column;
    out["end_line"] = end.line;
    out["end_column"] = end.column;
    out["text"] = text(sources.text(span));
  };
  json::object out;
  out["code"] = row_of(diagnostic.code).id;
  out["severity"] = diagnostic.severity() == Severity::error ? "error" : "warning";
  out["message"] = diagnostic.message;
  if (const Span* place = diagnostic.place()) put_place(out, *place);
  json::array labels;
  for (const Label& label : diagnostic.labels) {
    json::object one;
    put_place(one, label.span);
    one["primary"] = label.primary;
    one["label"] = label.text;
    labels.push_back(std::move(one));
  }
  out["labels"] = std::move(labels);
  out["notes"] = json::array(diagnostic.notes.begin(), diagnostic.notes.end());
  out["help"] = json::array(diagnostic.help.begin(), diagnostic.help.end());
  return out;
}

}  // namespace consign
