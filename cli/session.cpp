#include "cli/session.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <iostream>

namespace consign::cli {
namespace {

std::size_t terminal_width(const Session& session) {
  if (!session.out_is_terminal) return 0;
  const std::string_view columns = session.variable("COLUMNS");
  std::size_t width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  if (width > 0) return width;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

Timestamp system_time() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

// At the terminal itself, whatever standard input and output are.
std::optional<std::string> ask_at_terminal(std::string_view prompt) {
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return std::nullopt;
  termios before{};
  std::optional<std::string> answer;
  if (::tcgetattr(fd, &before) == 0) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd, TCSAFLUSH, &silent);
    bool fine = ::write(fd, prompt.data(), prompt.size()) == static_cast<ssize_t>(prompt.size());
    answer.emplace();
    for (char c = 0; fine && (fine = ::read(fd, &c, 1) == 1) && c != '\n';) *answer += c;
    ::tcsetattr(fd, TCSAFLUSH, &before);
    if (!fine || ::write(fd, "\n", 1) != 1) answer.reset();
  }
  ::close(fd);
  return answer;
}

}  // namespace

std::string_view Session::variable(std::string_view name) const {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view{} : std::string_view(found->second);
}

bool Session::colored(bool is_terminal) const {
  if (color != ColorChoice::automatic) return color == ColorChoice::always;
  // https://no-color.org: any value but the empty one.
  return is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

Exit Session::could_not_run(std::string_view why) const {
  err << styled("consign:", "1;31", color_on_err()) << ' ' << why << '\n';
  return kCouldNotRun;
}

Session process_session() {
  Session session{
      .in = std::cin, .out = std::cout, .err = std::cerr, .environment = {}, .clock = system_time};
  session.ask_secret = ask_at_terminal;
  session.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  session.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    session.environment.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  session.width = terminal_width(session);
  return session;
}

std::string styled(std::string_view text, std::string_view style, bool color) {
  if (!color) return std::string(text);
  return "\x1b[" + std::string(style) + 'm' + std::string(text) + "\x1b[0m";
}

std::string counted(std::size_t count, std::string_view thing) {
  return std::to_string(count) + ' ' + std::string(thing) + (count == 1 ? "" : "s");
}

}  // namespace consign::cli
