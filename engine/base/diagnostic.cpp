// Messages: collecting, sorting and drawing them.
//
// A message is drawn as compilers do: each marked line once, its marks under it, the text of the
// rightmost mark beside it and the other texts hanging below on a thread of `|`.

#include "consign/diagnostic.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "consign/text.hpp"

namespace consign {

const Span* Diagnostic::place() const {
  for (const Label& label : labels) {
    if (label.primary) return &label.span;
  }
  return labels.empty() ? nullptr : &labels.front().span;
}

using Builder = DiagnosticSink::Builder;

Builder& Builder::primary(Span span, std::string text) {
  diagnostic_.labels.push_back({span, std::move(text), true});
  return *this;
}

Builder& Builder::label(Span span, std::string text) {
  diagnostic_.labels.push_back({span, std::move(text), false});
  return *this;
}

Builder& Builder::note(std::string text) {
  diagnostic_.notes.push_back(std::move(text));
  return *this;
}

Builder& Builder::help(std::string text) {
  diagnostic_.help.push_back(std::move(text));
  return *this;
}

Builder DiagnosticSink::report(Code code, std::string message) {
  Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.message = std::move(message);
  diagnostics_.push_back(std::move(diagnostic));
  return Builder(diagnostics_.back());
}

void DiagnosticSink::append(DiagnosticSink&& other) {
  std::move(other.diagnostics_.begin(), other.diagnostics_.end(), std::back_inserter(diagnostics_));
  other.diagnostics_.clear();
}

bool DiagnosticSink::has_errors() const { return error_count() != 0; }

std::size_t DiagnosticSink::error_count() const {
  return static_cast<std::size_t>(
      std::count_if(diagnostics_.begin(), diagnostics_.end(),
                    [](const Diagnostic& each) { return each.severity() == Severity::error; }));
}

std::vector<Diagnostic> DiagnosticSink::sorted() const {
  std::vector<Diagnostic> sorted = diagnostics_;
  const auto key = [](const Diagnostic& diagnostic) {
    const Span* place = diagnostic.place();
    return place == nullptr
               ? std::tuple<int, SourceId, std::uint32_t>(0, 0, 0)
               : std::tuple<int, SourceId, std::uint32_t>(1, place->source, place->begin);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) {
    const Span* place_a = a.place();
    const Span* place_b = b.place();
    const bool same_place =
        place_a == nullptr || place_b == nullptr ? place_a == place_b : *place_a == *place_b;
    return a.code == b.code && a.message == b.message && same_place;
  };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  for (Diagnostic& diagnostic : sorted) {
    if (diagnostic.help.empty()) diagnostic.help.emplace_back(row_of(diagnostic.code).help);
  }
  return sorted;
}

namespace {

/// The escape sequences of one rendering; empty without colour.
struct Style {
  std::string_view headline, strong, gutter, secondary, reset;
};

Style style_for(Severity severity, bool color) {
  if (!color) return {};
  return {severity == Severity::error ? "\x1b[1;31m" : "\x1b[1;33m", "\x1b[1m", "\x1b[1;34m",
          "\x1b[34m", "\x1b[0m"};
}

/// A label's part on one line, in columns from 0.
struct Mark {
  std::size_t column;
  std::size_t width;
  std::string_view text;
  bool primary;
};

constexpr std::size_t kTab = 4;

/// The line as shown: tabs as blanks.
std::string expand_tabs(std::string_view line) {
  std::string shown;
  for (const char c : line) {
    if (c == '\t') {
      shown.append(kTab, ' ');
    } else {
      shown.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    }
  }
  return shown;
}

std::size_t columns(std::string_view text) { return display_width(expand_tabs(text)); }

/// Lines are shown up to this width; of longer ones, what stands around the mark.
constexpr std::size_t kWidest = 160;
constexpr std::string_view kCut = "…";

/// The columns of a line that are shown.
struct Window {
  std::size_t begin = 0;
  std::size_t end = kWidest;

