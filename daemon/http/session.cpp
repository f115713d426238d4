// Reads in two phases: the header, then (once we know who asks, for what, and how much is coming)
// the body.
#include "daemon/http/session.hpp"

#include <openssl/crypto.h>
#include <spdlog/spdlog.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <utility>

#include "consign/text.hpp"
#include "daemon/http/header_check.hpp"
#include "daemon/http/peer.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/routes.hpp"

namespace consign::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using std::chrono::seconds;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr std::size_t kHeaderLimit = 8 << 10;
constexpr std::size_t kReadAtOnce = 16 << 10;
constexpr seconds kHandshakeTime{5};
constexpr seconds kHeaderTime{5};
constexpr seconds kIdleTime{60};
constexpr seconds kLingerTime{1};
constexpr std::size_t kLingerBytes = 64 << 20;
constexpr int kNoMore = 204;  // the status of what comes after a stream's last piece
constexpr int kRequestsPerConnection = 10'000;
constexpr std::uint64_t kSlowestBytesPerSecond = 64 << 10;

// Time for a whole body: ten seconds, or more for a large one at a slow but honest pace.
seconds body_time(std::uint64_t bytes) {
  return std::max(seconds(10), seconds(static_cast<std::int64_t>(bytes / kSlowestBytesPerSecond)));
}

asio::awaitable<Response> wait_for(Reply reply, Services& services) {
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(Response)>(
      [&services](auto handler, Reply to_do) {
        auto executor = asio::get_associated_executor(handler);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        carry_out(std::move(to_do), services, [kept, executor](Response response) {
          asio::post(executor, [kept, answer = std::move(response)]() mutable {
            std::move (*kept)(std::move(answer));
          });
        });
      },
      asio::use_awaitable, std::move(reply));
}

template <class Body>
beast::http::response<Body> message_of(const Response& response, bool keep_alive) {
  beast::http::response<Body> message(static_cast<beast::http::status>(response.status), 11);
  message.set(beast::http::field::server, "consignd");
  message.set(beast::http::field::cache_control, "no-store");
  if (!response.content_type.empty()) {
    message.set(beast::http::field::content_type, response.content_type);
  }
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  return message;
}

// Overwrites a body, and what the buffer it came through still has of it.
void wipe(std::string& body, beast::flat_buffer& buffer) {
  OPENSSL_cleanse(body.data(), body.size());
  const auto spare = buffer.prepare(buffer.capacity() - buffer.size());
  OPENSSL_cleanse(spare.data(), spare.size());
}

Request request_of(const Parser& parser, Matched matched) {
  Request request;
  request.method = std::string(parser.get().method_string());
  request.path = std::move(matched.path);
  request.query = std::move(matched.query);
  for (const auto& field : parser.get()) {
    request.headers.emplace_back(ascii_lower(std::string_view(field.name_string())),
                                 std::string(field.value()));
  }
  return request;
}

}  // namespace

Session::Session(Socket socket, Services& services, TlsContext tls)
    : services_(services),
      stream_(std::move(socket), std::move(tls)),
      peer_(user_of_peer(stream_.plain().socket().native_handle())) {
  // Beast would read 512 bytes at a time into a buffer that it has to grow.
  buffer_.reserve(kReadAtOnce);
}

asio::awaitable<void> Session::run() {
  try {
    if (co_await stream_.handshake(kHandshakeTime)) {
      while (served_ < kRequestsPerConnection && co_await serve_one() == Next::another) {
      }
    } else {
      co_await linger();  // for the alert that says what was wrong
    }
  } catch (const std::exception& error) {
    spdlog::error("http: a connection ended: {}", error.what());
  }
  co_await stream_.end_writing(kLingerTime);
  stream_.plain().close();
}

void Session::drain() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    self->draining_ = true;
    if (self->idle_) self->stream_.plain().cancel();
  });
}

