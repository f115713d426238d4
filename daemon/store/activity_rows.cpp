#include "daemon/store/activity_rows.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace consign::store {
namespace {

using Source = ActivityPlace::Source;

constexpr std::string_view kOrder = "order ";

// What a source's rows have to be before: (at, seq).
struct Bound {
  Timestamp at;
  std::int64_t seq;
};

Bound bound_of(Source source, const ActivityFilter& filter,
               const std::optional<ActivityPlace>& before) {
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  if (!before || before->at >= filter.until) return {filter.until, kFirst};
  if (source == before->source) return {before->at, before->seq};
  return {before->at, source < before->source ? kLast : kFirst};
}

// One statement for each way to find rows, so that each is found by an index.
enum Way : std::size_t { by_time, of_person, about_subject, kWays };

Way way_of(const ActivityFilter& filter) {
  if (!filter.about.empty()) return about_subject;
  return filter.by.empty() ? by_time : of_person;
}

using Statements = std::array<std::string, kWays>;

// ?1, ?2: the bound; ?3: since; ?4: by; ?5: shop; from ?6: the subject; last the limit.
Statements access_statements() {
  const std::string head =
      "SELECT at, seq, subject, what, by_person, token, detail FROM access_events "
      "WHERE (at, seq) < (?1, ?2) AND at >= ?3 AND ";
  const std::string tail =
      " AND (?5 = '' OR EXISTS (SELECT 1 FROM json_each(detail, '$.shops') WHERE value = ?5) "
      "OR (substr(subject, 1, 6) = 'grant ' AND EXISTS "
      "(SELECT 1 FROM grants WHERE id = substr(subject, 7) AND shop = ?5)) "
      "OR (substr(subject, 1, 8) = 'request ' AND EXISTS "
      "(SELECT 1 FROM request_shops WHERE request = substr(subject, 9) AND shop = ?5)) "
      "OR (substr(subject, 1, 8) = 'account ' AND EXISTS (SELECT 1 FROM accounts, "
      "json_each(accounts.shops) WHERE account = substr(subject, 9) AND value = ?5))) "
      "ORDER BY at DESC, seq DESC LIMIT ?7";
  return {
      head + "?4 = '' AND by_person <> 'consignd' AND ?6 = ''" + tail,
      head + "by_person = ?4 AND ?6 = ''" + tail,
      head + "subject = ?6 AND ((?4 = '' AND by_person <> 'consignd') OR by_person = ?4)" + tail};
}

Statements order_statements() {
  const std::string head =
      "SELECT at, seq, shop, order_id, line, part, supplier, what, by_person, token, detail "
      "FROM order_events WHERE (at, seq) < (?1, ?2) AND at >= ?3 AND ";
  const std::string tail = " AND (?5 = '' OR shop = ?5) ORDER BY at DESC, seq DESC LIMIT ?8";
  return {head + "?4 = '' AND by_person <> 'consignd' AND ?6 = '' AND ?7 = ''" + tail,
          head + "by_person = ?4 AND ?6 = '' AND ?7 = ''" + tail,
          head +
              "shop = ?6 AND order_id = ?7 AND "
              "((?4 = '' AND by_person <> 'consignd') OR by_person = ?4)" +
              tail};
}

std::vector<ActivityRow> of_access(Connection& db, const ActivityFilter& filter, const Bound& bound,
                                   std::int64_t limit) {
  static const Statements kStatements = access_statements();
  auto rows = db.query(kStatements[way_of(filter)].c_str(), bound.at, bound.seq, filter.since,
                       filter.by, filter.shop, filter.about, limit);
  std::vector<ActivityRow> found;
  while (rows.step()) {
    found.push_back({.place = {rows.time(0), Source::access, rows.number(1)},
                     .about = rows.text(2),
                     .what = rows.text(3),
                     .by = {rows.text(4), rows.text(5)},
                     .detail = rows.text(6)});
  }
  return found;
}

std::vector<ActivityRow> of_orders(Connection& db, const ActivityFilter& filter, const Bound& bound,
                                   std::int64_t limit) {
  static const Statements kStatements = order_statements();
  std::string_view shop, id;
  if (!filter.about.empty()) {
    const std::string_view key = std::string_view(filter.about).substr(kOrder.size());
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) return {};
    shop = key.substr(0, slash);
    id = key.substr(slash + 1);
  }
  auto rows = db.query(kStatements[way_of(filter)].c_str(), bound.at, bound.seq, filter.since,
                       filter.by, filter.shop, shop, id, limit);
  std::vector<ActivityRow> found;
  while (rows.step()) {
    found.push_back({.place = {rows.time(0), Source::orders, rows.number(1)},
                     .about = std::string(kOrder) + rows.text(2) + "/" + rows.text(3),
                     .line = rows.text(4),
                     .part = rows.number(5),
                     .supplier = rows.text(6),
                     .what = rows.text(7),
                     .by = {rows.text(8), rows.text(9)},
                     .detail = rows.text(10)});
  }
  return found;
}

}  // namespace

std::vector<ActivityRow> list_activity(Connection& db, const ActivityFilter& filter,
                                       const std::optional<ActivityPlace>& before,
                                       std::int64_t limit) {
  const bool only_orders = filter.about.starts_with(kOrder);
  const bool only_access = !filter.about.empty() && !only_orders;
  std::vector<ActivityRow> access, orders, all;
  if (!only_orders) {
    access = of_access(db, filter, bound_of(Source::access, filter, before), limit);
  }
  if (!only_access) {
    orders = of_orders(db, filter, bound_of(Source::orders, filter, before), limit);
  }
  std::merge(std::make_move_iterator(access.begin()), std::make_move_iterator(access.end()),
             std::make_move_iterator(orders.begin()), std::make_move_iterator(orders.end()),
             std::back_inserter(all),
             [](const ActivityRow& a, const ActivityRow& b) { return a.place > b.place; });
  all.resize(std::min(all.size(), static_cast<std::size_t>(limit)));
  return all;
}

}  // namespace consign::store
