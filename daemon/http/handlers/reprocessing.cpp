// Deciding orders anew: one, or all that fit a filter; or only saying what that would change.
#include "daemon/orders/reprocessing.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_view.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

struct Wanted {
  Occasion occasion = Occasion::reprocess;
  bool dry_run = false;
};

Wanted read_wanted(DocumentReader& reader) {
  Wanted wanted;
  if (reader.flag("overrule")) wanted.occasion = Occasion::overrule;
  wanted.dry_run = reader.flag("dry_run");
  return wanted;
}

OrderFilter read_filter(DocumentReader& reader) {
  return {.shop = reader.maybe_text("shop").value_or(""),
          .state = reader.maybe_text("state").value_or(""),
          .supplier = reader.maybe_text("supplier").value_or(""),
          .outcome = reader.maybe_text("outcome").value_or(""),
          .from = reader.maybe_time("received_from"),
          .until = reader.maybe_time("received_until")};
}

boost::json::object to_json(const store::OrderKey& key, const std::vector<PartChange>& changes) {
  boost::json::array list;
  for (const auto& change : changes) {
    const auto& part = change.after ? *change.after : *change.before;
    boost::json::object one{{"line", part.line}, {"part", std::to_string(part.part)}};
    one["before"] = change.before ? boost::json::value(part_to_json(*change.before)) : nullptr;
    one["after"] = change.after ? boost::json::value(part_to_json(*change.after)) : nullptr;
    list.push_back(std::move(one));
  }
  return {{"order", {{"shop", key.shop}, {"id", key.id}}}, {"changes", std::move(list)}};
}

// What reprocessing would change, in a transaction that only reads.
template <class Work>
auto with_context(Services& services, Work work) {
  Arena arena;
  const auto rules = services.rules.active();
  return services.readers.read([&](store::Connection& db) {
    return work(DecidingContext{db, *rules, services.settings, arena, services.now()});
  });
}

Response answer_to(const store::OrderKey& key,
                   const std::optional<std::vector<PartChange>>& changes) {
  if (!changes) return problem_response(Problem::not_found, "no such order, or it is cancelled");
  return json_response(200, to_json(key, *changes));
}

// The changes of all orders that fit, page by page, one order a line.
class Trial {
 public:
  Trial(Services& services, OrderFilter filter, Occasion occasion)
      : services_(services), filter_(std::move(filter)), occasion_(occasion) {}

  std::optional<std::string> next() {
    if (ended_) return std::nullopt;
    std::string lines;
    std::vector<store::OrderKey> keys;
    const bool more = services_.readers.read(
        [&](store::Connection& db) { return next_orders(db, filter_, after_, keys); });
    for (const auto& key : keys) {
      const auto changes = with_context(services_, [&](const DecidingContext& context) {
        return would_change(context, key, occasion_);
      });
      if (!changes || changes->empty()) continue;
      lines += boost::json::serialize(to_json(key, *changes)) + "\n";
    }
    ended_ = !more;
    return lines;
  }

 private:
  Services& services_;
  const OrderFilter filter_;
  const Occasion occasion_;
  std::int64_t after_ = 0;
  bool ended_ = false;
};

}  // namespace

Reply reprocess_order(const Request& request, Services& services) {
  const auto document = parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const auto wanted = read_wanted(reader);
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  const store::OrderKey key{request.path.find("shop")->second, request.path.find("id")->second};
  if (wanted.dry_run) {
    return SlowReply{[key, wanted, &services] {
      return answer_to(key, with_context(services, [&](const DecidingContext& context) {
                         return would_change(context, key, wanted.occasion);
                       }));
    }};
  }
  return write_reply([key, wanted, by = request.viewer.as_actor()](UnitContext& unit) {
    return answer_to(key, reprocess(unit, key, wanted.occasion, by));
  });
}

Reply reprocess_orders(const Request& request, Services& services) {
  const auto document = parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return problem_response(Problem::malformed_json, "", {document.error()});
  std::vector<JsonError> faults;
  DocumentReader reader(document->root(), "", faults);
  const auto wanted = read_wanted(reader);
  auto filter = read_filter(reader);
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  if (wanted.dry_run) {
    auto trial = std::make_shared<Trial>(services, std::move(filter), wanted.occasion);
    return StreamReply{.head = {.status = 200, .body = {}, .content_type = "application/x-ndjson"},
                       .next = [trial] { return trial->next(); }};
  }
  return write_reply(
      [filter = std::move(filter), wanted, by = request.viewer.as_actor()](UnitContext& unit) {
        const auto count = reprocess_all(unit, filter, wanted.occasion, by);
        return json_response(202, boost::json::object{{"orders", count}});
      });
}

}  // namespace consign::http
