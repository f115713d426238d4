// Texts of actions with fields in them: `"no supplier for {line.sku}"`, `{{` for a brace.

#include "consign/text.hpp"
#include "dsl/actions_resolver.hpp"

namespace consign::check {

namespace {

/// The place in the file of the bytes [begin, end) of a text.
Span span_of(const ast::TemplateText& text, std::size_t begin, std::size_t end) {
  if (begin >= text.text.size() || end == begin || end > text.text.size()) return text.span;
  return {text.span.source, text.offset(begin), text.offset(end - 1) + 1};
}

}  // namespace

std::optional<FieldRead> ActionsResolver::field(std::string_view inner, Span span) {
  std::string_view name = trim(inner);
  std::optional<std::string_view> key;
  if (const std::size_t bracket = name.find('['); bracket != std::string_view::npos) {
    std::string_view written = name.substr(bracket + 1);
    name = trim(name.substr(0, bracket));
    if (!written.ends_with("]")) {
      world_.sink.report(Code::bad_template, "the bracket in " + ticked(inner) + " is not closed")
          .primary(span);
      return std::nullopt;
    }
    written = trim(written.substr(0, written.size() - 1));
    if (written.size() >= 2 && written.front() == '"' && written.back() == '"') {
      written = written.substr(1, written.size() - 2);
    }
    key = written;
  }
  return checker_.field_in_text(name, key, span, *reach_);
}

std::optional<TextTemplate> ActionsResolver::text(const ast::TemplateText& written) {
  const std::string_view all = world_.lasting(written.text, written.span.source);
  if (all.empty()) return TextTemplate{};
  if (all.find('{') == std::string_view::npos) {
    const TextTemplate::Piece whole = all;
    return TextTemplate{world_.pool->copy(std::span(&whole, 1))};
  }
  pieces_.clear();
  std::string literal;
  const auto end_literal = [&] {
    if (literal.empty()) return;
    pieces_.emplace_back(world_.pool->copy(std::string_view(literal)));
    literal.clear();
  };
  bool good = true;
  for (std::size_t at = 0; at < all.size();) {
    if (all[at] != '{') {
      literal += all[at++];
      continue;
    }
    if (all.substr(at, 2) == "{{") {
      literal += '{';
      at += 2;
      continue;
    }
    const std::size_t end = all.find('}', at);
    if (end == std::string_view::npos) {
      world_.sink.report(Code::bad_template, "this `{` is not closed")
          .primary(span_of(written, at, at + 1))
          .help("a field stands in braces, as `{line.sku}`; for a brace itself write `{{`");
      return std::nullopt;
    }
    const std::string_view inner = all.substr(at + 1, end - at - 1);
    if (trim(inner).empty()) {
      world_.sink.report(Code::bad_template, "there is no field in these braces")
          .primary(span_of(written, at, end + 1))
          .help("name one, as `{line.sku}`; for a brace itself write `{{`");
      good = false;
    } else if (const auto read = field(inner, span_of(written, at + 1, end))) {
      end_literal();
      pieces_.emplace_back(*read);
    } else {
      good = false;
    }
    at = end + 1;
  }
  if (!good) return std::nullopt;
  end_literal();
  return TextTemplate{world_.pool->copy(pieces_)};
}

}  // namespace consign::check
