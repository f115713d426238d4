#include "daemon/access/codes.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "daemon/access/access_notices.hpp"

namespace consign {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::size_t kDigits = 4;

std::string subject_of(const std::string& shop) { return "code " + shop; }

std::string random_code() {
  // The last bytes that would make some codes likelier than others are thrown away.
  constexpr unsigned kCodes = 10'000, kFair = 65'536 / kCodes * kCodes;
  for (;;) {
    std::array<unsigned char, 2> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
      throw std::runtime_error("the system gives no random numbers");
    }
    const unsigned number = bytes[0] * 256U + bytes[1];
    if (number >= kFair) continue;
    std::string digits = std::to_string(number % kCodes);
    return std::string(kDigits - digits.size(), '0') + digits;
  }
}

bool same_code(const std::string& code, const std::string& given) {
  // What is not four digits is compared all the same, so that it takes as long.
  std::string padded = given;
  padded.resize(kDigits, '\0');
  const bool equal = CRYPTO_memcmp(padded.data(), code.data(), kDigits) == 0;
  return equal && given.size() == kDigits;
}

// After its n-th failure within a day a source waits 2^(n-1) seconds, an hour at most.
std::int64_t delay_after(std::int64_t failures) {
  constexpr std::int64_t kLongest = 12;
  return failures == 0
             ? 0
             : std::min(std::int64_t{1} << std::min(failures - 1, kLongest), std::int64_t{3600}) *
                   kSecond;
}

store::CollaboratorCode put_new_code(UnitContext& unit, const std::string& shop, bool required) {
  store::CollaboratorCode code{random_code(), required, unit.now};
  store::put_code(unit.db, shop, code);
  return code;
}

void lock_out(UnitContext& unit, const std::string& shop, Timestamp until) {
  const auto code = store::find_code(unit.db, shop);
  put_new_code(unit, shop, code && code->required);
  spdlog::warn("shop {}: too many wrong collaborator codes; locked until {}, and the code is new",
               shop, format_timestamp(until));
  store::record_event(unit.db, subject_of(shop),
                      {.at = unit.now,
                       .what = "locked",
                       .by = {"consignd", ""},
                       .detail = "{\"until\":\"" + format_timestamp(until) + "\"}"});
  tell_access(unit, "code.locked", "code " + shop + " " + std::to_string(unit.now.micros),
              {{"shop", shop}, {"until", format_timestamp(until)}});
}

}  // namespace

store::CollaboratorCode code_of(UnitContext& unit, const std::string& shop) {
  auto code = store::find_code(unit.db, shop);
  return code ? *code : put_new_code(unit, shop, true);
}

store::CollaboratorCode renew_code(UnitContext& unit, const std::string& shop,
                                   const store::Actor& by) {
  const bool required = code_of(unit, shop).required;
  store::forget_failures(unit.db, shop);
  store::record_event(unit.db, subject_of(shop),
                      {.at = unit.now, .what = "renewed", .by = by, .detail = "{}"});
  return put_new_code(unit, shop, required);
}

void require_code(UnitContext& unit, const std::string& shop, bool required,
                  const store::Actor& by) {
  auto code = code_of(unit, shop);
  if (code.required == required) return;
  code.required = required;
  store::put_code(unit.db, shop, code);
  store::record_event(
      unit.db, subject_of(shop),
      {.at = unit.now, .what = required ? "required" : "not_required", .by = by, .detail = "{}"});
}

std::optional<Timestamp> locked_until(store::Connection& db, const std::string& shop,
                                      Timestamp now) {
  const auto hour = store::failures_since(db, shop, {now.micros - kHour});
  const auto day = store::failures_since(db, shop, {now.micros - kDay});
  std::optional<Timestamp> until;
  // Nothing is compared meanwhile, so there is room again when the first of them is old.
  if (hour.count >= kCodeFailuresPerHour) until = Timestamp{hour.first->micros + kHour};
  if (day.count >= kCodeFailuresPerDay) {
    until = std::max(until.value_or(Timestamp{}), Timestamp{day.first->micros + kDay});
  }
  return until;
}

CodeTry try_code(UnitContext& unit, const std::string& shop, const std::optional<std::string>& code,
                 const std::string& source) {
  const auto held = code_of(unit, shop);
  if (!held.required) return {CodeAnswer::not_required};
  const auto wait_until = [&](Timestamp until) {
    return CodeTry{
        CodeAnswer::too_many,
        std::max<std::int64_t>(1, (until.micros - unit.now.micros + kSecond - 1) / kSecond)};
  };
  if (const auto until = locked_until(unit.db, shop, unit.now)) return wait_until(*until);
  const auto own = store::failures_of(unit.db, shop, source, {unit.now.micros - kDay});
  if (own.last) {
    const Timestamp next{own.last->micros + delay_after(own.count)};
    if (unit.now < next) return wait_until(next);
  }
  if (!code) return {CodeAnswer::wrong};  // nothing was guessed
  if (same_code(held.code, *code)) {
    store::forgive_source(unit.db, shop, source);
    return {CodeAnswer::right};
  }
  store::record_failure(unit.db, shop, source, unit.now);
  if (const auto until = locked_until(unit.db, shop, unit.now)) lock_out(unit, shop, *until);
  return {CodeAnswer::wrong};
}

}  // namespace consign
