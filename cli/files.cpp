#include "cli/files.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace consign::cli {
namespace {

Error failed(std::string_view what, const std::filesystem::path& path) {
  return {std::string(what) + " `" + path.string() + "`: " + std::strerror(errno)};
}

/// A file descriptor that is closed at the end.
class Descriptor {
 public:
  [[nodiscard]] explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const { return number_; }
  bool good() const { return number_ >= 0; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good()) return failed("cannot open", path);
  std::string text;
  struct stat known {};
  if (::fstat(*file, &known) == 0 && S_ISREG(known.st_mode)) {
    text.reserve(static_cast<std::size_t>(known.st_size));  // growing would copy what is there
  }
  char block[1 << 16];
  for (;;) {
    const ssize_t got = ::read(*file, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot read", path);
    if (got == 0) return text;
    text.append(block, static_cast<std::size_t>(got));
  }
}

Status replace_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);  // rewrite what a link points to
  if (error) return Error{"cannot find `" + path.string() + "`: " + error.message()};
  struct stat before {};
  if (::stat(target.c_str(), &before) != 0) return failed("cannot look at", path);

  // The dot keeps it out of the rule set, should a daemon look while it is there.
  std::string name =
      (target.parent_path() / ('.' + target.filename().string() + ".XXXXXX")).string();
  const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.good()) return failed("cannot write beside", path);
  struct stat made {};
  const bool good = ::fstat(*file, &made) == 0 &&
                    ((made.st_uid == before.st_uid && made.st_gid == before.st_gid) ||
                     ::fchown(*file, before.st_uid, before.st_gid) == 0) &&
                    ::fchmod(*file, before.st_mode & 07777) == 0 && write_all(*file, text) &&
                    ::fsync(*file) == 0 && ::rename(name.c_str(), target.c_str()) == 0;
  if (good) return done();
  const Error why = failed("cannot write", path);
  ::unlink(name.c_str());
  return why;
}

}  // namespace consign::cli
