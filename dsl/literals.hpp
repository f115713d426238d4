// What literals say: escapes, digits, units, days and times. The grammar only finds where they end.
//
// All of these report what is wrong and then hand back something harmless of the same kind, so that
// reading goes on; `faulty` tells the caller.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "consign/diagnostic.hpp"
#include "consign/dsl.hpp"
#include "dsl/ast.hpp"
#include "dsl/fault.hpp"

namespace consign {

/// Reads literals out of one text. Keeps references to what it is made with; what it gives views
/// the text or lies in the pool.
class LiteralReader {
 public:
  LiteralReader(std::string_view text, const Places& places, TreePool& pool, const Limits& limits,
                DiagnosticSink& sink)
      : text_(text), places_(places), pool_(pool), limits_(limits), sink_(sink) {}

  /// The text between the quotes at `begin` and `end`, without escapes: a view of the text that is
  /// read where there are none, else kept in the pool.
  std::string_view unquote(std::size_t begin, std::size_t end);
  /// The same, with the place of each byte.
  ast::TemplateText unquote_template(std::size_t begin, std::size_t end);
  /// `12`, `1_000`, `500 EUR`, `30 days`, `70%`: digits at [begin, digits_end), then the unit at
  /// [unit_begin, unit_end) if that is not empty.
  ast::Literal quantity(std::size_t begin, std::size_t digits_end, std::size_t unit_begin,
                        std::size_t unit_end, bool negative);
  ast::Literal day_or_time(std::size_t begin, std::size_t end);

  bool faulty() const { return faulty_; }
  void set_faulty() { faulty_ = true; }
  void forget_faults() { faulty_ = false; }

 private:
  bool too_long(std::size_t begin, std::size_t end);
  std::string unescape(std::size_t begin, std::size_t end, std::vector<std::uint32_t>* offsets);
  std::size_t escape(std::size_t at, std::size_t end, std::string& out);
  std::string_view slice(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }
  DiagnosticSink::Builder fault(Code code, std::string message, std::size_t begin, std::size_t end);

  std::string_view text_;
  const Places& places_;
  TreePool& pool_;
  const Limits& limits_;
  DiagnosticSink& sink_;
  bool faulty_ = false;
};

}  // namespace consign
