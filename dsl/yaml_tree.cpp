// yaml-cpp's events, put together to a tree.
//
// yaml-cpp 0.7 needs some care. Its marks count bytes without a byte-order mark; it takes U+0004
// for the end of the file; it closes an unclosed quote at the end of the file without a word; its
// `\N` and `\_` make single bytes that are not UTF-8. It guards its own recursion (500 levels), so
// that a file cannot overflow the stack.
#include "dsl/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <unordered_map>

#include "consign/text.hpp"
#include "dsl/yaml_faults.hpp"

namespace consign::yaml {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(SourceId source, std::string_view file, std::size_t max_messages,
              DiagnosticSink& sink)
      : source_(source),
        max_messages_(max_messages),
        file_(file),
        skipped_(file.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0),
        sink_(sink) {}

  Node take_root() { return std::move(root_); }
  /// The place of a mark in the file.
  std::uint32_t offset(const YAML::Mark& mark) const {
    const auto pos = static_cast<std::size_t>(std::max(mark.pos, 0)) + skipped_;
    return static_cast<std::uint32_t>(std::min(pos, file_.size()));
  }
  SyntaxError syntax_error(const YAML::Exception& exception) {
    SyntaxError error{offset(exception.mark), exception.msg, {}, last_scalar_};
    for (const auto& node : stack_)
      error.open.push_back({node.span.begin, node.flow, node.kind == Kind::map});
    return error;
  }

 private:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    // Where nothing is written, the mark is at whatever comes next. So a null stands behind what
    // came before it, which is the key that it is the value of.
    Node node;
    auto at = offset(mark);
    if (!stack_.empty())
      at = stack_.back().children.empty() ? stack_.back().span.begin
                                          : stack_.back().children.back().span.end;
    node.span = {source_, at, at};
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    const auto begin = offset(mark);
    auto end = begin + 1;
    while (end < file_.size() &&
           std::string_view(" \t\r\n,[]{}").find(file_[end]) == std::string_view::npos)
      ++end;
    if (!is_full())
      sink_.report(Code::yaml_alias, "aliases are not used in rule files")
          .primary({source_, begin, end})
          .help(
              "write the value out; a condition that is used twice goes into `defines`, values "
              "into "
              "`lists`");
    add_faulty({source_, begin, end});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    auto place = map_scalar(file_, offset(mark), value);
    const Span span{source_, place.begin, place.end};
    place.offsets.clear();
    last_scalar_ = place;
    if (!place.closed) {
      sink_.report(Code::yaml_unclosed, "this quote is never closed")
          .primary({source_, place.begin, place.begin + 1})
          .help("close the quote on its own line");
      return add_faulty(span);
    }
    if (refuse_tag(mark, tag)) return add_faulty(span);
    if (!is_valid_utf8(value)) {
      if (!is_full())
        sink_.report(Code::yaml_character, "the escapes `\\N` and `\\_` are not understood here")
            .primary(span)
            .help("write `\\u0085` or `\\u00a0`");
      return add_faulty(span);
    }
    Node node;
    node.kind = Kind::scalar;
    node.style = place.style;
    node.flow = !stack_.empty() && stack_.back().flow;
    node.span = span;
    node.text = value;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    begin(Kind::sequence, mark, tag, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    begin(Kind::map, mark, tag, style);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override {
    drop_repeated_keys(stack_.back());
    end();
  }

  void begin(Kind kind, const YAML::Mark& mark, const std::string& tag,
             YAML::EmitterStyle::value style) {
    Node node;
    node.kind = refuse_tag(mark, tag) ? Kind::faulty : kind;
    node.flow = style == YAML::EmitterStyle::Flow;
    node.span = {source_, offset(mark), offset(mark)};
    stack_.push_back(std::move(node));
  }

  void end() {
    Node node = std::move(stack_.back());
    stack_.pop_back();
    if (!node.children.empty())
      node.span.end = std::max(node.span.begin, node.children.back().span.end);
    if (node.flow) node.span.end = closing_bracket(node.span.end);
    add(std::move(node));
  }

  /// The place after the bracket that ends a flow collection whose last member ends at `at`.
  std::uint32_t closing_bracket(std::uint32_t at) const {
    if (at < file_.size() && (file_[at] == '[' || file_[at] == '{')) ++at;  // it has no members
    while (at < file_.size() && file_[at] != ']' && file_[at] != '}') {
      if (file_[at] == '#')
        at = static_cast<std::uint32_t>(std::min(file_.find('\n', at), file_.size()));
      else
        ++at;
    }
    return std::min(at + 1, static_cast<std::uint32_t>(file_.size()));
  }

  bool is_full() const { return sink_.error_count() >= max_messages_; }

  void add(Node node) {
    if (stack_.empty())
      root_ = std::move(node);
    else
      stack_.back().children.push_back(std::move(node));
  }
  void add_faulty(Span span) {
    Node node;
    node.kind = Kind::faulty;
    node.span = span;
    add(std::move(node));
  }

  /// yaml-cpp gives "?" to plain nodes and "!" to quoted ones that have no tag of their own.
  bool refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str") return false;
    const auto begin = offset(mark);
    const auto line_end = std::min(file_.find('\n', begin), file_.size());
    const auto sign = std::min(file_.find('!', begin), line_end);
    const auto end = std::min(file_.find_first_of(" \t\r\n", sign), file_.size());
    if (!is_full())
      sink_.report(Code::yaml_tag, "`!` begins a tag in YAML, and rule files have none")
          .primary({source_, static_cast<std::uint32_t>(sign), static_cast<std::uint32_t>(end)})
          .help("for a negation write `not`");
    return true;
  }

