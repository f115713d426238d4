#include "daemon/service_manager.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

#include "tests/unit/daemon/temp_folder.hpp"

using namespace consign;

namespace {

// What systemd would listen on.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~NotifySocket() {
    unsetenv("NOTIFY_SOCKET");
    close(fd_);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string take() const {
    std::array<char, 512> bytes{};
    const auto size = recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("systemd is told of readiness, reloads with their time, and stopping") {
  const consign::testing::TempFolder folder;
  const NotifySocket socket((folder / "notify").string());
  service_manager::ready("rules abc");
  CHECK(socket.take() == "READY=1\nSTATUS=rules abc");
  service_manager::reloading();
  const auto reloading = socket.take();
  CHECK(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="));
  CHECK(std::stoll(reloading.substr(reloading.rfind('=') + 1)) > 0);
  service_manager::watchdog();
  CHECK(socket.take() == "WATCHDOG=1");
  service_manager::stopping();
  CHECK(socket.take() == "STOPPING=1");
}
