// What the checker has to say: one struct for the terminal, for JSON and for the tests.
//
// Codes and their severities are rows of diagnostics.def. Wording: lower case, no final stop, the
// author's words in backticks; say what was seen, then what would help; mark the narrowest thing
// that is wrong. Lines and columns appear only when a diagnostic is rendered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consign/source.hpp"

namespace consign {

enum class Severity { error, warning };

enum class Code {
#define DIAGNOSTIC(name, code, severity, meaning, help) name,
#include "consign/diagnostics.def"
#undef DIAGNOSTIC
};

/// A row of diagnostics.def.
struct CodeRow {
  Code code;
  std::string_view id;  ///< "E0304"
  Severity severity;
  std::string_view meaning;  ///< one line, for the list of messages in the docs
  std::string_view help;     ///< what helps, where the report itself does not say
};
const CodeRow& row_of(Code code);
/// All rows, in the order of the table.
const std::vector<CodeRow>& all_codes();

/// Underlines a span. The primary label (`^^^`) is the place that the message is about; others
/// (`---`) explain it. A label may be without text.
struct Label {
  Span span;
  std::string text;
  bool primary = false;
};

/// One message. The first primary label says where it stands; a message without labels is about
/// the set as a whole.
struct Diagnostic {
  Code code;
  std::string message;
  std::vector<Label> labels;
  std::vector<std::string> notes;  ///< `= note: …`
  std::vector<std::string> help;   ///< `= help: …`

  Severity severity() const { return row_of(code).severity; }
  /// The primary label's span, or null.
  const Span* place() const;
};

/// Takes messages in as they are found. Not thread-safe.
class DiagnosticSink {
 public:
  /// Adds a message and hands it back, so that labels and help can be hung on:
  /// `sink.report(Code::unknown_field, "…").primary(span, "…").help("…")`.
  class Builder {
   public:
    explicit Builder(Diagnostic& diagnostic) : diagnostic_(diagnostic) {}
    Builder& primary(Span span, std::string text = "");
    Builder& label(Span span, std::string text = "");
    Builder& note(std::string text);
    Builder& help(std::string text);

   private:
    Diagnostic& diagnostic_;
  };
  /// The builder is good for the one statement that it is used in.
  Builder report(Code code, std::string message);
  /// Takes all messages of another sink in, behind those that are here.
  void append(DiagnosticSink&& other);

  bool empty() const { return diagnostics_.empty(); }
  std::size_t size() const { return diagnostics_.size(); }
  bool has_errors() const;
  std::size_t error_count() const;
  /// In the order of place (source, offset), those without one first; duplicates taken out; each
  /// with help, its code's where the report gave none.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> diagnostics_;
};

struct RenderOptions {
  bool color = false;
  std::string path_prefix;  ///< put before every path, for example "rules/"
};

/// The message as the design shows it: headline, place, source lines with labels, notes, help.
/// Ends with a newline.
std::string render(const Diagnostic& diagnostic, const SourceMap& sources,
                   const RenderOptions& options = {});

/// The name in `names` that is close enough to `word` to be what was meant (at most three edits and
/// a third of its length), or empty. The nearest wins, then the first.
std::string_view nearest_name(std::string_view word, const std::vector<std::string_view>& names);

}  // namespace consign
