// The rule set in force, and the last one that was refused.
//
// A program is immutable and replaced as a whole; whoever decides takes it once and finishes with
// what it took. A small mutex holds the pointer: with libstdc++ 12 an atomic shared_ptr makes
// ThreadSanitizer complain on every run.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "consign/engine.hpp"
#include "consign/time.hpp"

namespace consign {

/// A compiled rule set in force. Immutable.
struct ActiveRules {
  struct File {
    std::string path, sha256;
    std::size_t rules = 0;
  };
  std::shared_ptr<const Program> program;
  std::shared_ptr<const Program> checks;    ///< of the rules on check; null: there are none
  std::shared_ptr<const Program> requests;  ///< likewise of those on request
  /// Likewise of those on each event, by its place in RuleSet::events.
  std::vector<std::shared_ptr<const Program>> events;
  std::string hash;
  Timestamp since;  ///< when it came into force
  std::vector<File> files;
  boost::json::object cost;  ///< what the program is made of, and how long it took to make

  const RuleSet& rules() const { return rules_of(*program); }
};

/// A rule set that was not taken. Immutable.
struct RefusedRules {
  std::string hash;  ///< of the files, as far as they could be read
  Timestamp at;
  boost::json::array messages;
  std::string rendered;  ///< the messages for people
};

/// Safe from any thread.
class CurrentRules {
 public:
  std::shared_ptr<const ActiveRules> active() const;
  /// Null if the files on the disk are those in force.
  std::shared_ptr<const RefusedRules> refused() const;

  /// Puts a set in force; nothing is refused any more.
  void put_in_force(std::shared_ptr<const ActiveRules> rules);
  void note_refused(std::shared_ptr<const RefusedRules> rules);
  void clear_refused();

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const ActiveRules> active_;
  std::shared_ptr<const RefusedRules> refused_;
};

/// What `GET /v1/rules` answers.
boost::json::object rules_status(const CurrentRules& rules);

/// Whether a supplier of that name may act: declared and not suspended.
bool supplier_may_act(const ActiveRules& rules, std::string_view supplier);

}  // namespace consign
