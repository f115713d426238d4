#include "dsl/world.hpp"

#include <functional>

namespace consign::check {

bool NameTable::declare(const ast::Word& name, std::uint32_t index, DiagnosticSink& sink) {
  const auto [number, is_new] = numbers_.add(name.text);
  if (is_new) {
    entries_.push_back({index, name.span});
    return true;
  }
  sink.report(Code::duplicate_name,
              std::string(kind_) + " " + ticked(name.text) + " is declared twice")
      .primary(name.span, "declared again here")
      .label(entries_[number].span, "first declared here")
      .help(std::string(help_));
  return false;
}

const NameTable::Entry* NameTable::find(std::string_view name) const {
  const auto number = numbers_.find(name);
  return number ? &entries_[*number] : nullptr;
}

std::string_view World::lasting(std::string_view text, SourceId source) {
  const Source& there = sources.get(source);
  const char* begin = there.text.data();
  const std::less_equal<const char*> not_behind;
  const bool stands_there = not_behind(begin, text.data()) &&
                            not_behind(text.data() + text.size(), begin + there.text.size());
  // A file's rules may outlive the other files.
  const bool stays = stands_there && (!file || file->source.get() == &there);
  return stays ? text : pool->copy(text);
}

std::string World::words(Span span) const {
  constexpr std::size_t kLongest = 60;
  std::string line;
  for (const char c : sources.text(span)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.size() > kLongest) {
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
    line += "…";
  }
  return line;
}

bool World::rate_between(std::string_view a, std::string_view b) const {
  if (a == b) return true;
  for (const Rate& rate : rules.rates) {
    if ((rate.from == a && rate.to == b) || (rate.from == b && rate.to == a)) return true;
  }
  return false;
}

bool suggest(DiagnosticSink::Builder& message, std::string_view word,
             const std::vector<std::string_view>& names) {
  const std::string_view near = nearest_name(word, names);
  if (near.empty()) return false;
  message.help("did you mean " + ticked(near) + "?");
  return true;
}

std::string meant_by_handle(std::string_view written) {
  for (const SystemRow& system : all_systems()) {
    std::string meant;
    for (const Permission& permission : permissions_of_handle(system.name, written)) {
      meant += (meant.empty() ? "" : ", ") + permission.to_string();
    }
    if (meant.empty()) continue;
    return std::string(system.title) + "'s " + ticked(written) + " is written " + ticked(meant);
  }
  return "";
}

std::string list_of(const std::vector<std::string_view>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " and " : ", ";
    list += ticked(names[i]);
  }
  return list;
}

std::string ticked(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace consign::check
