// A thin face on SQLite's C API: connections, prepared statements, one exception.
//
// A storage error is an exception because there is one thing to do with it, far from where it
// happens: the writer and the reader pool catch it and nobody else does. Statements are kept
// prepared per connection under the address of their SQL text, which therefore has to be a literal.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "consign/time.hpp"

namespace consign::store {

/// What SQLite said. `code` is the extended result code.
class StoreError : public std::runtime_error {
 public:
  StoreError(int error_code, const std::string& message)
      : std::runtime_error(message), code_(error_code) {}
  int code() const { return code_; }
  /// Whether the file can no longer be trusted: the process has to end and recover by starting
  /// anew.
  bool is_fatal() const;

 private:
  int code_;
};

/// Bytes that are not text.
struct Blob {
  std::string_view bytes;
};

class Connection;

/// A prepared statement on loan from its connection, with its arguments bound. One thread at a
/// time; must not outlive the connection.
class Statement {
 public:
  Statement(Connection& connection, const char* sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;

  void bind(int index, std::string_view text);
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, std::int64_t number);
  void bind(int index, int number) { bind(index, std::int64_t{number}); }
  void bind(int index, bool truth) { bind(index, std::int64_t{truth ? 1 : 0}); }
  void bind(int index, std::uint32_t number) { bind(index, std::int64_t{number}); }
  void bind(int index, Timestamp time) { bind(index, time.micros); }
  void bind(int index, Blob blob);
  void bind(int index, std::nullopt_t);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    value ? bind(index, *value) : bind(index, std::nullopt);
  }

  /// Whether there is a (next) row.
  bool step();
  std::string text(int column) const;
  std::int64_t number(int column) const;
  bool truth(int column) const { return number(column) != 0; }
  Timestamp time(int column) const { return {number(column)}; }
  bool is_null(int column) const;
  std::optional<std::string> maybe_text(int column) const;
  std::optional<Timestamp> maybe_time(int column) const;

 private:
  Connection* connection_;
  const char* sql_;
  sqlite3_stmt* statement_;
};

/// One connection to the database. Not thread-safe: whoever holds it is its only user.
class Connection {
 public:
  enum class Use { write, read };
  /// Opens the file and sets what every connection of ours sets. Throws StoreError.
  Connection(const std::filesystem::path& file, Use use);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A statement with its arguments bound, to be stepped through.
  template <class... Args>
  Statement query(const char* sql, const Args&... args) {
    Statement statement(*this, sql);
    int index = 0;
    (statement.bind(++index, args), ...);
    return statement;
  }
  /// Runs a statement that gives no rows; says how many rows it changed.
  template <class... Args>
  int run(const char* sql, const Args&... args) {
    Statement statement = query(sql, args...);
    while (statement.step()) {
    }
    return sqlite3_changes(handle_);
  }
  /// Runs several statements without arguments. Not cached.
  void execute(const char* sql);

  /// Has `work` done once what the transaction wrote is committed; never if the transaction, or the
  /// savepoint around this call, is undone. On the writer's thread, before anybody is told; must
  /// not throw. This is how what is kept in memory stays in step with the store.
  void after_commit(std::function<void()> work) { after_commit_.push_back(std::move(work)); }
  std::size_t works_after_commit() const { return after_commit_.size(); }
  /// Forgets all but the first `keep` of them.
  void forget_after_commit(std::size_t keep) { after_commit_.resize(keep); }
  void do_after_commit();

  /// From now on changes of this table's rows are noticed. The name has to be a literal.
  void watch(const char* table);
  /// Whether the watched table may have changed since this was asked last.
  bool take_change() { return std::exchange(watched_changed_, false); }

  /// Whether a transaction is open (SQLite ends one by itself on some errors).
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  /// Reads that take longer than this are cut off with SQLITE_INTERRUPT.
  void limit_reads_to_two_seconds();
  void restart_read_clock();

  [[noreturn]] void fail(int code, const char* doing) const;
  sqlite3* handle() const { return handle_; }

 private:
  friend class Statement;
  static int past_deadline(void* connection);
  static void row_changed(void* connection, int operation, const char* database, const char* table,
                          sqlite3_int64 row);

  sqlite3* handle_ = nullptr;
  std::unordered_map<const void*, std::vector<sqlite3_stmt*>> idle_;
  std::int64_t read_deadline_ = 0;  // steady clock, milliseconds
  std::vector<std::function<void()>> after_commit_;
  const char* watched_ = nullptr;
  bool watched_changed_ = false;
};

/// Runs `work` under a savepoint of its own inside the transaction that is open: if it throws
/// anything but a StoreError, that is logged and nothing of it stays. Whether it went through.
bool try_nested(Connection& db, const std::function<void()>& work);

/// Runs `work` under a savepoint of its own and undoes all of it, whatever came of it.
void try_out(Connection& db, const std::function<void()>& work);

}  // namespace consign::store
