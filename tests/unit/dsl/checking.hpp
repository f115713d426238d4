// Short ways to check rule texts, for the tests of `dsl`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "consign/dsl.hpp"

namespace checking {

inline consign::CheckResult check(std::string text, const consign::CheckOptions& options = {}) {
  return consign::check_rules({{"10-a.rules", std::move(text)}}, options);
}

/// The headlines of all messages, each with its code: "E0304 `order.total` is money but …".
inline std::vector<std::string> headlines(const consign::CheckResult& result) {
  std::vector<std::string> lines;
  for (const auto& each : result.diagnostics) {
    lines.push_back(std::string(consign::row_of(each.code).id) + " " + each.message);
  }
  return lines;
}

/// The codes of all messages: "E0304 W0801".
inline std::string codes(const consign::CheckResult& result) {
  std::string all;
  for (const auto& each : result.diagnostics) {
    all += (all.empty() ? "" : " ") + std::string(consign::row_of(each.code).id);
  }
  return all;
}

}  // namespace checking