// The bytes of the next header, or nothing where the connection ends (with an answer, if it was
// owed one).
asio::awaitable<std::optional<std::size_t>> Session::read_header() {
  bool started = buffer_.size() > 0;
  stream_.plain().expires_after(started || served_ == 0 ? kHeaderTime : kIdleTime);
  idle_ = !started;
  for (;;) {
    const std::string_view bytes(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    const auto end = find_header_end(bytes.substr(0, kHeaderLimit));
    if (!end) {
      co_await refuse(problem_response(end.error().problem, end.error().why));
      co_return std::nullopt;
    }
    if (*end) {
      idle_ = false;
      co_return **end;
    }
    if (bytes.size() >= kHeaderLimit) {
      co_await refuse(problem_response(Problem::header_too_large, "a header has 8 KiB at most"));
      co_return std::nullopt;
    }
    error_code error;
    const std::size_t size = co_await stream_.async_read_some(
        buffer_.prepare(kReadAtOnce), asio::redirect_error(asio::use_awaitable, error));
    buffer_.commit(size);
    if (error == beast::error::timeout && started) {
      co_await refuse(problem_response(Problem::request_timeout, "the header did not arrive"));
      co_return std::nullopt;
    }
    if (error) co_return std::nullopt;
    if (!started) {
      started = true;
      idle_ = false;
      stream_.plain().expires_after(kHeaderTime);
    }
  }
}

asio::awaitable<Session::Next> Session::serve_one() {
  if (draining_) co_return Next::end;
  const auto header_size = co_await read_header();
  if (!header_size) co_return Next::end;
  const std::string_view raw(static_cast<const char*>(buffer_.data().data()), *header_size);
  const auto facts = check_header(raw);
  if (!facts) co_return co_await refuse(problem_response(facts.error().problem, facts.error().why));

  Parser parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(boost::none);
  error_code error;
  buffer_.consume(parser.put(asio::buffer(raw.data(), raw.size()), error));
  if (error == beast::http::error::need_more) error = {};
  if (error || !parser.is_header_done()) {
    co_return co_await refuse(problem_response(Problem::malformed_request, "the header"));
  }
  ++served_;

  auto found = find_route(parser.get().method_string(), parser.get().target());
  if (auto* response = std::get_if<Response>(&found)) {
    if (parser.is_done()) {
      const bool keep_alive = parser.get().keep_alive() && !draining_;
      co_await write(std::move(*response), keep_alive);
      co_return keep_alive ? Next::another : Next::end;
    }
    co_return co_await refuse(std::move(*response));
  }
  auto& matched = std::get<Matched>(found);
  const Route& route = *matched.route;
  Request request = request_of(parser, std::move(matched));
  request.peer = peer_;
  request.certificate = stream_.certificate();
  auto refusal = authorize(route, request, services_);
  if (!refusal && facts->content_length.value_or(0) > route.body_limit) {
    refusal =
        problem_response(Problem::too_large,
                         "a body has " + std::to_string(route.body_limit) + " bytes at most here");
  }
  if (!refusal && route.writes && services_.writer.is_busy()) {
    refusal = problem_response(Problem::busy, "the queue of writes is full");
  }
  if (refusal && !parser.is_done()) co_return co_await refuse(std::move(*refusal));

  if (!parser.is_done()) {
    parser.body_limit(route.body_limit);
    stream_.plain().expires_after(body_time(facts->content_length.value_or(route.body_limit)));
    if (facts->expects_continue && buffer_.size() == 0) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream_, asio::buffer(kContinue),
                                 asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return Next::end;
    }
    co_await beast::http::async_read(stream_, buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (error == beast::http::error::body_limit) {
      co_return co_await refuse(problem_response(Problem::too_large, ""));
    }
    if (error == beast::error::timeout) {
      co_return co_await refuse(
          problem_response(Problem::request_timeout, "the body did not arrive"));
    }
    if (is_end_of_connection(error)) co_return Next::end;
    if (error) co_return co_await refuse(problem_response(Problem::malformed_request, "the body"));
  }
  const bool wants_more = parser.get().keep_alive();
  request.body = std::move(parser.get().body());
  // While we work the peer need not do anything: no timer runs.
  stream_.plain().expires_never();
  Reply reply = refusal ? Reply(std::move(*refusal)) : route.handler(request, services_);
  if (route.secret) wipe(request.body, buffer_);
  if (auto* stream = std::get_if<StreamReply>(&reply)) {
    const bool chunked = parser.get().version() >= 11;
    const bool keep_alive = wants_more && chunked && !draining_ && !services_.draining;
    const bool whole = co_await write_stream(std::move(*stream), keep_alive, chunked);
    co_return whole&& keep_alive ? Next::another : Next::end;
  }
  Response response = co_await wait_for(std::move(reply), services_);
  const bool keep_alive = wants_more && !draining_ && !services_.draining;
  co_await write(std::move(response), keep_alive);
  co_return keep_alive ? Next::another : Next::end;
}

// Without its length at the beginning an answer is sent in chunks, or, to those who do not know
// them, until the connection ends. Whether all of it was sent: one that breaks off has no end, so
// that nobody takes it for a whole one.
asio::awaitable<bool> Session::write_stream(StreamReply reply, bool keep_alive, bool chunked) {
  const SlowReply make_piece{[&reply]() -> Response {
    auto piece = reply.next();
    if (!piece) return {.status = kNoMore, .body = {}};
    return {.status = 200, .body = std::move(*piece)};
  }};
  Response piece = co_await wait_for(make_piece, services_);
  if (piece.status != 200 && piece.status != kNoMore) {
    co_await write(std::move(piece), keep_alive);
    co_return true;
  }
  auto message = message_of<beast::http::empty_body>(reply.head, keep_alive);
  if (chunked) message.chunked(true);
  beast::http::response_serializer<beast::http::empty_body> serializer(message);
  error_code error;
  stream_.plain().expires_after(body_time(0));
  co_await beast::http::async_write_header(stream_, serializer,
                                           asio::redirect_error(asio::use_awaitable, error));
  while (!error && piece.status == 200) {
    stream_.plain().expires_after(body_time(piece.body.size()));
    const auto bytes = asio::buffer(piece.body);
    if (bytes.size() > 0 && chunked) {
      co_await asio::async_write(stream_, beast::http::make_chunk(bytes),
                                 asio::redirect_error(asio::use_awaitable, error));
    } else if (bytes.size() > 0) {
      co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, error));
    }
    stream_.plain().expires_never();
    if (!error) piece = co_await wait_for(make_piece, services_);
  }
  if (error || piece.status != kNoMore) co_return false;
  stream_.plain().expires_after(body_time(0));
  if (chunked) {
    co_await asio::async_write(stream_, beast::http::make_chunk_last(),
                               asio::redirect_error(asio::use_awaitable, error));
  }
  co_return !error;
}

