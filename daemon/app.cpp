// Start-up and tear-down, in order. Reading run() is reading the program.
#include "daemon/app.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "consign/ruleset.hpp"
#include "daemon/access/account_name.hpp"
#include "daemon/access/index.hpp"
#include "daemon/access/tokens.hpp"
#include "daemon/access/wallet_changes.hpp"
#include "daemon/effects/sender.hpp"
#include "daemon/http/server.hpp"
#include "daemon/orders/units.hpp"
#include "daemon/rules/reloader.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/store/access_rows.hpp"
#include "daemon/store/order_rows.hpp"
#include "daemon/store/reader_pool.hpp"
#include "daemon/store/rule_set_rows.hpp"
#include "daemon/store/writer.hpp"
#include "daemon/ticker.hpp"

namespace consign {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::size_t kIoThreads = 2;
constexpr std::size_t kAsideThreads = 2;
constexpr std::size_t kSendingReaders = 1;
constexpr seconds kDrainTime{30};
constexpr seconds kDrainTimeBroken{2};

double random_jitter() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

std::string why() { return std::strerror(errno); }

// ---- the data folder
// -----------------------------------------------------------------------------

/// Holds DATA for this process alone: two writers on one database would corrupt it.
class FolderLock {
 public:
  static Result<std::unique_ptr<FolderLock>> take(const fs::path& folder) {
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return Error{"cannot make " + folder.string() + ": " + why()};
    }
    const fs::path file = folder / "lock";
    const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return Error{"cannot open " + file.string() + ": " + why()};
    auto lock = std::make_unique<FolderLock>(fd);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      return Error{folder.string() + " is in use by another consignd"};
    }
    return lock;
  }
  explicit FolderLock(int fd) : fd_(fd) {}
  ~FolderLock() { close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

/// Puts a file in place as a whole, readable by its owner alone.
Status write_private_file(const fs::path& file, std::string_view text) {
  const fs::path fresh = file.string() + ".new";
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Error{"cannot write " + fresh.string() + ": " + why()};
  const bool written = fchmod(fd, 0600) == 0 &&
                       write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(fd) == 0;
  const std::string reason = why();
  close(fd);
  if (!written) return Error{"cannot write " + fresh.string() + ": " + reason};
  if (rename(fresh.c_str(), file.c_str()) != 0) {
    return Error{"cannot write " + file.string() + ": " + why()};
  }
  return done();
}

/// Clears away where an earlier run listened, so that nobody takes it for where this one does, and
/// keeps the store for its owner whatever the folder lets through: it holds people's addresses.
/// SQLite gives its other files the permissions of the database.
Status prepare_folder(const fs::path& data, const fs::path& database) {
  for (const fs::path& listen : {data / "listen", data / "tls-listen"}) {
    if (unlink(listen.c_str()) != 0 && errno != ENOENT) {
      return Error{"cannot remove " + listen.string() + ": " + why()};
    }
  }
  const int fd = open(database.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Error{"cannot open " + database.string() + ": " + why()};
  close(fd);
  return done();
}

/// The first start makes an administrator's token, and so does one that finds none left that is
/// good for everything. The file comes first: a token that nobody can read would never be made
/// again.
Status ensure_administrator(store::Writer& writer, const fs::path& data, const Clock& clock) {
  bool known = false;
  const auto looked =
      writer.run([&](store::Connection& db) { known = store::has_administrator(db, clock()); });
  if (looked != store::Fate::committed) return Error{"cannot read the tokens"};
  if (known) return done();
  const auto token = make_token("admin");
  if (!token) return Error{"the system gives no random numbers"};
  const fs::path file = data / "admin.token";
  if (auto written = write_private_file(file, *token + "\n"); !written) return written;
  const auto stored = writer.run([&](store::Connection& db) {
    store::insert_token(db,
                        {.hash = token_hash(*token),
                         .account = std::string(kAdministrator),
                         .label = "made at a start",
                         .made_by = "consignd"},
                        clock());
  });
  if (stored != store::Fate::committed) return Error{"cannot store the administrator's token"};
  spdlog::info("made an administrator's token; it stands in {}", file.string());
  return done();
}

/// Accounts, grants and tokens, as the store has them. On the writer's connection, which reads as
/// long as it takes.
Status load_access(store::Writer& writer, AccessIndex& access, const Clock& clock) {
  const auto read = writer.run([&](store::Connection& db) { access.load(db, clock()); });
  if (read != store::Fate::committed) return Error{"cannot read the accounts, grants and tokens"};
  return done();
}

// ---- rules
// ---------------------------------------------------------------------------------------

/// A notice to a name that is no endpoint is not lost, but it reaches nobody.
void warn_of_unknown_endpoints(const RuleSet& rules, const Settings& settings) {
  for (const Supplier& supplier : rules.suppliers) {
    if (supplier.endpoint.empty() || settings.endpoints.contains(supplier.endpoint)) continue;
    const SourceId source = supplier.span.source;
    spdlog::warn("{}:{}: supplier {} is told at `{}`, but no such endpoint is configured",
                 rules.sources->get(source).path,
                 rules.sources->position(source, supplier.span.begin).line, supplier.name,
                 supplier.endpoint);
  }
  for (const Rule& rule : rules.rules) {
    if (rule.mode == Mode::off) continue;
    for (const Action& action : rule.actions) {
      const auto* notify = std::get_if<NotifyAction>(&action.what);
      if (notify == nullptr || settings.endpoints.contains(notify->endpoint)) continue;
      const SourceId source = action.span.source;
      spdlog::warn("{}:{}: rule {} notifies `{}`, but no such endpoint is configured",
                   rules.sources->get(source).path,
                   rules.sources->position(source, action.span.begin).line, rule.name,
                   notify->endpoint);
    }
  }
}

/// Stores a rule set before it is used, and names suppliers that it forgets although they have
/// work.
bool keep_rules(store::Writer& writer, const Settings& settings, const ActiveRules& rules) {
  warn_of_unknown_endpoints(rules.rules(), settings);
  std::vector<std::pair<std::string, std::int64_t>> busy;
  const auto fate = writer.run([&](store::Connection& db) {
    store::keep_rule_set(db, rules.hash, *rules.rules().sources, rules.since);
    busy = store::parts_by_supplier(db);
  });
  for (const auto& [supplier, parts] : busy) {
    if (rules.rules().find_supplier(supplier)) continue;
    spdlog::warn(
        "rules: supplier {} is no longer declared but has {} open parts; it counts as "
        "suspended",
        supplier, parts);
  }
  return fate == store::Fate::committed;
}

ReloaderHooks reloader_hooks(store::Writer& writer, const Settings& settings,
                             const CurrentRules& rules, const Clock& clock) {
  return {.keep = [&writer, &settings](
                      const ActiveRules& active) { return keep_rules(writer, settings, active); },
          .begins = service_manager::reloading,
          .ends = [&rules] { service_manager::ready("rules " + rules.active()->hash); },
          .now = clock};
}

Status load_rules(Reloader& reloader, store::ReaderPool& readers) {
  std::optional<std::vector<RuleFile>> last_good;
  try {
    last_good = readers.read([](store::Connection& db) -> std::optional<std::vector<RuleFile>> {
      const auto hash = store::last_good_rule_set(db);
      if (!hash) return std::nullopt;
      return store::rule_set_files(db, *hash);
    });
  } catch (const store::StoreError& error) {
    return Error{error.what()};
  }
  const auto loaded = reloader.load_first(last_good);
  if (loaded) return done();
  std::fputs(loaded.error().c_str(), stderr);
  return Error{"the rule set cannot be used, and there is no last good one to run on"};
}

// ---- listening
// -----------------------------------------------------------------------------------

std::string to_text(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Status start_listening(http::Server& server, const Settings& settings) {
  if (settings.listen) {
    const auto bound = server.listen_tcp(*settings.listen);
    if (!bound) return bound.error();
    spdlog::info("listening on {}", to_text(*bound));
    auto told = write_private_file(settings.data / "listen", to_text(*bound) + "\n");
    if (!told) return told;
  }
  if (settings.tls) {
    auto tls = http::ServerTls::open(settings.tls->files);
    if (!tls) return Error{tls.error().message};
    const auto bound = server.listen_tls(settings.tls->listen, std::move(*tls));
    if (!bound) return bound.error();
    spdlog::info("listening on {} with TLS", to_text(*bound));
    auto told = write_private_file(settings.data / "tls-listen", to_text(*bound) + "\n");
    if (!told) return told;
  }
  if (settings.socket) {
    if (auto listening = server.listen_unix(*settings.socket); !listening) return listening;
    spdlog::info("listening on {}", settings.socket->string());
  }
  return done();
}

/// How often the ticker ticks: about every second, faster where the watchdog wants it.
microseconds tick_interval() {
  const auto watchdog = service_manager::watchdog_interval();
  const microseconds usual = seconds(1);
  return watchdog ? std::min(usual, *watchdog / 2) : usual;
}

// ---- serving and stopping
// ------------------------------------------------------------------------

/// What runs while the daemon serves, and how it stops.
class Serving {
 public:
  Serving(asio::io_context& context, http::Server& server, Reloader& reloader, Ticker& ticker,
          std::atomic<bool>& draining)
      : context_(context),
        server_(server),
        reloader_(reloader),
        ticker_(ticker),
        draining_(draining),
        signals_(context, SIGTERM, SIGINT, SIGHUP),
        deadline_(context) {}

  void wait_for_signals() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        spdlog::info("SIGHUP: looking at the rules");
        reloader_.request();
        return wait_for_signals();
      }
      spdlog::info("stopping");
      stop(kDrainTime);
    });
  }

  /// Lets requests that are under way finish, then ends the io_context. On the io_context.
  void stop(seconds at_most) {
    if (draining_.exchange(true)) return;
    service_manager::stopping();
    ticker_.stop();
    signals_.cancel();
    deadline_.expires_after(at_most);
    deadline_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      spdlog::warn("{} connections did not end in time", server_.connections());
      context_.stop();
    });
    server_.drain([this] { asio::post(context_, [this] { deadline_.cancel(); }); });
  }

 private:
  asio::io_context& context_;
  http::Server& server_;
  Reloader& reloader_;
  Ticker& ticker_;
  std::atomic<bool>& draining_;
  asio::signal_set signals_;
  asio::steady_timer deadline_;
};

