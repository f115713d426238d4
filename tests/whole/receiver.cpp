#include "tests/whole/receiver.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace consign::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// The bytes behind kWebhookSecret.
constexpr unsigned char kKey[] = {0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a,
                                  0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c,
                                  0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0};

}  // namespace

struct Receiver::Listening {
  explicit Listening(std::uint16_t port)
      : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), port)) {}
  asio::io_context context;
  tcp::acceptor acceptor;
};

Receiver::Receiver(std::function<int(const Received&)> answer) : answer_(std::move(answer)) {
  start();
}

Receiver::~Receiver() { stop(); }

void Receiver::start() {
  if (listening_) return;
  listening_ = std::make_unique<Listening>(port_);
  port_ = listening_->acceptor.local_endpoint().port();
  take_next(*listening_);
  thread_ = std::thread([this] { listening_->context.run(); });
}

void Receiver::stop() {
  if (!listening_) return;
  listening_->context.stop();
  thread_.join();
  listening_.reset();
}

void Receiver::take_next(Listening& listening) {
  listening.acceptor.async_accept([this, &listening](error_code error, tcp::socket socket) {
    if (error) return;
    const timeval time{2, 0};
    setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::read(socket, buffer, request, error);
    if (!error) {
      Received message{std::string(request["webhook-id"]),
                       std::string(request["webhook-timestamp"]),
                       std::string(request["webhook-signature"]), request.body(),
                       std::string(request["X-Api-Key"])};
      message.answered = answer_(message);
      {
        const std::lock_guard lock(mutex_);
        received_.push_back(message);
      }
      if (message.answered != 0) {
        http::response<http::string_body> response(static_cast<http::status>(message.answered), 11);
        {
          const std::lock_guard lock(mutex_);
          response.body() = answer_body_;
        }
        response.prepare_payload();
        http::write(socket, response, error);
      }
    }
    take_next(listening);
  });
}

void Receiver::set_answer_body(const std::string& body) {
  const std::lock_guard lock(mutex_);
  answer_body_ = body;
}

std::vector<Received> Receiver::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

bool is_signed(const Received& message) {
  const std::string text = message.id + "." + message.timestamp + "." + message.body;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), kKey, sizeof kKey, reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &size);
  unsigned char encoded[2 * EVP_MAX_MD_SIZE];
  const int length = EVP_EncodeBlock(encoded, digest, static_cast<int>(size));
  return message.signature == "v1," + std::string(reinterpret_cast<const char*>(encoded),
                                                  static_cast<std::size_t>(length));
}

}  // namespace consign::testing
