// The one thread that writes.
//
// It owns the one connection that writes and checkpoints. What has queued up while the last commit
// was on its way to the disk goes into the next transaction together (group commit), each unit
// under a savepoint, so that one that fails does not sink the others. Whoever submitted is told
// only after COMMIT has returned.
//
// A commit that SQLite reports as failed may still be there after a crash. So a storage error is
// "outcome unknown", never "not stored"; on an I/O error or a damaged file the writer stops for
// good and says so to `on_fatal`, whose job is to end the process.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// What became of a unit.
enum class Fate {
  committed,
  failed,   ///< it threw; nothing of it is stored
  unknown,  ///< the transaction that held it failed; it may or may not be stored
  refused,  ///< the queue was full or closed; it never ran
};

/// Work for the writer's thread, inside a transaction. May throw; then it leaves nothing behind.
using Unit = std::function<void(Connection&)>;
/// Told once for each job, on the writer's thread (or on the caller's, if refused): one fate per
/// unit. Must be quick and must not throw.
using Done = std::function<void(const std::vector<Fate>&)>;

struct WriterLimits {
  std::size_t queued_units = 8'192;
  std::size_t units_per_commit = 256;
};

/// Makes and runs the writer's thread. All functions may be called from any thread.
class Writer {
 public:
  /// Opens (and if need be makes) the database. Throws StoreError.
  Writer(const std::filesystem::path& file, std::function<void(const std::string&)> on_fatal,
         WriterLimits limits = {});
  /// Finishes what is queued.
  ~Writer();

  /// Queues units that are answered together; they run in order, without others between them.
  void submit(std::vector<Unit> units, Done done);
  void submit(Unit unit, Done done);
  /// Runs a unit and waits for its fate. Not for the writer's own thread.
  Fate run(Unit unit);

  /// Calls `told` on the writer's thread after each commit that may have changed the table's rows;
  /// nothing to end that. Waits until it holds: when it has returned, an earlier `told` is called
  /// no more. One table at a time; its name has to be a literal.
  void watch(const char* table, std::function<void()> told);

  /// Whether new work should be turned away: four fifths of the queue are taken, or it has stopped.
  bool is_busy() const;
  /// Takes no more work, finishes what is queued, ends the thread, closes the database. Idempotent;
  /// one caller at a time.
  void close();

 private:
  struct Job {
    std::vector<Unit> units;
    Done done;
    std::vector<Fate> fates;
  };
  void work();
  void commit(std::deque<Job>& batch);
  Fate run_unit(const Unit& unit);
  void stop_for_good(const std::string& why);

  const std::function<void(const std::string&)> on_fatal_;
  const WriterLimits limits_;
  Connection connection_;
  std::function<void()> told_;  // on the writer's thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;
  std::size_t queued_units_ = 0;
  bool closing_ = false;
  bool broken_ = false;
  std::thread thread_;
};

}  // namespace consign::store
