#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/unit/cli/run_consign.hpp"

using namespace consign::cli;
using boost::json::value;

namespace {

const std::string kBroken = "rule r {\n  when order.total >= \"high\"\n  then tag \"x\"\n}\n";

}  // namespace

TEST_CASE("check of rules in order says so on standard error and exits 0") {
  const TemporaryFolder folder;
  folder.write("10-acme.rules", kAcmeRules);
  const Ran ran = run_consign({"check", folder.path()});
  CHECK(ran.exit == 0);
  CHECK(ran.out.empty());
  CHECK(ran.err == "2 rules in 1 file: in order\n");
}

TEST_CASE("check of broken rules shows where, with the folder as typed, and exits 1") {
  const TemporaryFolder folder;
  folder.write("sub/10-broken.rules", kBroken);
  const Ran ran = run_consign({"check", folder.path() + "/"});
  CHECK(ran.exit == 1);
  CHECK(holds(ran.err, "--> " + folder.path() + "/sub/10-broken.rules:2:"));
  CHECK(holds(ran.err, "1 error in 1 file: these rules would not load\n"));
  CHECK_FALSE(holds(ran.err, "\x1b["));
  CHECK(holds(run_consign({"check", folder.path(), "--color", "always"}).err, "\x1b["));
}

TEST_CASE("check takes a single file") {
  const TemporaryFolder folder;
  const std::string broken = folder.write("broken.rules", kBroken);
  folder.write("other.rules", kBroken);
  const Ran ran = run_consign({"check", broken});
  CHECK(ran.exit == 1);
  CHECK(holds(ran.err, "--> " + broken + ":2:"));
  CHECK(holds(ran.err, "1 error in 1 file"));
}

TEST_CASE("check of no folder could not run") {
  const Ran ran = run_consign({"check", "/no/such/folder"});
  CHECK(ran.exit == 2);
  CHECK(ran.err == "consign: no such file or folder: `/no/such/folder`\n");
}

TEST_CASE("check of a folder with a rule file that is a link to nothing could not run") {
  const TemporaryFolder folder;
  folder.write("10-acme.rules", kAcmeRules);
  std::filesystem::create_symlink("gone.rules", folder.path() + "/20-gone.rules");
  const Ran ran = run_consign({"check", folder.path()});
  CHECK(ran.exit == 2);
  CHECK(holds(ran.err, "20-gone.rules: the link leads nowhere"));
}

TEST_CASE("check of a folder without rule files says so") {
  const TemporaryFolder folder;
  folder.write("notes.txt", "not a rule");
  const Ran ran = run_consign({"check", folder.path()});
  CHECK(ran.exit == 0);
  CHECK(holds(ran.err, "no rule files"));
}

TEST_CASE("check --format json gives one document on standard output and nothing else") {
  const TemporaryFolder folder;
  folder.write("10-broken.rules", kBroken);
  const Ran ran = run_consign({"check", folder.path(), "--format", "json"});
  CHECK(ran.exit == 1);
  CHECK(ran.err.empty());
  const value json = boost::json::parse(ran.out);
  CHECK(json.at("ok").as_bool() == false);
  CHECK(json.at("files").as_int64() == 1);
  CHECK(json.at("errors").as_int64() == 1);
  CHECK(json.at("warnings").as_int64() == 0);
  CHECK(json.at("hash").as_string().size() == 64);
  const value& message = json.at("messages").as_array().at(0);
  CHECK(message.at("code").as_string() == "E0304");
  CHECK(message.at("severity").as_string() == "error");
  CHECK(std::string(message.at("file").as_string()) == folder.path() + "/10-broken.rules");
  CHECK(message.at("line").as_int64() == 2);
}

TEST_CASE("check --deny-warnings exits 1 for a warning, check alone 0") {
  const TemporaryFolder folder;
  folder.write("10-acme.rules",
               "supplier acme\nsupplier bravo\n"
               "rule all on line { when true then assign to acme }\n"
               "rule late on line { when true then assign to bravo }\n");
  const Ran ran = run_consign({"check", folder.path()});
  CHECK(ran.exit == 0);
  CHECK(holds(ran.err, "warning[W08"));
  CHECK(holds(ran.err, "2 rules in 1 file: 1 warning\n"));
  CHECK(run_consign({"check", "--deny-warnings", folder.path()}).exit == 1);
}

