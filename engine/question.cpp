#include "engine/question.hpp"

#include <algorithm>

namespace consign {

Question::Question(const Program& program, const Record& record, const Record& shop_facts,
                   std::string_view shop, Timestamp now, std::pmr::memory_resource* memory)
    : program_(program),
      memory_(memory),
      event_{record, {}, {}, false},
      facts_{{}, {}, {}, shop_facts},
      shop_(shop),
      now_(now),
      frame_(program, event_, facts_, now, memory_, Frame::Unsaid::unknown),
      evaluator_(program, frame_, memory_) {}

bool Question::in_force(const CompiledRule& compiled) const {
  if (!compiled.limited) return true;
  const RuleDetails& only = *program_.rule(compiled.rule).details;
  const bool concerned = only.shops.empty() ||
                         std::find(only.shops.begin(), only.shops.end(), shop_) != only.shops.end();
  return concerned && (!only.from || now_ >= *only.from) && (!only.until || now_ < *only.until);
}

Truth Question::truth(const CompiledRule& compiled) {
  return compiled.condition == kNone ? Truth::yes : evaluator_.truth(compiled.condition, kNoLine);
}

std::string_view Question::why(Truth truth) {
  if (truth == Truth::unknown) return "what it asks about is not known";
  return join_text({"it failed: ", evaluator_.cause()}, memory_);
}

std::string_view Question::words(const TextTemplate& text) const {
  std::pmr::string out(memory_);
  for (const auto& piece : text.pieces) {
    if (const auto* literal = std::get_if<std::string_view>(&piece)) {
      out += *literal;
      continue;
    }
    const auto& read = std::get<FieldRead>(piece);
    if (read.field == Field::now) out += to_text(Value::of_time(now_));
    const auto values_in = [&](const Record& record) {
      return row_of(read.field).keyed() ? record.keyed(read.field, read.key)
                                        : record.values(read.field);
    };
    auto values = values_in(event_.order);
    if (values.empty()) values = values_in(facts_.shared);
    if (values.empty() && must_be_known(row_of(read.field))) out += '?';
    bool first = true;
    for (const Value& value : values) {
      if (!first) out += ", ";
      first = false;
      out += to_text(value);
    }
  }
  return copy_text(out, memory_);
}

}  // namespace consign