  /// The column at which `column` of the line is drawn.
  std::size_t shown(std::size_t column) const { return column - begin + (begin > 0 ? 1 : 0); }
};

Window window_around(const std::vector<Mark>& marks) {
  const auto primary =
      std::find_if(marks.begin(), marks.end(), [](const Mark& m) { return m.primary; });
  const Mark& mark = primary == marks.end() ? marks.front() : *primary;
  if (mark.column + mark.width <= kWidest) return {};
  const std::size_t begin = mark.column > kWidest / 2 ? mark.column - kWidest / 2 : 0;
  return {begin, begin + kWidest};
}

std::string cut(std::string_view line, Window window) {
  std::string shown = window.begin > 0 ? std::string(kCut) : "";
  std::size_t column = 0;
  for (std::size_t i = 0, next; i < line.size(); i = next) {
    next = i + 1;
    while (next < line.size() && (static_cast<unsigned char>(line[next]) & 0xC0) == 0x80) ++next;
    const std::string_view character = line.substr(i, next - i);
    const std::size_t width = display_width(character);
    if (column + width > window.end) return shown.append(kCut);
    if (column >= window.begin) shown += character;
    column += width;
  }
  return shown;
}

/// The marks as they lie under a cut line; those beyond it are left out.
std::vector<Mark> cut(const std::vector<Mark>& marks, Window window) {
  std::vector<Mark> shown;
  for (Mark mark : marks) {
    const std::size_t end = std::min(mark.column + mark.width, window.end);
    mark.column = std::max(mark.column, window.begin);
    if (mark.column >= end) continue;
    mark.width = end - mark.column;
    mark.column = window.shown(mark.column);
    shown.push_back(mark);
  }
  return shown;
}

class Drawing {
 public:
  Drawing(const SourceMap& sources, const RenderOptions& options, const Style& style)
      : sources_(sources), options_(options), style_(style) {}

  void add(const Label& label) {
    const Position start = sources_.position(label.span.source, label.span.begin);
    const std::string_view line = sources_.line(label.span.source, start.line);
    const auto line_start =
        static_cast<std::size_t>(line.data() - sources_.get(label.span.source).text.data());
    const std::size_t from =
        label.span.begin < line_start
            ? 0
            : std::min<std::size_t>(label.span.begin - line_start, line.size());
    // A label over several lines marks the rest of its first.
    const std::size_t to = std::clamp<std::size_t>(
        label.span.end < line_start ? 0 : label.span.end - line_start, from, line.size());
    const std::size_t width = columns(line.substr(from, to - from));
    marks_[{label.span.source, start.line}].push_back({columns(line.substr(0, from)),
                                                       std::max<std::size_t>(width, 1), label.text,
                                                       label.primary});
  }

  std::string draw(const Span& place) {
    std::uint32_t last_line = 1;
    for (const auto& [where, marks] : marks_) last_line = std::max(last_line, where.second);
    margin_ = std::to_string(last_line).size();

    // The file of the message first, then the others.
    std::vector<SourceId> order{place.source};
    for (const auto& [where, marks] : marks_) {
      if (std::find(order.begin(), order.end(), where.first) == order.end()) {
        order.push_back(where.first);
      }
    }
    for (const SourceId source : order)
      draw_file(source, source == place.source ? &place : nullptr);
    return std::move(out_);
  }

  /// `= help: …` lines and the like, aligned with what was drawn.
  void note(std::string_view kind, std::string_view text) {
    out_ += std::string(margin_ + 2, ' ');
    out_.append(style_.gutter).append("=").append(style_.reset).append(" ");
    out_.append(style_.strong).append(kind).append(style_.reset).append(": ");
    // A text of several lines stays under its first word.
    const std::string indent(margin_ + 4 + kind.size() + 2, ' ');
    for (const char c : text) {
      out_.push_back(c);
      if (c == '\n') out_ += indent;
    }
    out_.push_back('\n');
  }
  std::string take() { return std::move(out_); }

 private:
  using Where = std::pair<SourceId, std::uint32_t>;

  void draw_file(SourceId source, const Span* place) {
    const auto first = marks_.lower_bound({source, 0});
    if (first == marks_.end() || first->first.first != source) return;
    Position position{first->first.second,
                      static_cast<std::uint32_t>(first->second.front().column + 1)};
    if (place != nullptr) position = sources_.position(source, place->begin);
    out_ += std::string(margin_, ' ');
    out_.append(style_.gutter).append(place != nullptr ? " --> " : " ::: ").append(style_.reset);
    out_ += options_.path_prefix + sources_.get(source).path + ":" + std::to_string(position.line) +
            ":" + std::to_string(position.column) + "\n";
    gutter("");
    out_ += "\n";
    std::uint32_t previous = 0;
    for (auto it = first; it != marks_.end() && it->first.first == source; ++it) {
      const std::uint32_t number = it->first.second;
      if (previous != 0 && number == previous + 2) draw_line(source, previous + 1, {});
      if (previous != 0 && number > previous + 2) out_ += "...\n";
      const Window window = window_around(it->second);
      draw_line(source, number, window);
      draw_marks(cut(it->second, window));
      previous = number;
    }
  }

