// What persons and accounts did: the log over accounts, grants, tokens and orders.
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "daemon/access/checking.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/page.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

using store::ActivityPlace;

// A cursor is the place of the last event: its time, its source and its number.
std::string cursor_of(const ActivityPlace& place) {
  return std::to_string(place.at.micros) + "." + std::to_string(static_cast<int>(place.source)) +
         "." + std::to_string(place.seq);
}

std::optional<ActivityPlace> place_of(std::string_view cursor) {
  std::array<std::int64_t, 3> numbers{};
  const char* at = cursor.data();
  const char* const end = at + cursor.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [stop, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc()) return std::nullopt;
    at = stop;
  }
  if (at != end || numbers[1] < 0 || numbers[1] > 1) return std::nullopt;
  return ActivityPlace{{numbers[0]}, static_cast<ActivityPlace::Source>(numbers[1]), numbers[2]};
}

// Whether the parameter is not given, or a time, which goes to `to`.
bool read_time(const Request& request, std::string_view name, Timestamp& to) {
  const auto text = request.query_value(name);
  if (text.empty()) return true;
  const auto time = parse_timestamp(text);
  if (time) to = *time;
  return time.has_value();
}

// Whether somebody may have what all did in that shop.
bool reads_log_of(const std::string& shop, const store::Viewer& viewer, Services& services) {
  if (shop.empty() || viewer.blocked || viewer.is_administrator()) return false;
  const Check check{.account = viewer.account,
                    .action = {"activity_log", "view"},
                    .resource = {.kind = "shop", .shop = shop}};
  return answer_check(services.access, *services.rules.active(), services.settings, check,
                      services.now())
      .allowed();
}

boost::json::object told_of(const store::ActivityRow& row) {
  boost::json::object told{{"at", format_timestamp(row.place.at)}, {"by", row.by.person}};
  if (!row.by.token.empty()) told["token"] = row.by.token;
  told["what"] = row.what;
  told["about"] = row.about;
  if (!row.line.empty()) {
    told["line"] = row.line;
    told["part"] = std::to_string(row.part);
  }
  if (!row.supplier.empty()) told["supplier"] = row.supplier;
  const auto detail = boost::json::parse(row.detail);
  for (const auto& [name, value] : detail.as_object()) told.insert({{name, value}});
  return told;
}

}  // namespace

Reply list_activity(const Request& request, Services& services) {
  const auto limit = limit_of(request);
  const auto cursor = request.query_value("cursor");
  const auto before = place_of(cursor);
  if (!limit || (!cursor.empty() && !before)) return no_such_page();
  store::ActivityFilter filter{.by = std::string(request.query_value("by")),
                               .about = std::string(request.query_value("about")),
                               .shop = std::string(request.query_value("shop"))};
  if (!read_time(request, "since", filter.since) || !read_time(request, "until", filter.until)) {
    return problem_response(Problem::malformed_request,
                            "`since` and `until` are times with a zone, as `2026-11-21T10:00:00Z`");
  }
  const bool reads_log = reads_log_of(filter.shop, request.viewer, services);
  return SlowReply{[filter = std::move(filter), reads_log, before, limit = *limit,
                    viewer = request.viewer, &services] {
    return services.readers.read([&](store::Connection& db) {
      const auto rows = reads_log ? store::list_activity(db, filter, before, limit)
                                  : store::ScopedReads(db, viewer).activity(filter, before, limit);
      boost::json::array items;
      for (const auto& row : rows) items.push_back(told_of(row));
      return page_response(std::move(items), limit,
                           rows.empty() ? "" : cursor_of(rows.back().place));
    });
  }};
}

}  // namespace consign::http