TEST_CASE("check shows no more messages than it is told to") {
  const TemporaryFolder folder;
  folder.write("a.rules", kBroken);
  folder.write("b.rules", "rule s {\n  when order.total >= \"high\"\n  then tag \"x\"\n}\n");
  const Ran ran = run_consign({"check", folder.path(), "--max-messages", "1"});
  CHECK(holds(ran.err, "a.rules"));
  CHECK_FALSE(holds(ran.err, "b.rules"));
  CHECK(holds(ran.err, "and 1 more message\n"));
}

TEST_CASE("list gives the rules as they run, otherwise rules last") {
  const TemporaryFolder folder;
  folder.write("10-acme.rules", kAcmeRules);
  folder.write("20-late.rules",
               "rule vip { mode shadow when customer.tag = \"vip\" then tag \"vip\" }\n");
  const Ran ran = run_consign({"list", folder.path()});
  CHECK(ran.exit == 0);
  CHECK(
      ran.out.starts_with("rules run in the order of file paths, then of lines\non line and order: "
                          "the first assign wins, and a "
                          "hold wins wherever it stands\n\n"));
  const auto acme = ran.out.find("1  acme-tagged  line");
  const auto vip = ran.out.find("2  vip          order");
  const auto last = ran.out.find("3  nobody-else  line, otherwise");
  CHECK(acme < vip);
  CHECK(vip < last);
  CHECK(last != std::string::npos);
  CHECK(holds(ran.out, folder.path() + "/10-acme.rules:3"));
  CHECK(holds(ran.out, "shadow"));
}

TEST_CASE("list --format json names scope, mode and place") {
  const TemporaryFolder folder;
  folder.write("10-acme.rules", kAcmeRules);
  const Ran ran = run_consign({"list", folder.path(), "--format", "json"});
  const value json = boost::json::parse(ran.out);
  const value& last = json.at("rules").as_array().at(1);
  CHECK(last.at("rule").as_string() == "nobody-else");
  CHECK(last.at("on").as_string() == "line");
  CHECK(last.at("mode").as_string() == "live");
  CHECK(last.at("otherwise").as_bool());
  CHECK(last.at("file").as_string() == "10-acme.rules");
  CHECK(last.at("line").as_int64() == 9);
}

TEST_CASE("list of broken rules shows the messages and exits 1") {
  const TemporaryFolder folder;
  folder.write("10-broken.rules", kBroken);
  const Ran ran = run_consign({"list", folder.path()});
  CHECK(ran.exit == 1);
  CHECK(ran.out.empty());
  CHECK(holds(ran.err, "error[E0304]"));
}

TEST_CASE("check --cost names the rules that are looked at for every order") {
  const TemporaryFolder folder;
  folder.write("10-acme.rules", kAcmeRules);
  CHECK(holds(run_consign({"check", folder.path(), "--cost"}).out, "2 rules, "));
  CHECK(holds(run_consign({"check", folder.path(), "--cost"}).out, " bytes, compiled in "));
  folder.write("20-denial.rules",
               "rule denial {\n  when order.tag != \"x\"\n  then tag \"y\"\n}\n");
  const Ran ran = run_consign({"check", folder.path(), "--cost"});
  CHECK(holds(ran.out, "= help: add a part that says what it has"));
  CHECK(holds(ran.out, "denial  " + folder.path() + "/20-denial.rules:1\n"));
  CHECK_FALSE(holds(ran.out, "compute before they compare"));
  const value json =
      boost::json::parse(run_consign({"check", folder.path(), "--cost", "--format", "json"}).out);
  for (const char* count : {"rules", "predicates", "index_groups", "bytes"}) {
    CHECK(json.at("cost").at(count).to_number<int>() > 0);
  }
  CHECK(json.at("cost").at("compile_ms").to_number<int>() >= 0);
  const auto& unindexed = json.at("cost").at("unindexed").as_array();
  REQUIRE(unindexed.size() == 1);
  CHECK(unindexed.front().at("rule").as_string() == "denial");
  CHECK(unindexed.front().at("why").as_string() == "negated");
}
