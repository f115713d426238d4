#include "daemon/store/sqlite.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace consign::store {
namespace {

constexpr int kBusyTimeoutMs = 5'000;
constexpr int kInstructionsBetweenLooks = 10'000;
constexpr std::int64_t kReadLimitMs = 2'000;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

bool StoreError::is_fatal() const {
  switch (code_ & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return true;
    default:
      return false;
  }
}

Statement::Statement(Connection& connection, const char* sql)
    : connection_(&connection), sql_(sql), statement_(nullptr) {
  auto& idle = connection.idle_[sql];
  if (!idle.empty()) {
    statement_ = idle.back();
    idle.pop_back();
    return;
  }
  const int code = sqlite3_prepare_v3(connection.handle_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &statement_, nullptr);
  if (code != SQLITE_OK) connection.fail(code, sql);
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      sql_(other.sql_),
      statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  // What the last step said has been dealt with; reset only repeats it.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  connection_->idle_[sql_].push_back(statement_);
}

void Statement::bind(int index, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  const int code =
      sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) connection_->fail(code, sql_);
}

void Statement::bind(int index, std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_, index, number);
  if (code != SQLITE_OK) connection_->fail(code, sql_);
}

void Statement::bind(int index, Blob blob) {
  // A null pointer would bind NULL rather than no bytes.
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  const int code =
      sqlite3_bind_blob64(statement_, index, data, blob.bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) connection_->fail(code, sql_);
}

void Statement::bind(int index, std::nullopt_t) {
  const int code = sqlite3_bind_null(statement_, index);
  if (code != SQLITE_OK) connection_->fail(code, sql_);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  connection_->fail(code, sql_);
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::optional<std::string> Statement::maybe_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<Timestamp> Statement::maybe_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

Connection::Connection(const std::filesystem::path& file, Use use) {
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (use == Use::write ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string why = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw StoreError(code, "cannot open " + file.string() + ": " + why);
  }
  try {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
    execute(
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=0;");
    if (use == Use::write) {
      execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    } else {
      // The one connection that writes is also the one that checkpoints: with two, SQLite 3.40 can
      // corrupt the log.
      execute("PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;");
      sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
  } catch (const StoreError&) {
    sqlite3_close(handle_);
    throw;
  }
}

Connection::~Connection() {
  for (auto& [sql, statements] : idle_) {
    for (auto* statement : statements) sqlite3_finalize(statement);
  }
  sqlite3_close(handle_);
}

void Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, sql);
}

void Connection::watch(const char* table) {
  watched_ = table;
  sqlite3_update_hook(handle_, &Connection::row_changed, this);
}

void Connection::row_changed(void* connection, int, const char*, const char* table, sqlite3_int64) {
  auto* self = static_cast<Connection*>(connection);
  if (std::string_view(table) == self->watched_) self->watched_changed_ = true;
}

int Connection::past_deadline(void* connection) {
  return steady_ms() > static_cast<Connection*>(connection)->read_deadline_ ? 1 : 0;
}

void Connection::limit_reads_to_two_seconds() {
  restart_read_clock();
  sqlite3_progress_handler(handle_, kInstructionsBetweenLooks, &Connection::past_deadline, this);
}

void Connection::restart_read_clock() { read_deadline_ = steady_ms() + kReadLimitMs; }

void Connection::fail(int code, const char* doing) const {
  const int extended = sqlite3_extended_errcode(handle_);
  // After a reset the handle's own code may be that of something later; the one in hand is surer.
  const int best = (extended & 0xff) == (code & 0xff) ? extended : code;
  throw StoreError(best, std::string(sqlite3_errmsg(handle_)) + " (" + sqlite3_errstr(best) +
                             ", at: " + std::string(std::string_view(doing).substr(0, 60)) + ")");
}

void Connection::do_after_commit() {
  for (const auto& work : std::exchange(after_commit_, {})) work();
}

bool try_nested(Connection& db, const std::function<void()>& work) {
  const auto works = db.works_after_commit();
  db.run("SAVEPOINT nested");
  try {
    work();
    db.run("RELEASE nested");
    return true;
  } catch (const StoreError&) {
    throw;  // the unit's own savepoint, or its transaction, undoes it
  } catch (const std::exception& error) {
    spdlog::error("a step of a unit of work failed: {}", error.what());
  }
  db.run("ROLLBACK TO nested");
  db.run("RELEASE nested");
  db.forget_after_commit(works);
  return false;
}

// What is thrown is not caught: the unit's own savepoint, or its transaction, undoes it then.
void try_out(Connection& db, const std::function<void()>& work) {
  const auto works = db.works_after_commit();
  db.run("SAVEPOINT tried");
  work();
  db.run("ROLLBACK TO tried");
  db.run("RELEASE tried");
  db.forget_after_commit(works);
}

}  // namespace consign::store