int fail(const Error& error) {
  spdlog::error("{}", error.message);
  return 1;
}

int run_with_data(const Settings& settings, const Clock& clock) {
  // What the store's failing needs is there before the store.
  asio::io_context context(static_cast<int>(kIoThreads));
  std::atomic<bool> broken = false;
  std::atomic<bool> draining = false;
  std::function<void()> stop_broken;
  std::mutex stop_mutex;

  // Store.
  const fs::path database = settings.data / "consign.db";
  if (auto prepared = prepare_folder(settings.data, database); !prepared) {
    return fail(prepared.error());
  }
  store::Writer writer(database, [&](const std::string& reason) {
    spdlog::critical("the store failed; stopping, to recover by starting anew: {}", reason);
    broken = true;
    const std::lock_guard lock(stop_mutex);
    if (stop_broken) stop_broken();
  });
  store::ReaderPool readers(database, kIoThreads + kAsideThreads + kSendingReaders);
  if (auto token = ensure_administrator(writer, settings.data, clock); !token) {
    return fail(token.error());
  }
  AccessIndex access;
  if (auto loaded = load_access(writer, access, clock); !loaded) return fail(loaded.error());

  // Rules.
  CurrentRules rules;
  Reloader reloader(settings.rules, {.never_grant = settings.never_grant, .limits = {}}, rules,
                    reloader_hooks(writer, settings, rules, clock));
  if (auto loaded = load_rules(reloader, readers); !loaded) return fail(loaded.error());

  // Services.
  Units units(rules, settings, access, clock);
  ProgramCache programs(rules, readers);
  WalletChanges wallet_changes;
  asio::thread_pool aside(kAsideThreads);
  http::Services services{
      .settings = settings,
      .rules = rules,
      .programs = programs,
      .writer = writer,
      .readers = readers,
      .units = units,
      .access = access,
      .wallet_changes = wallet_changes,
      .now = clock,
      .reload = [&reloader] { return reloader.reload(); },
      .run_aside = [&aside](std::function<void()> work) { asio::post(aside, std::move(work)); },
      .draining = draining};
  http::Server server(context, services);
  Ticker ticker(context, writer, units, tick_interval());
  Sender sender(settings.endpoints, writer, readers,
                {.now = clock, .jitter = random_jitter, .make_poster = make_http_poster});
  Serving serving(context, server, reloader, ticker, draining);

  // Serve.
  if (auto listening = start_listening(server, settings); !listening) {
    writer.close();
    return fail(listening.error());
  }
  {
    const std::lock_guard lock(stop_mutex);
    stop_broken = [&] { asio::post(context, [&] { serving.stop(kDrainTimeBroken); }); };
  }
  if (broken) stop_broken();
  serving.wait_for_signals();
  ticker.start();
  sender.start();
  reloader.start();
  service_manager::ready("rules " + rules.active()->hash);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < kIoThreads; ++i) threads.emplace_back([&] { context.run(); });
  context.run();
  for (auto& thread : threads) thread.join();

  // Stop: nobody asks any more; finish what was taken.
  reloader.stop();
  sender.stop();
  aside.join();
  writer.run([&](store::Connection& db) { access.flush_uses(db, clock()); });
  writer.close();
  {
    const std::lock_guard lock(stop_mutex);
    stop_broken = nullptr;
  }
  spdlog::info("stopped");
  return broken ? 1 : 0;
}

}  // namespace

Timestamp system_clock() {
  return {
      std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count()};
}

int run(const Settings& settings, const Clock& clock) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const auto& warning : settings_warnings(settings)) spdlog::warn("{}", warning);
  const auto lock = FolderLock::take(settings.data);
  if (!lock) return fail(lock.error());
  try {
    return run_with_data(settings, clock);
  } catch (const store::StoreError& error) {
    return fail({error.what()});
  }
}

}  // namespace consign
