#include <doctest/doctest.h>
#include <sys/stat.h>

#include "cli/files.hpp"
#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;

namespace {
const std::string kUntidy = "supplier   acme\nrule r   { when   true then tag \"x\" }\n";
}

TEST_CASE("fmt rewrites in place, keeps the mode and then has nothing to do") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.rules", kUntidy);
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  Ran ran = run_consign({"fmt", folder.path()});
  CHECK(ran.exit == 0);
  CHECK(ran.err == "1 file: 1 changed\n");
  const std::string tidy = folder.read("a.rules");
  CHECK(tidy != kUntidy);
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  ran = run_consign({"fmt", file});
  CHECK(ran.err == "1 file: nothing to change\n");
  CHECK(folder.read("a.rules") == tidy);
}

TEST_CASE("fmt --check lists what would change, changes nothing and exits 1") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.rules", kUntidy);
  const Ran ran = run_consign({"fmt", "--check", folder.path()});
  CHECK(ran.exit == 1);
  CHECK(ran.out == file + "\n");
  CHECK(folder.read("a.rules") == kUntidy);
  CHECK(run_consign({"fmt", folder.path()}).exit == 0);
  CHECK(run_consign({"fmt", "--check", folder.path()}).exit == 0);
}

TEST_CASE("fmt leaves a broken file alone, does the others and exits 1") {
  const TemporaryFolder folder;
  folder.write("a.rules", "rule {\n");
  folder.write("b.rules", kUntidy);
  const Ran ran = run_consign({"fmt", folder.path()});
  CHECK(ran.exit == 1);
  CHECK(holds(ran.err, "--> " + folder.path() + "/a.rules:1:"));
  CHECK(holds(ran.err, "2 files: 1 changed, 1 broken and left alone\n"));
  CHECK(folder.read("a.rules") == "rule {\n");
  CHECK(folder.read("b.rules") != kUntidy);
}

TEST_CASE("fmt - reads standard input and writes standard output") {
  const TemporaryFolder folder;
  folder.write("a.rules", kUntidy);
  run_consign({"fmt", folder.path()});
  const Ran ran = run_consign({"fmt", "-"}, {.input = kUntidy});
  CHECK(ran.exit == 0);
  CHECK(ran.out == folder.read("a.rules"));
  CHECK(run_consign({"fmt", "-"}, {.input = "rule {\n"}).exit == 1);
}

TEST_CASE("a file is replaced through a symbolic link, which stays one") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.rules", "old");
  const auto link = std::filesystem::path(folder.path()) / "link.rules";
  std::filesystem::create_symlink(file, link);
  REQUIRE(replace_file(link, "new").ok());
  CHECK(std::filesystem::is_symlink(link));
  CHECK(folder.read("a.rules") == "new");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("a file that cannot be written is told with its name") {
  const auto status = replace_file("/no/such/file.rules", "new");
  REQUIRE_FALSE(status.ok());
  CHECK(holds(status.error().message, "`/no/such/file.rules`"));
}
