// A question to rules that are about one thing, without lines: a check, a request, an event of the
// set's own.
#pragma once

#include <optional>

#include "engine/evaluator.hpp"

namespace consign {

/// Evaluates the rules of a program over one record and the facts of a shop. For one thread; what
/// it is made of must outlive it.
class Question {
 public:
  /// `shop`: the shop that the question is about, which `shop` clauses of rules compare with.
  Question(const Program& program, const Record& record, const Record& shop_facts,
           std::string_view shop, Timestamp now, std::pmr::memory_resource* memory);

  const Program& program() const { return program_; }
  Timestamp now() const { return now_; }
  /// Whether the rule's shops and days include this question's.
  bool in_force(const CompiledRule& compiled) const;
  Truth truth(const CompiledRule& compiled);
  /// Runs every rule in force. `otherwise` rules come last, all of them, and only if `settled()` is
  /// false when the first of them is reached: of those, too, any may say no.
  template <class Settled, class Run>
  void each_rule(Settled settled, Run run) {
    std::optional<bool> left_over;
    for (const CompiledRule& compiled : program_.run) {
      if (compiled.otherwise) {
        if (!left_over) left_over = !settled();
        if (!*left_over) return;
      }
      if (in_force(compiled)) run(compiled);
    }
  }
  /// Why the last truth() was neither yes nor no.
  std::string_view why(Truth truth);
  /// A text with its fields filled in; many values stand with commas between.
  std::string_view words(const TextTemplate& text) const;
  std::pmr::memory_resource* memory() const { return memory_; }

 private:
  const Program& program_;
  std::pmr::memory_resource* memory_;
  const Event event_;
  const Facts facts_;
  const std::string_view shop_;
  const Timestamp now_;
  Frame frame_;
  Evaluator evaluator_;
};

}  // namespace consign