asio::awaitable<void> Session::write(Response response, bool keep_alive) {
  auto message = message_of<beast::http::string_body>(response, keep_alive);
  message.body() = std::move(response.body);
  // 204 has no body and, by its definition, no length.
  if (response.status != 204) message.content_length(message.body().size());
  stream_.plain().expires_after(body_time(message.body().size()));
  error_code error;
  co_await beast::http::async_write(stream_, message,
                                    asio::redirect_error(asio::use_awaitable, error));
  if (error && error != asio::error::broken_pipe && error != asio::error::connection_reset) {
    spdlog::debug("http: an answer could not be written: {}", error.message());
  }
}

// An answer before the request was read to its end: what still comes cannot be told from a next
// request.
asio::awaitable<Session::Next> Session::refuse(Response response) {
  co_await write(std::move(response), false);
  co_await linger();
  co_return Next::end;
}

// Closing with unread bytes makes the kernel reset the connection, which can take the answer with
// it. So we say that we are done and read on for a little.
asio::awaitable<void> Session::linger() {
  co_await stream_.end_writing(kLingerTime);
  error_code error;
  stream_.plain().expires_after(kLingerTime);
  buffer_.clear();
  for (std::size_t total = 0; !error && total < kLingerBytes;) {
    total += co_await stream_.plain().async_read_some(
        buffer_.prepare(kReadAtOnce), asio::redirect_error(asio::use_awaitable, error));
  }
}

}  // namespace consign::http
