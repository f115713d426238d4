#include "daemon/http/server.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "daemon/http/session.hpp"

namespace consign::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

constexpr std::size_t kMostConnections = 1'024;
// TLS is where strangers come from: they leave room for those on this machine.
constexpr std::size_t kMostWithStrangers = 768;
constexpr std::chrono::milliseconds kAfterFailure{50};

}  // namespace

struct Server::State : std::enable_shared_from_this<State> {
  State(asio::io_context& for_context, Services& for_services)
      : context(for_context), services(for_services) {}

  asio::io_context& context;
  Services& services;

  mutable std::mutex mutex;
  std::map<Session*, std::weak_ptr<Session>> sessions;
  std::vector<std::function<void()>> close_listeners;
  std::function<void()> drained;
  bool draining = false;

  Result<ListenAddress> listen_tcp(const ListenAddress& address, std::shared_ptr<ServerTls> tls) {
    error_code error;
    const auto ip = asio::ip::make_address(address.host, error);
    tcp::acceptor acceptor(asio::make_strand(context));
    const tcp::endpoint endpoint(ip, address.port);
    if (!error) acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return Error{"cannot listen on " + address.host + ":" + std::to_string(address.port) + ": " +
                   error.message()};
    }
    const ListenAddress bound{address.host, acceptor.local_endpoint().port()};
    accept_on<tcp>(std::move(acceptor), std::move(tls));
    return bound;
  }

  // Without `tls` in the clear.
  template <class Protocol>
  void accept_on(typename Protocol::acceptor acceptor, std::shared_ptr<ServerTls> tls = nullptr) {
    auto listener = std::make_shared<typename Protocol::acceptor>(std::move(acceptor));
    {
      const std::lock_guard lock(mutex);
      close_listeners.push_back([listener] {
        asio::post(listener->get_executor(), [listener] {
          error_code ignored;  // closing what is closed already is no failure
          listener->close(ignored);
        });
      });
    }
    asio::co_spawn(listener->get_executor(),
                   accept_loop<Protocol>(shared_from_this(), listener, std::move(tls)),
                   asio::detached);
  }

  // Out of file descriptors, accepting fails at once and would spin; so it waits a little and goes
  // on.
  template <class Protocol>
  static asio::awaitable<void> accept_loop(std::shared_ptr<State> self,
                                           std::shared_ptr<typename Protocol::acceptor> listener,
                                           std::shared_ptr<ServerTls> tls) {
    const std::size_t most = tls ? kMostWithStrangers : kMostConnections;
    asio::steady_timer pause(listener->get_executor());
    while (listener->is_open()) {
      error_code error;
      typename Protocol::socket socket(asio::make_strand(self->context));
      co_await listener->async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
      if (!listener->is_open()) co_return;
      if (error || self->count() >= most) {
        spdlog::warn("http: cannot take a connection: {}",
                     error ? error.message() : "there are too many");
        pause.expires_after(kAfterFailure);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      try {
        self->serve(Socket(std::move(socket)), tls ? tls->current() : nullptr);
      } catch (const std::exception& failure) {  // for want of memory
        spdlog::warn("http: cannot take a connection: {}", failure.what());
      }
    }
  }

  void serve(Socket socket, TlsContext tls) {
    auto executor = socket.get_executor();
    auto session = std::make_shared<Session>(std::move(socket), services, std::move(tls));
    {
      const std::lock_guard lock(mutex);
      if (draining) return;
      sessions.emplace(session.get(), session);
    }
    asio::co_spawn(
        executor, [session] { return session->run(); },
        [self = shared_from_this(), session](const std::exception_ptr&) {
          self->ended(session.get());
        });
  }

  void ended(Session* session) {
    std::function<void()> done;
    {
      const std::lock_guard lock(mutex);
      sessions.erase(session);
      if (draining && sessions.empty()) done = std::exchange(drained, nullptr);
    }
    if (done) done();
  }

  std::size_t count() const {
    const std::lock_guard lock(mutex);
    return sessions.size();
  }
};

Server::Server(asio::io_context& context, Services& services)
    : state_(std::make_shared<State>(context, services)) {}

Server::~Server() = default;

Result<ListenAddress> Server::listen_tcp(const ListenAddress& address) {
  return state_->listen_tcp(address, nullptr);
}

Result<ListenAddress> Server::listen_tls(const ListenAddress& address,
                                         std::unique_ptr<ServerTls> tls) {
  return state_->listen_tcp(address, std::move(tls));
}

Status Server::listen_unix(const std::filesystem::path& path) {
  error_code error;
  const Local::endpoint endpoint(path.string());
  // A socket that nobody answers on is left from a process that is gone.
  Local::socket probe(state_->context);
  probe.connect(endpoint, error);
  if (!error) return Error{"somebody else listens on " + path.string()};
  std::error_code gone;
  if (std::filesystem::is_socket(path, gone)) std::filesystem::remove(path, gone);

  Local::acceptor acceptor(asio::make_strand(state_->context));
  acceptor.open(endpoint.protocol(), error = {});
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return Error{"cannot listen on " + path.string() + ": " + error.message()};
  state_->accept_on<Local>(std::move(acceptor));
  return done();
}

void Server::drain(std::function<void()> done) {
  std::vector<std::shared_ptr<Session>> open;
  std::vector<std::function<void()>> close_listeners;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->draining) return;
    state_->draining = true;
    close_listeners.swap(state_->close_listeners);
    for (const auto& [session, weak] : state_->sessions) {
      if (auto alive = weak.lock()) open.push_back(std::move(alive));
    }
    if (!state_->sessions.empty()) state_->drained = std::exchange(done, nullptr);
  }
  for (const auto& close : close_listeners) close();
  for (const auto& session : open) session->drain();
  if (done) asio::post(state_->context, done);
}

std::size_t Server::connections() const { return state_->count(); }

}  // namespace consign::http
