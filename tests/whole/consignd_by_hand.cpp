// consignd with a clock that a test turns by hand: `consignd_by_hand --config FILE --clock CLOCK`.
// CLOCK holds eight bytes, the microseconds that the clock is ahead of the system's; it is mapped,
// so turning it is writing to it.
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "daemon/app.hpp"

namespace {

const std::atomic<std::int64_t>* map_clock(const char* file) {
  const int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return nullptr;
  void* mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  return mapped == MAP_FAILED ? nullptr : static_cast<const std::atomic<std::int64_t>*>(mapped);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 || std::strcmp(argv[1], "--config") != 0 || std::strcmp(argv[3], "--clock") != 0) {
    std::fputs("consignd_by_hand --config FILE --clock CLOCK\n", stderr);
    return 1;
  }
  const auto settings = consign::read_config(argv[2]);
  const auto* ahead = map_clock(argv[4]);
  if (!settings || ahead == nullptr) {
    std::fputs("consignd_by_hand: cannot read the config or the clock\n", stderr);
    return 1;
  }
  return consign::run(*settings, [ahead] {
    return consign::Timestamp{consign::system_clock().micros + ahead->load()};
  });
}
