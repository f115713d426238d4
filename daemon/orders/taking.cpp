#include "daemon/orders/taking.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

#include "consign/hash.hpp"
#include "daemon/orders/deciding.hpp"

namespace consign {
namespace {

using store::OrderKey;

std::string bytes_of(const Sha256Digest& digest) { return {digest.begin(), digest.end()}; }

TakenOrder answer_again(UnitContext& unit, const store::RevisionRow& known,
                        const std::string& body_hash) {
  if (known.body_hash != body_hash) return {Taking::conflict, ""};
  if (known.answer) return {Taking::known, *known.answer};
  const auto decision = store::find_decision(unit.db, known.decision.value_or(""));
  if (!decision) throw std::runtime_error("revision " + known.revision + " lacks its decision");
  return {Taking::known, decision->answer};
}

std::string stale_answer(const OrderDocument& order, const store::OrderRow& standing) {
  boost::json::object answer{{"order", {{"shop", order.shop}, {"id", order.id}}},
                             {"state", "stale"},
                             {"revision", order.revision()},
                             {"latest", standing.revision},
                             {"decision", standing.decision}};
  return boost::json::serialize(answer);
}

bool is_stale(const OrderDocument& order, const store::OrderRow& standing, SameTime same_time) {
  if (!standing.updated_at || !order.updated_at) return false;
  if (*order.updated_at < *standing.updated_at) return true;
  return same_time == SameTime::cancelled_stands && *order.updated_at == *standing.updated_at &&
         standing.state == "cancelled" && !order.event.cancelled;
}

}  // namespace

TakenOrder take_order(UnitContext& unit, OrderDocument order, SameTime same_time) {
  const OrderKey key{order.shop, order.id};
  const std::string body_hash = bytes_of(sha256(order.canonical()));
  if (const auto known = store::find_revision(unit.db, key, order.revision())) {
    return answer_again(unit, *known, body_hash);
  }
  store::RevisionRow revision{.revision = order.revision(),
                              .updated_at = order.updated_at,
                              .received_at = unit.now,
                              .body = order.canonical(),
                              .body_hash = body_hash};
  const auto standing = store::find_order(unit.db, key);
  if (standing && is_stale(order, *standing, same_time)) {
    revision.answer = stale_answer(order, *standing);
    store::insert_revision(unit.db, key, revision);
    return {Taking::stale, *revision.answer};
  }
  store::insert_revision(unit.db, key, revision);
  const std::string name = order.revision();
  auto decided = decide_and_record(unit, std::move(order), standing, Occasion::new_revision);
  store::set_first_decision(unit.db, key, name, decided.id);
  return {Taking::decided, std::move(decided.answer)};
}

}  // namespace consign
