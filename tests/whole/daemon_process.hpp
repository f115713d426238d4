// The real consignd on a folder of its own and a free port.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "tests/unit/daemon/temp_folder.hpp"
#include "tests/whole/client.hpp"

namespace consign::testing {

class DaemonProcess {
 public:
  enum class Time { system, by_hand };
  /// Makes the folder; `settings` goes into consignd.yaml beside rules, data, listen and the shops.
  /// With a clock by hand, `pass` turns it.
  explicit DaemonProcess(const std::string& settings = "", Time time = Time::system);
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  /// Writes a rule file in place.
  void write_rules(const std::string& name, const std::string& text) const;
  /// Starts and waits until it answers; false if it ended or did not answer in time.
  bool start();
  /// Turns the clock on; it stays so over restarts.
  void pass(std::int64_t seconds) const;
  /// Sends a signal and waits for the end; the exit status, or 128 + signal.
  int end(int signal);
  void signal(int signal) const;
  /// Runs it to its end without waiting for it to answer: for starts that fail.
  int run_to_end();

  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path rules() const { return folder_ / "rules"; }
  std::filesystem::path data() const { return folder_ / "data"; }
  std::uint16_t port() const { return port_; }
  std::string token() const;
  std::string log() const;
  std::filesystem::path socket() const { return folder_ / "consign.sock"; }
  std::unique_ptr<Client> client() const { return std::make_unique<Client>(port_, token()); }

 private:
  void spawn();
  int wait_for_end();

  TempFolder folder_;
  const Time time_;
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

/// Waits up to `seconds` for something to come true, looking every 20 ms.
bool eventually(const std::function<bool()>& holds, double seconds = 5);

std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, const std::string& text);

/// Base64 of HMAC-SHA256, as Shopify signs.
std::string shopify_signature(const std::string& body, const std::string& secret);

}  // namespace consign::testing
