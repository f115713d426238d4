// Who may take a line, and who gets it: availability and the ways of choosing (language, C4 and
// C5).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "consign/engine.hpp"

namespace consign::reference {

/// What suppliers still have and may take while one order is decided.
class Supply {
 public:
  Supply(const Event& event, const Facts& facts, const Prior* prior, Timestamp now)
      : event_(event), facts_(facts), prior_(prior), now_(now) {}

  /// Why the supplier cannot take that much of the line ("acme: suspended"); empty: it can.
  std::string refusal(const Supplier& supplier, std::size_t line, const Decimal& quantity) const;
  /// The same, however little it is, without the name.
  std::string obstacle(const Supplier& supplier, std::size_t line) const;
  /// What the supplier has for the line; nothing: no end of it.
  std::optional<Decimal> left(const Supplier& supplier, std::size_t line) const;
  bool has_part(const std::string& supplier) const { return with_part_.count(supplier) != 0; }
  /// When the supplier begins with what comes now.
  Timestamp begins(const Supplier& supplier) const;
  Timestamp now() const { return now_; }

  void give(const std::string& supplier, std::size_t line, const Decimal& quantity);
  void take_back(const std::string& supplier, std::size_t line, const Decimal& quantity);
  void note_part(const std::string& supplier) { with_part_.insert(supplier); }

 private:
  std::string sku_of(std::size_t line) const;

  const Event& event_;
  const Facts& facts_;
  const Prior* prior_;
  Timestamp now_;
  std::map<std::pair<std::string, std::string>, Decimal> given_;  ///< by supplier and SKU
  std::set<std::string> with_part_;
};

/// A share of a line, as an assign would give it.
struct Share {
  Decimal quantity;
  std::string supplier;  ///< empty: nobody is available
  std::string reason;    ///< where nobody is
};

/// What an assign would do with `quantity` pieces of a line.
struct Plan {
  std::vector<Share> shares;
  /// Whether none of the targets is available, also of those whose share comes to nothing.
  bool nobody = false;
  std::vector<std::string> passed_over;  ///< why those named before did not get it
  std::vector<std::string> ways;         ///< how it was chosen, for the coverage of a run
  /// The suppliers that get something, in the order written.
  std::vector<std::string> suppliers() const;
};

/// An assign of a rule for an order, as things stand.
struct Assigning {
  const RuleSet& rules;
  const Rule& rule;
  const AssignAction& action;
  const Event& event;
  const Supply& supply;
};

Plan plan_of(const Assigning& assigning, std::size_t line, const Decimal& quantity);

/// A line, and how much of it is to be assigned.
struct Wanted {
  std::size_t line;
  Decimal quantity;
};

/// Of an assign that keeps lines together: a plan for each of them.
std::vector<Plan> plan_together(const Assigning& assigning, const std::vector<Wanted>& lines);

}  // namespace consign::reference
