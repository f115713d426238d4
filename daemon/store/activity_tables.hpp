// The tables of what each person did: a step of the schema.
#pragma once

namespace consign::store {

/// What persons did is found by who and when, the newest first. `seq` follows by itself.
inline constexpr const char* kActivityTables = R"sql(
CREATE INDEX access_events_of_person ON access_events (by_person, at);
CREATE INDEX access_events_by_time ON access_events (at);
CREATE INDEX order_events_of_person ON order_events (by_person, at);
CREATE INDEX order_events_by_time ON order_events (at);
)sql";

}  // namespace consign::store