  void gutter(std::string_view number) {
    out_.append(style_.gutter).append(margin_ - number.size(), ' ').append(number).append(" |");
    out_.append(style_.reset);
  }

  void draw_line(SourceId source, std::uint32_t number, Window window) {
    gutter(std::to_string(number));
    const std::string line = cut(expand_tabs(sources_.line(source, number)), window);
    if (!line.empty()) out_ += " " + line;
    out_ += "\n";
  }

  void draw_marks(std::vector<Mark> marks) {
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.column < b.column; });
    std::size_t width = 0;
    for (const Mark& mark : marks) width = std::max(width, mark.column + mark.width);
    std::string line(width, ' ');
    std::vector<bool> primary(width, false);
    for (const bool wanted : {false, true}) {  // primary marks are drawn over the others
      for (const Mark& mark : marks) {
        if (mark.primary != wanted) continue;
        for (std::size_t i = 0; i < mark.width; ++i) {
          line[mark.column + i] = wanted ? '^' : '-';
          primary[mark.column + i] = wanted;
        }
      }
    }
    const Mark& last = marks.back();
    const bool last_ends_line = last.column + last.width == width;
    gutter("");
    out_ += " ";
    paint(line, primary);
    if (last_ends_line && !last.text.empty()) {
      out_ += " ";
      say(last);
    }
    out_ += "\n";

    std::vector<const Mark*> hanging;
    for (const Mark& mark : marks) {
      if (!mark.text.empty() && !(&mark == &last && last_ends_line)) hanging.push_back(&mark);
    }
    if (hanging.empty()) return;
    threads(hanging, hanging.size());
    out_ += "\n";
    while (!hanging.empty()) {
      const Mark& mark = *hanging.back();
      hanging.pop_back();
      const std::size_t drawn = threads(hanging, hanging.size());
      out_.append(mark.column >= drawn ? mark.column - drawn : 0, ' ');
      say(mark);
      out_ += "\n";
    }
  }

  /// Draws the gutter and a `|` for each of the first `count` marks; the columns filled.
  std::size_t threads(const std::vector<const Mark*>& marks, std::size_t count) {
    gutter("");
    out_ += " ";
    std::size_t column = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (marks[i]->column < column) continue;
      out_.append(marks[i]->column - column, ' ');
      out_.append(marks[i]->primary ? style_.headline : style_.secondary).append("|");
      out_.append(style_.reset);
      column = marks[i]->column + 1;
    }
    return column;
  }

  void paint(const std::string& line, const std::vector<bool>& primary) {
    for (std::size_t i = 0; i < line.size();) {
      std::size_t end = i;
      const bool blank = line[i] == ' ';
      while (end < line.size() && (line[end] == ' ') == blank && primary[end] == primary[i]) ++end;
      const std::string_view run = std::string_view(line).substr(i, end - i);
      if (blank) {
        out_ += run;
      } else {
        out_.append(primary[i] ? style_.headline : style_.secondary).append(run);
        out_.append(style_.reset);
      }
      i = end;
    }
  }

  void say(const Mark& mark) {
    out_.append(mark.primary ? style_.headline : style_.secondary).append(mark.text);
    out_.append(style_.reset);
  }

  const SourceMap& sources_;
  const RenderOptions& options_;
  const Style& style_;
  std::map<Where, std::vector<Mark>> marks_;
  std::size_t margin_ = 1;
  std::string out_;
};

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceMap& sources,
                   const RenderOptions& options) {
  const Style style = style_for(diagnostic.severity(), options.color);
  const bool error = diagnostic.severity() == Severity::error;
  std::string out;
  out.append(style.headline).append(error ? "error" : "warning").append("[");
  out.append(row_of(diagnostic.code).id).append("]").append(style.reset).append(style.strong);
  out.append(": ").append(diagnostic.message).append(style.reset).append("\n");

  Drawing drawing(sources, options, style);
  if (const Span* place = diagnostic.place()) {
    for (const Label& label : diagnostic.labels) drawing.add(label);
    out += drawing.draw(*place);
  }
  for (const std::string& note : diagnostic.notes) drawing.note("note", note);
  for (const std::string& help : diagnostic.help) drawing.note("help", help);
  return out + drawing.take();
}

std::string_view nearest_name(std::string_view word, const std::vector<std::string_view>& names) {
  std::size_t best = std::min<std::size_t>(3, std::max<std::size_t>(1, word.size() / 3)) + 1;
  std::string_view nearest;
  for (const std::string_view name : names) {
    const std::size_t distance = edit_distance(word, name, best - 1);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace consign
