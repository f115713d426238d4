// What a command talks to: streams, the terminal behind them, the environment and the clock.
//
// Commands get all of it from here and nothing from the process, so that a test can run them whole.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "consign/time.hpp"

namespace consign::cli {

/// What every command answers to the shell.
enum Exit : int {
  kFine = 0,
  kProblems = 1,     ///< it ran, and what it looked at is not in order
  kCouldNotRun = 2,  ///< bad arguments, no such folder, nobody answered
};

enum class ColorChoice { automatic, always, never };

/// One run of the tool. Not owned: the streams.
struct Session {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 0;  ///< columns of the terminal behind `out`; 0: none, so nothing is wrapped
  std::map<std::string, std::string, std::less<>> environment;
  std::function<Timestamp()> clock;
  ColorChoice color = ColorChoice::automatic;
  /// Asks at the terminal, without echo; gives nothing where there is none. May be empty.
  std::function<std::optional<std::string>(std::string_view prompt)> ask_secret = {};

  /// The variable's value, or empty.
  std::string_view variable(std::string_view name) const;
  bool color_on_out() const { return colored(out_is_terminal); }
  bool color_on_err() const { return colored(err_is_terminal); }
  /// Says on `err` why the command could not run; returns kCouldNotRun.
  Exit could_not_run(std::string_view why) const;

 private:
  bool colored(bool is_terminal) const;
};

/// The session of this process: standard streams, real environment, real clock.
Session process_session();

/// `text` in the given SGR style ("1" bold, "31" red, …), or as it is.
std::string styled(std::string_view text, std::string_view style, bool color);

/// "1 rule", "2 rules".
std::string counted(std::size_t count, std::string_view thing);

}  // namespace consign::cli
