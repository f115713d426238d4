// A receiver of webhooks that can fail, die and come back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace consign::testing {

/// What came in.
struct Received {
  std::string id, timestamp, signature, body;
  std::string key = {};  ///< the header X-Api-Key
  int answered = 0;      ///< the status that was answered; 0: the connection was cut instead
};

/// Listens on a port of its own, which it keeps over stop and start.
class Receiver {
 public:
  /// `answer` gives the status for each message; 0: cuts the connection.
  explicit Receiver(std::function<int(const Received&)> answer);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void start();
  void stop();
  /// What answers carry from now on.
  void set_answer_body(const std::string& body);

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hooks"; }
  std::vector<Received> received() const;

 private:
  struct Listening;
  void take_next(Listening& listening);

  const std::function<int(const Received&)> answer_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Listening> listening_;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::vector<Received> received_;
  std::string answer_body_;
};

/// A secret as consignd.yaml wants it.
inline constexpr const char* kWebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Whether the message is signed with it.
bool is_signed(const Received& message);

}  // namespace consign::testing
