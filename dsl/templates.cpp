// Texts of actions with fields in them: `"no supplier for {line.sku}"`, `{{` for a brace.

#include "consign/text.hpp"
#include "dsl/actions_resolver.hpp"

namespace consign::check {

namespace {

/// The place in the file of the bytes [begin, end) of a text.
Span span_of(const ast::TemplateText& text, std::size_t begin, std::size_t end) {
  if (begin >= text.offsets.size() || end == begin || end > text.offsets.size()) return text.span;
  return {text.span.source, text.offsets[begin], text.offsets[end - 1] + 1};
}

}  // namespace

std::optional<TextTemplate::Piece> ActionsResolver::field(std::string_view inner, Span span) {
  std::string_view name = trim(inner);
  std::optional<std::string> key;
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
    key = std::string(written);
  }
  auto read = checker_.field_in_text(name, key, span, *reach_);
  if (!read) return std::nullopt;
  return std::move(*read);
}

std::optional<TextTemplate> ActionsResolver::text(const ast::TemplateText& written) {
  TextTemplate resolved;
  std::string literal;
  bool good = true;
  const std::string_view all = written.text;
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
    } else if (auto piece = field(inner, span_of(written, at + 1, end))) {
      if (!literal.empty()) resolved.pieces.emplace_back(std::move(literal));
      literal.clear();
      resolved.pieces.push_back(std::move(*piece));
    } else {
      good = false;
    }
    at = end + 1;
  }
  if (!good) return std::nullopt;
  if (!literal.empty()) resolved.pieces.emplace_back(std::move(literal));
  return resolved;
}

}  // namespace consign::check
