// What systemd is told (sd_notify). Without NOTIFY_SOCKET nothing happens.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace consign::service_manager {

void ready(const std::string& status);
/// With the time that Type=notify-reload of later systemd wants; `ready` ends it.
void reloading();
void stopping();
void watchdog();
/// How often the watchdog wants to hear from us, if it does.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace consign::service_manager
