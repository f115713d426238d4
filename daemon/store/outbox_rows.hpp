// Rows of effects: what leaves the daemon because of a decision, the attempts to deliver it, and
// the endpoints that want nothing any more.
//
// An effect is queued in the transaction of its decision and sent later, those of one order to one
// endpoint in the order of `seq`. The functions here see everything; only the writer's units, the
// sender and the scoped reads call them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/order_rows.hpp"

namespace consign::store {

/// An effect that a decision asks for.
struct NewEffect {
  std::string part = {}, rule = {}, action = {}, endpoint = {}, body = {};
};

/// An effect as it stands now.
struct EffectRow {
  std::int64_t seq = 0;
  std::string id = {};  ///< what its receiver knows it by; the same for every attempt
  OrderKey order = {};
  std::string part = {}, rule = {}, action = {}, endpoint = {}, body = {};
  std::string decision = {};
  Timestamp at = {};
  std::string state = {};             ///< queued, delivered, failed
  std::int64_t tries = 0;             ///< since it was queued last
  Timestamp next_at = {};             ///< when the next one is due, while queued
  std::optional<Timestamp> ended_at;  ///< when it was delivered or given up
};

/// One attempt to deliver an effect.
struct AttemptRow {
  std::int64_t number = 0;  ///< from 1
  Timestamp at = {};
  std::int64_t millis = 0;
  std::int64_t status = 0;             ///< of the answer; 0: there was none
  std::optional<std::string> problem;  ///< why it did not count as delivered
};

/// At most once per (order, part, rule, action), also after it was delivered and forgotten.
void queue_effect(Connection& db, const OrderKey& key, const NewEffect& effect,
                  std::string_view decision, Timestamp now);

/// The effect that the endpoint gets next: the first one that is due, or where none is, the one
/// that will be due first; `next_at` says when. An effect goes after all earlier ones of its order,
/// and passes those of other orders that wait for a retry. One that was not tried yet is due from
/// `fresh_from` on.
std::optional<EffectRow> next_effect(Connection& db, std::string_view endpoint, Timestamp now,
                                     Timestamp fresh_from);
std::optional<EffectRow> find_effect(Connection& db, std::string_view id);

/// What a list is of; empty texts: any.
struct EffectFilter {
  std::string endpoint = {}, state = {}, shop = {}, order = {};
};
/// A page of effects after `after`, oldest first, without their bodies.
std::vector<EffectRow> list_effects(Connection& db, const EffectFilter& filter, std::int64_t after,
                                    std::int64_t limit);
std::vector<AttemptRow> attempts_of(Connection& db, std::int64_t seq);

/// Writes the attempt down under the next number.
void record_attempt(Connection& db, std::int64_t seq, const AttemptRow& attempt);
/// The effect needs no more attempts: `delivered`, or `failed`.
void end_effect(Connection& db, std::int64_t seq, std::string_view state, Timestamp now);
/// The effect stays queued for another attempt.
void postpone_effect(Connection& db, std::int64_t seq, std::int64_t tries, Timestamp next_at);
/// Queues an effect, whatever became of it, as if it had never been tried; false for an unknown id.
bool queue_again(Connection& db, std::string_view id, Timestamp now);

/// Forgets effects that were delivered before `before`, with their attempts and oldest first, but
/// for the fact that they were. How many.
std::int64_t prune_delivered(Connection& db, Timestamp before, std::int64_t at_most);

/// Endpoints that something is queued for.
std::vector<std::string> endpoints_with_work(Connection& db);
/// The first effects that are queued for the endpoint.
std::vector<std::int64_t> queued_for(Connection& db, std::string_view endpoint,
                                     std::int64_t at_most);

struct DisabledEndpoint {
  std::string name = {};
  Timestamp since = {};
  std::string reason = {};
};
std::optional<DisabledEndpoint> find_disabled_endpoint(Connection& db, std::string_view name);
void disable_endpoint(Connection& db, const DisabledEndpoint& endpoint);
/// What is queued for the endpoint is sent again, from now on.
void enable_endpoint(Connection& db, std::string_view endpoint, Timestamp now);

/// How an endpoint's effects stand.
struct EndpointCounts {
  std::int64_t queued = 0, failed = 0;
  std::optional<Timestamp> oldest_queued_at;  ///< since when the first one is waiting
};
EndpointCounts count_effects(Connection& db, std::string_view endpoint);

}  // namespace consign::store
