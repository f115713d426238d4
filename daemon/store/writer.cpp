#include "daemon/store/writer.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <utility>

#include "daemon/store/schema.hpp"

namespace consign::store {

Writer::Writer(const std::filesystem::path& file, std::function<void(const std::string&)> on_fatal,
               WriterLimits limits)
    : on_fatal_(std::move(on_fatal)), limits_(limits), connection_(file, Connection::Use::write) {
  prepare_schema(connection_);
  thread_ = std::thread([this] { work(); });
}

Writer::~Writer() { close(); }

void Writer::submit(std::vector<Unit> units, Done done) {
  const std::size_t count = units.size();
  {
    const std::lock_guard lock(mutex_);
    if (!closing_ && !broken_ && queued_units_ + count <= limits_.queued_units) {
      queued_units_ += count;
      queue_.push_back({std::move(units), std::move(done), {}});
      wake_.notify_one();
      return;
    }
  }
  done(std::vector<Fate>(count, Fate::refused));
}

void Writer::submit(Unit unit, Done done) {
  std::vector<Unit> units;
  units.push_back(std::move(unit));
  submit(std::move(units), std::move(done));
}

Fate Writer::run(Unit unit) {
  std::promise<Fate> fate;
  auto answer = fate.get_future();
  submit(std::move(unit), [&fate](const std::vector<Fate>& fates) { fate.set_value(fates[0]); });
  return answer.get();
}

void Writer::watch(const char* table, std::function<void()> told) {
  run([&](Connection& db) {
    db.watch(table);
    told_ = std::move(told);
  });
}

bool Writer::is_busy() const {
  const std::lock_guard lock(mutex_);
  return closing_ || broken_ || queued_units_ * 5 >= limits_.queued_units * 4;
}

void Writer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Writer::work() {
  for (;;) {
    std::deque<Job> batch;
    bool broken = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      std::size_t units = 0;
      // A job is taken whole, so the last one may go over the cap.
      while (!queue_.empty() && units < limits_.units_per_commit) {
        units += queue_.front().units.size();
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
      queued_units_ -= units;
      broken = broken_;
    }
    if (broken) {
      for (auto& job : batch) job.fates.assign(job.units.size(), Fate::unknown);
    } else {
      commit(batch);
    }
    for (auto& job : batch) job.done(job.fates);
  }
}

void Writer::commit(std::deque<Job>& batch) {
  try {
    connection_.run("BEGIN IMMEDIATE");
    for (auto& job : batch) {
      for (const auto& unit : job.units) job.fates.push_back(run_unit(unit));
    }
    connection_.run("COMMIT");
    connection_.do_after_commit();
    if (connection_.take_change() && told_) told_();
  } catch (const StoreError& error) {
    spdlog::error("store: {}", error.what());
    connection_.forget_after_commit(0);
    for (auto& job : batch) job.fates.assign(job.units.size(), Fate::unknown);
    if (error.is_fatal()) return stop_for_good(error.what());
    try {
      if (connection_.in_transaction()) connection_.execute("ROLLBACK");
    } catch (const StoreError& worse) {
      stop_for_good(worse.what());
    }
  }
}

// A unit that throws is undone by its savepoint. Errors of the store that end the transaction, or
// that say the file cannot be trusted, are the whole batch's.
Fate Writer::run_unit(const Unit& unit) {
  const auto works = connection_.works_after_commit();
  connection_.run("SAVEPOINT unit");
  try {
    unit(connection_);
    connection_.run("RELEASE unit");
    return Fate::committed;
  } catch (const StoreError& error) {
    if (error.is_fatal() || !connection_.in_transaction()) throw;
    spdlog::error("store: a unit of work failed: {}", error.what());
  } catch (const std::exception& error) {
    spdlog::error("a unit of work failed: {}", error.what());
  }
  connection_.execute("ROLLBACK TO unit; RELEASE unit");
  connection_.forget_after_commit(works);
  return Fate::failed;
}

void Writer::stop_for_good(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    broken_ = true;
  }
  on_fatal_(why);
}

}  // namespace consign::store