  void drop_repeated_keys(Node& map) {
    std::unordered_map<std::string_view, Span> seen;
    std::vector<Node> kept;
    const std::size_t count = map.children.size() / 2;
    std::vector<bool> repeated(count);
    bool any = false;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& key = map.children[2 * i];
      if (key.kind != Kind::scalar) continue;
      const auto [first, fresh] = seen.try_emplace(key.text, key.span);
      if (fresh) continue;
      if (!is_full())
        sink_.report(Code::yaml_duplicate_key, "the key `" + key.text + "` stands twice in one map")
            .primary(key.span, "again here")
            .label(first->second, "first here")
            .help("keep one of them; several values go into one sequence or map");
      repeated[i] = any = true;
    }
    if (!any) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (repeated[i]) continue;
      kept.push_back(std::move(map.children[2 * i]));
      kept.push_back(std::move(map.children[2 * i + 1]));
    }
    map.children = std::move(kept);
  }

  SourceId source_;
  std::size_t max_messages_;
  std::string_view file_;
  std::size_t skipped_;
  DiagnosticSink& sink_;
  std::vector<Node> stack_;  ///< collections that are not ended yet, outermost first
  std::optional<ScalarPlace> last_scalar_;
  Node root_;
};

/// Notes where a second document begins, and takes nothing from it.
class SecondDocument : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { mark_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
  const YAML::Mark& mark() const { return mark_; }

 private:
  YAML::Mark mark_;
};

/// Reports a byte that YAML does not allow: control characters, and what is not UTF-8.
bool refuse_bytes(SourceId source, std::string_view file, DiagnosticSink& sink) {
  const auto bad = std::find_if(file.begin(), file.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
  if (bad != file.end()) {
    const auto at = static_cast<std::uint32_t>(bad - file.begin());
    sink.report(Code::yaml_character, "a control character stands in the file")
        .primary({source, at, at + 1})
        .help("YAML files are text in UTF-8; inside double quotes write `\\xNN`");
    return true;
  }
  if (is_valid_utf8(file)) return false;
  std::size_t begin = 0;
  std::size_t end = 0;
  while (end < file.size()) {
    begin = end;
    end = std::min(file.find('\n', begin), file.size() - 1) + 1;
    if (!is_valid_utf8(file.substr(begin, end - begin))) break;
  }
  const auto at = static_cast<std::uint32_t>(begin);
  sink.report(Code::yaml_character, "the file is not text in UTF-8 from this line on")
      .primary({source, at, at})
      .help("save it as UTF-8");
  return true;
}

}  // namespace

std::optional<Node> read_tree(SourceId source, const SourceMap& sources, std::size_t max_messages,
                              DiagnosticSink& sink) {
  const std::string& file = sources.get(source).text;
  if (refuse_bytes(source, file, sink)) return std::nullopt;
  TreeBuilder builder(source, file, max_messages, sink);
  try {
    std::istringstream stream(file);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return Node{};
    SecondDocument second;
    if (parser.HandleNextDocument(second)) {
      const auto at = builder.offset(second.mark());
      sink.report(Code::yaml_documents, "a second document begins here")
          .primary({source, at, at})
          .help("put it into a file of its own");
      return std::nullopt;
    }
  } catch (const YAML::Exception& exception) {
    report_syntax_error(source, sources, builder.syntax_error(exception), sink);
    return std::nullopt;
  } catch (const std::exception& exception) {
    // yaml-cpp lets errors of the standard library through (numbers out of range and the like).
    report_syntax_error(source, sources, {0, exception.what(), {}, std::nullopt}, sink);
    return std::nullopt;
  }
  return builder.take_root();
}

}  // namespace consign::yaml
