// What handlers may use.
#pragma once

#include <atomic>
#include <functional>

#include "daemon/access/index.hpp"
#include "daemon/access/wallet_changes.hpp"
#include "daemon/config.hpp"
#include "daemon/orders/units.hpp"
#include "daemon/rules/current_rules.hpp"
#include "daemon/rules/program_cache.hpp"
#include "daemon/store/reader_pool.hpp"
#include "daemon/store/writer.hpp"

namespace consign::http {

/// References to the parts of the process, all of which outlive the server. Safe from any thread.
struct Services {
  const Settings& settings;
  const CurrentRules& rules;
  ProgramCache& programs;
  store::Writer& writer;
  store::ReaderPool& readers;
  Units& units;
  AccessIndex& access;
  WalletChanges& wallet_changes;
  std::function<Timestamp()> now;
  std::function<bool()> reload;  ///< looks at the rules folder and waits; whether it is in force
  std::function<void(std::function<void()>)> run_aside;  ///< for work too slow for an I/O thread
  std::atomic<bool>& draining;
};

}  // namespace consign::http
