// A few connections for reading. They never write and never checkpoint.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/store/sqlite.hpp"

namespace consign::store {

/// Lends connections out. Safe from any thread; `read` waits while all are lent.
class ReaderPool {
 public:
  /// The database must be there already. Throws StoreError.
  ReaderPool(const std::filesystem::path& file, std::size_t connections);

  /// Runs `work` inside one read transaction, so that all it sees is of one moment. Rethrows
  /// StoreError, and with it reads that took longer than two seconds: a long read keeps the log
  /// from being checkpointed.
  template <class Work>
  auto read(Work&& work) {
    const Lease lease(*this);
    return work(*lease.connection);
  }

 private:
  struct Lease {
    explicit Lease(ReaderPool& from);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ReaderPool& pool;
    std::unique_ptr<Connection> connection;
  };

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace consign::store
