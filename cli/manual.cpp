// consign manual: the manual page in man(7)'s roff, from the same words as `--help`.
#include <ostream>

#include "cli/command_line.hpp"

namespace consign::cli {
namespace {

/// `text` for roff: backslashes and leading dots disarmed, hyphens kept as they are typed.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string value_name(const CLI::Option& option) {
  return option.get_items_expected_max() == 0 ? "" : option.get_type_name();
}

void put_options(std::ostream& out, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option == app.get_help_ptr() && app.get_parent() != nullptr) continue;
    out << ".TP\n";
    if (option->get_positional()) {
      out << "\\fI" << roff(option->get_type_name()) << "\\fR";
    } else {
      std::string names;
      for (const auto& name : option->get_snames()) names += (names.empty() ? "-" : ", -") + name;
      for (const auto& name : option->get_lnames()) names += (names.empty() ? "--" : ", --") + name;
      out << "\\fB" << roff(names) << "\\fR";
      if (const auto value = value_name(*option); !value.empty())
        out << " \\fI" << roff(value) << "\\fR";
    }
    out << '\n' << roff(option->get_description()) << '\n';
  }
}

void put_command(std::ostream& out, const CLI::App& command) {
  out << ".SS consign " << roff(command.get_name());
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const bool several = option->get_items_expected_max() > 1;
    const std::string name = roff(option->get_type_name()) + (several ? "..." : "");
    out << ' ' << (option->get_required() ? name : '[' + name + ']');
  }
  out << '\n' << roff(command.get_description()) << '\n';
  put_options(out, command);
}

}  // namespace

Exit run_manual(const CLI::App& app, const Session& session) {
  std::ostream& out = session.out;
  out << ".TH CONSIGN 1 \"\" \"consign " CONSIGN_VERSION "\" \"User commands\"\n"
      << ".SH NAME\nconsign \\- " << roff(app.get_description()) << '\n'
      << ".SH SYNOPSIS\n\\fBconsign\\fR [\\fIOPTION\\fR] \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n"
      << ".SH OPTIONS\n";
  put_options(out, app);
  out << ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) put_command(out, *command);
  out << ".SH NOTES\n";
  for (const char c : roff(app.get_footer())) out << (c == '\n' ? "\n.PP\n" : std::string(1, c));
  out << "\n.SH SEE ALSO\n\\fBconsignd\\fR(8)\n";
  return kFine;
}

}  // namespace consign::cli
