// Runs `consign` inside the test, with streams, environment and clock of the test's own.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/app.hpp"
#include "consign/time.hpp"

namespace consign::cli {

struct Ran {
  int exit;
  std::string out, err;
};

/// What a run finds around it.
struct Surroundings {
  std::string input = "";
  std::map<std::string, std::string, std::less<>> environment = {};
  bool terminal = false;
  std::size_t width = 0;
};

inline Ran run_consign(std::vector<std::string> arguments, const Surroundings& around = {}) {
  std::istringstream in(around.input);
  std::ostringstream out, err;
  Session session{.in = in, .out = out, .err = err, .environment = around.environment, .clock = {}};
  session.out_is_terminal = session.err_is_terminal = around.terminal;
  session.width = around.width;
  session.clock = [] { return *parse_timestamp("2026-11-21T10:00:00Z"); };
  const int exit = run(std::move(arguments), session);
  return {exit, out.str(), err.str()};
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A folder that is gone after the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "consign-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Writes the file and gives its path.
  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline const std::string kAcmeRules = R"(supplier acme { name "Acme Dropship Ltd" }

rule acme-tagged {
  when product.tag = "acme"
  then assign to acme,
       grant orders:view+fulfill
}

rule nobody-else on line {
  otherwise
  then hold "no supplier for {line.sku}"
}
)";

}  // namespace consign::cli
