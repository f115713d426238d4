#include <doctest/doctest.h>

#include "cli/table.hpp"
#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;

TEST_CASE("consign alone prints how to use it and could not run") {
  const Ran ran = run_consign({});
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(holds(ran.err, "Usage: consign"));
}

TEST_CASE("consign --version names the program and its version") {
  const Ran ran = run_consign({"--version"});
  CHECK(ran.exit == 0);
  CHECK(ran.out.starts_with("consign 0."));
}

TEST_CASE("an unknown command suggests its neighbour") {
  const Ran ran = run_consign({"chekc", "rules"});
  CHECK(ran.exit == 2);
  CHECK(ran.err == "consign: there is no command `chekc`; did you mean `check`?\n");
}

TEST_CASE("bad arguments could not run") {
  CHECK(run_consign({"check"}).exit == 2);
  CHECK(run_consign({"check", "--format", "xml", "rules"}).err ==
        "consign: --format: `xml` is none of text|json; see `consign help check`\n");
  CHECK(run_consign({"check", "rules", "--nonsense"}).err ==
        "consign: `consign check` takes no `--nonsense`\n");
}

TEST_CASE("help prints each table of the language") {
  const std::pair<const char*, const char*> words[] = {
      {"fields", "order.ship_to.country"}, {"operators", "starts with"},
      {"functions", "weekday(time"},       {"actions", "grant PERMISSIONS"},
      {"permissions", "orders:fulfill"},   {"messages", "E0304"}};
  for (const auto& [topic, word] : words) {
    CAPTURE(topic);
    const Ran ran = run_consign({"help", topic});
    CHECK(ran.exit == 0);
    CHECK(holds(ran.out, word));
    CHECK(holds(run_consign({"help", topic, "--format", "markdown"}).out, "|---|"));
  }
}

TEST_CASE("help on one field lists the words that it takes") {
  const Ran ran = run_consign({"help", "order.payment"});
  CHECK(ran.exit == 0);
  CHECK(holds(ran.out, "state of the payment"));
  CHECK(holds(ran.out, "one of: pending authorized partially_paid paid"));
}

TEST_CASE("help on a command prints its options, on nothing known a suggestion") {
  CHECK(holds(run_consign({"help", "check"}).out, "--deny-warnings"));
  const Ran ran = run_consign({"help", "order.chanel"});
  CHECK(ran.exit == 2);
  CHECK(ran.err == "consign: there is no help on `order.chanel`; did you mean `order.channel`?\n");
}

TEST_CASE("colour is for terminals, and can be switched off and on") {
  const auto colored = [](const Ran& ran) { return holds(ran.out, "\x1b["); };
  CHECK_FALSE(colored(run_consign({"help", "actions"})));
  CHECK(colored(run_consign({"help", "actions"}, {.terminal = true})));
  CHECK_FALSE(colored(
      run_consign({"help", "actions"}, {.environment = {{"NO_COLOR", "1"}}, .terminal = true})));
  CHECK_FALSE(colored(
      run_consign({"help", "actions"}, {.environment = {{"TERM", "dumb"}}, .terminal = true})));
  CHECK_FALSE(colored(run_consign({"help", "actions", "--color", "never"}, {.terminal = true})));
  CHECK(colored(run_consign({"--color", "always", "help", "actions"})));
}

TEST_CASE("a table fits the terminal and stays whole in a pipe") {
  const auto longest = [](const std::string& text) {
    std::istringstream lines(text);
    std::size_t length = 0;
    for (std::string line; std::getline(lines, line);) length = std::max(length, line.size());
    return length;
  };
  CHECK(longest(run_consign({"help", "operators"}, {.width = 80}).out) <= 80);
  CHECK(longest(run_consign({"help", "operators"}).out) > 80);
}

TEST_CASE("columns are aligned and wrapped between words") {
  const Table table{{{"name", true}, {"meaning"}},
                    {{"a", "one two three four"}, {"longer", "x | y"}}};
  CHECK(as_text(table, 0, false) ==
        "name    meaning\n"
        "a       one two three four\n"
        "longer  x | y\n");
  CHECK(as_text(table, 21, false) ==
        "name    meaning\n"
        "a       one two three\n"
        "        four\n"
        "longer  x | y\n");
  CHECK(as_markdown(table) ==
        "| name | meaning |\n|---|---|\n| `a` | one two three four |\n| `longer` | x \\| y |\n");
}

TEST_CASE("the completion script names every command and option") {
  const Ran ran = run_consign({"completion", "bash"});
  CHECK(ran.exit == 0);
  for (const char* word :
       {"check", "list", "decide", "fmt", "explain", "help", "completion", "--deny-warnings",
        "--facts", "--stdin-name", "--token-file", "--color", "'text json'", "operators"}) {
    CAPTURE(word);
    CHECK(holds(ran.out, word));
  }
  CHECK_FALSE(holds(ran.out, "manual"));
}

TEST_CASE("the manual page has every command and escapes its dashes") {
  const Ran ran = run_consign({"manual"});
  CHECK(ran.exit == 0);
  CHECK(ran.out.starts_with(".TH CONSIGN 1 "));
  for (const char* word : {".SS consign check PATH\n", ".SS consign fmt PATH...\n",
                           ".SS consign explain SHOP ORDER\n", "\\fB\\-\\-deny\\-warnings\\fR"}) {
    CAPTURE(word);
    CHECK(holds(ran.out, word));
  }
}
