// All that has happened to an order: what came, what was decided, what persons and suppliers did.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/store/shipment_rows.hpp"

namespace consign::http {
namespace {

struct Entry {
  Timestamp at;
  boost::json::object told;
};

boost::json::object entry(Timestamp at, std::string_view what) {
  return {{"at", format_timestamp(at)}, {"what", what}};
}

Entry told_of(const store::RevisionRow& revision) {
  auto told = entry(revision.received_at, revision.decision ? "received" : "received late");
  told["revision"] = revision.revision;
  if (revision.updated_at) told["updated_at"] = format_timestamp(*revision.updated_at);
  return {revision.received_at, std::move(told)};
}

Entry told_of(const store::DecisionRow& decision) {
  auto told = entry(decision.at, "decided");
  told["decision"] = decision.id;
  told["revision"] = decision.revision;
  told["rules"] = decision.rules;
  const auto answer = boost::json::parse(decision.answer);
  told["state"] = answer.at("state");
  told["lines"] = answer.at("lines");
  return {decision.at, std::move(told)};
}

Entry told_of(const store::OrderEventRow& event) {
  auto told = entry(event.at, event.what);
  told["by"] = event.by.person;
  if (!event.line.empty()) {
    told["line"] = event.line;
    told["part"] = std::to_string(event.part);
  }
  if (!event.supplier.empty()) told["supplier"] = event.supplier;
  const auto detail = boost::json::parse(event.detail);
  for (const auto& [name, value] : detail.as_object()) told[name] = value;
  return {event.at, std::move(told)};
}

}  // namespace

Reply get_order_history(const Request& request, Services& services) {
  const store::OrderKey key{request.path.find("shop")->second, request.path.find("id")->second};
  return SlowReply{[key, viewer = request.viewer, &services] {
    return services.readers.read([&](store::Connection& db) {
      store::ScopedReads reads(db, viewer);
      const auto view = reads.order(key, services.now());
      if (!view) return problem_response(Problem::not_found, "");
      std::vector<Entry> entries;
      if (view->whole) {
        for (const auto& each : store::revisions_of(db, key)) entries.push_back(told_of(each));
      }
      for (const auto& each : reads.events(*view)) entries.push_back(told_of(each));
      // What was done stands before what was decided because of it.
      if (view->whole) {
        for (const auto& each : store::decisions_of(db, key)) entries.push_back(told_of(each));
      }
      std::stable_sort(entries.begin(), entries.end(),
                       [](const Entry& a, const Entry& b) { return a.at < b.at; });
      boost::json::array items;
      for (auto& each : entries) items.push_back(std::move(each.told));
      return json_response(200, boost::json::object{{"order", {{"shop", key.shop}, {"id", key.id}}},
                                                    {"items", std::move(items)}});
    });
  }};
}

}  // namespace consign::http
