#include "daemon/store/reader_pool.hpp"

#include <spdlog/spdlog.h>

namespace consign::store {

ReaderPool::ReaderPool(const std::filesystem::path& file, std::size_t connections) {
  for (std::size_t i = 0; i < connections; ++i) {
    idle_.push_back(std::make_unique<Connection>(file, Connection::Use::read));
    idle_.back()->limit_reads_to_two_seconds();
  }
}

ReaderPool::Lease::Lease(ReaderPool& from) : pool(from) {
  {
    std::unique_lock lock(pool.mutex_);
    pool.returned_.wait(lock, [this] { return !pool.idle_.empty(); });
    connection = std::move(pool.idle_.back());
    pool.idle_.pop_back();
  }
  connection->restart_read_clock();
  try {
    connection->run("BEGIN");
  } catch (const StoreError&) {
    const std::lock_guard lock(pool.mutex_);
    pool.idle_.push_back(std::move(connection));
    pool.returned_.notify_one();
    throw;
  }
}

ReaderPool::Lease::~Lease() {
  connection->restart_read_clock();
  try {
    if (connection->in_transaction()) connection->run("ROLLBACK");
  } catch (const StoreError& error) {
    spdlog::error("store: a read did not end cleanly: {}", error.what());
  }
  const std::lock_guard lock(pool.mutex_);
  pool.idle_.push_back(std::move(connection));
  pool.returned_.notify_one();
}

}  // namespace consign::store
