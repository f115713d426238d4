#include "dsl/literals.hpp"

#include <algorithm>
#include <optional>

#include "consign/decimal.hpp"
#include "consign/schema.hpp"
#include "consign/time.hpp"

namespace consign {
namespace {

struct Unit {
  std::string_view name;
  std::string_view factor;
  bool is_weight;
};
// Factors to seconds and to grams; the international pound and ounce are exact.
constexpr Unit kUnits[] = {
    {"s", "1", false},          {"sec", "1", false},       {"second", "1", false},
    {"seconds", "1", false},    {"min", "60", false},      {"minute", "60", false},
    {"minutes", "60", false},   {"h", "3600", false},      {"hour", "3600", false},
    {"hours", "3600", false},   {"d", "86400", false},     {"day", "86400", false},
    {"days", "86400", false},   {"w", "604800", false},    {"week", "604800", false},
    {"weeks", "604800", false}, {"g", "1", true},          {"kg", "1000", true},
    {"mg", "0.001", true},      {"lb", "453.59237", true}, {"oz", "28.349523125", true},
    {"t", "1000000", true},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_currency(std::string_view unit) {
  return unit.size() == 3 && std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// The digits without their underscores, if those and the point stand between digits.
std::optional<std::string> plain_digits(std::string_view written) {
  std::string digits;
  bool point = false;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (!is_digit(c)) {
      const bool between =
          i > 0 && i + 1 < written.size() && is_digit(written[i - 1]) && is_digit(written[i + 1]);
      if (!between || (c == '.' && point) || (c == '_' && point)) return std::nullopt;
      point = point || c == '.';
    }
    if (c != '_') digits += c;
  }
  return digits;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string in_backticks(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

DiagnosticSink::Builder LiteralReader::fault(Code code, std::string message, std::size_t begin,
                                             std::size_t end) {
  faulty_ = true;
  auto builder = sink_.report(code, std::move(message));
  builder.primary(places_.span(begin, end));
  return builder;
}

bool LiteralReader::too_long(std::size_t begin, std::size_t end) {
  if (end - begin - 2 <= limits_.text_bytes) return false;
  fault(Code::text_too_long,
        "this text is longer than " + std::to_string(limits_.text_bytes) + " bytes", begin,
        begin + 1);
  return true;
}

std::string_view LiteralReader::unquote(std::size_t begin, std::size_t end) {
  if (too_long(begin, end)) return {};
  const std::string_view written = slice(begin + 1, end - 1);
  if (written.find('\\') == std::string_view::npos) return written;
  return pool_.copy(unescape(begin, end, nullptr));
}

ast::TemplateText LiteralReader::unquote_template(std::size_t begin, std::size_t end) {
  ast::TemplateText result;
  result.span = places_.span(begin, end);
  if (too_long(begin, end)) return result;
  const std::string_view written = slice(begin + 1, end - 1);
  if (places_.offsets == nullptr && written.find('\\') == std::string_view::npos) {
    result.text = written;
    return result;
  }
  std::vector<std::uint32_t> offsets;
  result.text = pool_.copy(unescape(begin, end, &offsets));
  result.offsets = pool_.copy(offsets);
  return result;
}

std::string LiteralReader::unescape(std::size_t begin, std::size_t end,
                                    std::vector<std::uint32_t>* offsets) {
  std::string out;
  const std::size_t close = end - 1;
  out.reserve(close - begin - 1);
  for (std::size_t at = begin + 1; at < close;) {
    const std::size_t start = at;
    if (text_[at] == '\\') {
      at = escape(at, close, out);
    } else {
      out += text_[at++];
    }
    if (offsets != nullptr) offsets->resize(out.size(), places_.offset(start));
  }
  return out;
}

/// Appends what the escape at `at` stands for; gives the place behind it.
std::size_t LiteralReader::escape(std::size_t at, std::size_t end, std::string& out) {
  const char c = text_[at + 1];
  switch (c) {
    case '"':
    case '\\':
      out += c;
      return at + 2;
    case 'n':
      out += '\n';
      return at + 2;
    case 't':
      out += '\t';
      return at + 2;
    case 'u': {
      std::size_t stop = at + 2;
      std::uint32_t code = 0;
      if (stop < end && text_[stop] == '{') {
        ++stop;
        while (stop < end && stop - at < 10 && hex_value(text_[stop]) >= 0) {
          code = code * 16 + static_cast<std::uint32_t>(hex_value(text_[stop++]));
        }
        const bool closed = stop < end && text_[stop] == '}' && stop > at + 3;
        const bool scalar = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        if (closed) ++stop;
        if (closed && scalar) {
          append_utf8(out, code);
          return stop;
        }
      }
      fault(Code::bad_escape, in_backticks(slice(at, stop)) + " is not a character", at, stop)
          .help("write its number in hexadecimal: `\\u{e9}` is `é`");
      return stop;
    }
    default: {
      std::size_t stop = at + 2;
      while (stop < end && (static_cast<unsigned char>(text_[stop]) & 0xC0) == 0x80) ++stop;
      auto builder =
          fault(Code::bad_escape,
                in_backticks(slice(at, stop)) + " is not an escape of the language", at, stop);
      builder.help(
          "there are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`; a backslash itself is `\\\\`");
      return stop;
    }
  }
}

ast::Literal LiteralReader::quantity(std::size_t begin, std::size_t digits_end,
                                     std::size_t unit_begin, std::size_t unit_end, bool negative) {
  const auto written = slice(begin, digits_end);
  // Nearly all are plain; underscores and what is wrong are looked at only where there is need.
  auto number = Decimal::parse(written);
  const auto digits = number ? std::nullopt : plain_digits(written);
  if (digits) number = Decimal::parse(*digits);
  if (!number) {
    auto builder = fault(
        Code::bad_number,
        in_backticks(written) + (digits ? " is not a number that can be held" : " is not a number"),
        begin, digits_end);
    if (!digits) {
      builder.help("numbers are written `12`, `12.50` or `1_000`");
    } else if (digits->size() > 1 && (*digits)[0] == '0' && is_digit((*digits)[1])) {
      builder.help("leave out the zeros in front; an id stands in quotes");
    } else {
      builder.help("a number may have " + std::to_string(Decimal::kMaxDigits) + " digits, " +
                   std::to_string(Decimal::kMaxScale) + " of them after the point");
    }
    number = Decimal(0);
  }
  if (negative) number = number->negated();
  const auto unit = slice(unit_begin, unit_end);
  if (unit.empty()) return ast::NumberLiteral{*number};
  if (unit == "%") return ast::PercentLiteral{*number};
  if (is_currency(unit)) return ast::MoneyLiteral{*number, unit};
  const auto* row = std::ranges::find(kUnits, unit, &Unit::name);
  if (row == std::end(kUnits)) {
    auto builder =
        fault(Code::unknown_unit, "there is no unit " + in_backticks(unit), unit_begin, unit_end);
    std::string upper(unit);
    for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    if (find_word(Domain::currency, upper)) {
      builder.help("currencies are written in capitals: `" + upper + "`");
    } else {
      std::vector<std::string_view> near = {"and", "or"};
      for (const auto& known : kUnits) near.push_back(known.name);
      if (const auto meant = nearest_name(unit, near); !meant.empty()) {
        builder.help("did you mean `" + std::string(meant) + "`?");
      }
    }
    builder.help(
        "there are currencies (`EUR`, `USD`, …), durations (`s`, `min`, `h`, `days`, `weeks`), "
        "weights (`g`, `kg`, `mg`, `lb`, `oz`, `t`) and `%`");
    return ast::NumberLiteral{*number};
  }
  const auto value = number->times(*Decimal::parse(row->factor));
  if (!value) {
    fault(Code::bad_number, in_backticks(slice(begin, unit_end)) + " is too large", begin,
          unit_end);
  }
  if (row->is_weight) return ast::WeightLiteral{value.value_or(Decimal(0))};
  return ast::DurationLiteral{value.value_or(Decimal(0))};
}

ast::Literal LiteralReader::day_or_time(std::size_t begin, std::size_t end) {
  const auto written = slice(begin, end);
  if (written.find_first_of("Tt:") != std::string_view::npos) {
    if (const auto time = parse_timestamp(written)) return ast::TimeLiteral{*time};
    fault(Code::bad_time, in_backticks(written) + " is not a time", begin, end)
        .help(
            "times are written with their zone: `2026-11-27T10:00:00Z` or "
            "`2026-11-27T10:00:00+01:00`");
    return ast::TimeLiteral{};
  }
  if (const auto day = parse_day(written)) return ast::DayLiteral{*day};
  auto builder = fault(Code::bad_time, in_backticks(written) + " is not a day", begin, end);
  if (written.size() == 10 && written[4] == '-' && written[7] == '-') {
    builder.help("the calendar has no such day");
  } else {
    builder.help("days are written `2026-11-27`; a minus has blanks around it: `5 - 3`");
  }
  return ast::DayLiteral{};
}

}  // namespace consign
