#include "daemon/wire/rules_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/daemon/temp_folder.hpp"

using namespace consign;
using consign::testing::TempFolder;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::shared_ptr<const Source>> read(RulesFolder& folder) {
  auto files = folder.read();
  REQUIRE(files);
  return *files;
}

}  // namespace

TEST_CASE("a folder's rule files come in the byte order of their paths, with all their bytes") {
  const TempFolder folder;
  const std::string large(300'000, 'x');
  write(folder / "b.rules", large);
  write(folder / "a/z.yaml", std::string("a\0b\r\n", 5));
  write(folder / "a.rules", "");
  write(folder / "notes.txt", "not read");
  write(folder / ".hidden.rules", "not read");
  write(folder / "b.rules~", "not read");
  RulesFolder reader(folder.path());
  const auto files = read(reader);
  REQUIRE(files.size() == 3);
  CHECK(files[0]->path == "a.rules");
  CHECK(files[0]->text.empty());
  CHECK(files[1]->path == "a/z.yaml");
  CHECK(files[1]->text == std::string("a\0b\r\n", 5));
  CHECK(files[2]->text == large);
  const auto once = read_rules_folder(folder.path());
  REQUIRE(once);
  REQUIRE(once->size() == 3);
  CHECK(once->at(1).text == files[1]->text);
}

TEST_CASE("a file that was just written is read again, whatever its times say") {
  const TempFolder folder;
  write(folder / "10.rules", "one");
  RulesFolder reader(folder.path());
  const auto first = read(reader);
  const auto time = fs::last_write_time(folder / "10.rules");
  write(folder / "10.rules", "two");  // as long as before
  fs::last_write_time(folder / "10.rules", time);
  const auto second = read(reader);
  CHECK(first[0]->text == "one");
  CHECK(second[0]->text == "two");
}

TEST_CASE("a file with the bytes that it had keeps its source, others come, change and go") {
  const TempFolder folder;
  write(folder / "10.rules", "ten");
  write(folder / "20.rules", "twenty");
  RulesFolder reader(folder.path());
  const auto first = read(reader);
  write(folder / "10.rules", "ten");
  write(folder / "20.rules", "twenty-one");
  write(folder / "30.rules", "thirty");
  const auto second = read(reader);
  REQUIRE(second.size() == 3);
  CHECK(second[0] == first[0]);
  CHECK(second[1]->text == "twenty-one");
  fs::remove(folder / "10.rules");
  CHECK(read(reader).size() == 2);
}

TEST_CASE("what cannot be read is told, and what was read before is still known") {
  const TempFolder folder;
  write(folder / "10.rules", "ten");
  RulesFolder reader(folder.path());
  const auto first = read(reader);
  fs::create_symlink(folder / "nowhere", folder / "20.rules");
  const auto broken = reader.read();
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message.ends_with("20.rules: the link leads nowhere"));
  fs::remove(folder / "20.rules");
  CHECK(read(reader)[0] == first[0]);
  RulesFolder missing(folder / "nowhere");
  REQUIRE_FALSE(missing.read());
}
