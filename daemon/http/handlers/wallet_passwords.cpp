// Changing the wallet password of an account's shops.
//
// It goes to all of its shops at once, and must differ from each shop's own password. consign never
// receives either. It gives the client a fresh salt for each shop, and the client sends back, for
// each, HMAC-SHA256 of the new wallet password and of the shop's own one under that salt: equal
// passwords give equal digests, and one salt's digests say nothing about another's. The two are
// compared, overwritten and gone; neither they nor the salts reach the store or the log. The
// password itself is sealed by the client for the shop's connector and goes there through the
// outbox, as a text that consign cannot read.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "daemon/access/account_name.hpp"
#include "daemon/access/checking.hpp"
#include "daemon/access/wallet_changes.hpp"
#include "daemon/effects/wallet.hpp"
#include "daemon/http/document_reader.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

constexpr std::size_t kBytes = 32;                           // of a salt, and of a digest
constexpr std::size_t kBase64Size = 4 * ((kBytes + 2) / 3);  // the last letter is padding
constexpr std::size_t kLongestSealed = 4096;

/// A shop that gets the password, and where it hears of it.
struct WalletShop {
  std::string id, endpoint;
};

// The account's shops; all that are configured where it is not limited to some.
std::vector<std::string> shops_of(const Services& services, const std::string& account) {
  const auto row = services.access.account(account);
  if (row != nullptr && row->shops) return *row->shops;
  std::vector<std::string> all;
  for (const auto& [id, settings] : services.settings.shops) all.push_back(id);
  return all;
}

// Why the account may not change the password of all these shops; empty: it may.
std::string why_not(const Request& request, const Services& services,
                    const std::vector<std::string>& shops, Use use) {
  const auto rules = services.rules.active();
  for (const auto& shop : shops) {
    if (!request.viewer.sees_shop(shop))
      return "the token is limited, and not to shop `" + shop + '`';
    const auto answer = answer_check(services.access, *rules, services.settings,
                                     {.account = request.viewer.account,
                                      .action = {"wallet", "password"},
                                      .resource = {.kind = "shop", .shop = shop}},
                                     services.now(), use);
    if (!answer.allowed()) {
      return "it goes to all shops, and `wallet:password` is denied on shop `" + shop +
             "`: " + answer.denied;
    }
  }
  return {};
}

// The shops whose password the account may change, or the refusal.
std::variant<std::vector<WalletShop>, Response> shops_to_change(const Request& request,
                                                                const Services& services, Use use) {
  const auto& name = request.path.find("account")->second;
  if (request.viewer.is_administrator()) {
    return problem_response(Problem::forbidden, "an account changes its wallet password itself");
  }
  if (request.viewer.account != name) return problem_response(Problem::not_found, "");
  const auto shops = shops_of(services, name);
  if (auto why = why_not(request, services, shops, use); !why.empty()) {
    return problem_response(Problem::forbidden, why);
  }
  std::vector<JsonError> faults;
  std::vector<WalletShop> found;
  for (const auto& shop : shops) {
    const ShopSettings* settings = services.settings.find_shop(shop);
    if (settings == nullptr || settings->wallet.empty()) {
      faults.push_back({"/shops/" + pointer_token(shop),
                        "nobody is told of shop `" + shop +
                            "`'s password: give it a `wallet` endpoint in consignd.yaml, as `" +
                            shop + ": { …, wallet: NAME }`"});
    } else {
      found.push_back({shop, settings->wallet});
    }
  }
  if (shops.empty()) faults.push_back({"", "the account belongs to no shop"});
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);
  return found;
}

std::optional<std::string> make_salt() {
  std::array<unsigned char, kBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return std::nullopt;
  std::array<unsigned char, kBase64Size + 1> text{};
  EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return std::string(reinterpret_cast<const char*>(text.data()), kBase64Size);
}

/// Bytes that are overwritten when they are no longer needed.
class Digest {
 public:
  Digest(DocumentReader& reader, std::string_view name) {
    std::string text = reader.text(name);
    const bool formed =
        text.size() == kBase64Size && text.ends_with('=') && text[kBase64Size - 2] != '=' &&
        EVP_DecodeBlock(bytes_.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size())) == static_cast<int>(bytes_.size());
    if (!formed && !text.empty()) {
      reader.fault(name, "this is an HMAC-SHA256, its 32 bytes in base64");
    }
    OPENSSL_cleanse(text.data(), text.size());
  }
  ~Digest() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  bool equals(const Digest& other) const {
    return CRYPTO_memcmp(bytes_.data(), other.bytes_.data(), kBytes) == 0;
  }

 private:
  std::array<unsigned char, kBytes + 1> bytes_{};  // what base64 gives for the padding, too
};

/// A document that is overwritten at the end.
class SecretDocument : public JsonDocument {
 public:
  SecretDocument() = default;
  ~SecretDocument() { wipe(); }
  SecretDocument(const SecretDocument&) = delete;
  SecretDocument& operator=(const SecretDocument&) = delete;
};

/// What the client says about one shop.
struct Offer {
  WalletShop shop;
  std::string sealed;
  bool same = false;  ///< the wallet's password is the shop's own
};

std::vector<Offer> read_offers(DocumentReader& reader, const std::vector<WalletShop>& shops) {
  std::vector<Offer> offers;
  auto all = reader.object("shops");
  for (const auto& shop : shops) {
    if (!all.has(shop.id)) {
      all.fault(shop.id,
                "the password goes to all shops of the account, shop `" + shop.id + "` is missing");
      continue;
    }
    auto one = all.object(shop.id);
    const Digest wallet(one, "wallet"), own(one, "shop");
    Offer offer{.shop = shop, .sealed = one.text("sealed"), .same = wallet.equals(own)};
    if (offer.sealed.size() > kLongestSealed) one.fault("sealed", "this has 4096 bytes at most");
    one.finish();
    offers.push_back(std::move(offer));
  }
  all.finish();
  return offers;
}

Response refuse_equal(const std::vector<Offer>& offers) {
  std::vector<JsonError> faults;
  for (const auto& offer : offers) {
    if (!offer.same) continue;
    faults.push_back(
        {"/shops/" + pointer_token(offer.shop.id) + "/wallet",
         "the wallet's password is that of shop `" + offer.shop.id + "` itself; choose another"});
  }
  return problem_response(Problem::invalid_document,
                          "nothing was changed; for another password begin another change", faults);
}

Response tell_all(UnitContext& unit, const std::string& account, const std::string& change,
                  const std::vector<Offer>& offers, const store::Actor& by) {
  boost::json::array shops;
  for (const auto& offer : offers) {
    tell_wallet(unit, {.account = account,
                       .change = change,
                       .shop = offer.shop.id,
                       .endpoint = offer.shop.endpoint,
                       .sealed = offer.sealed});
    shops.emplace_back(offer.shop.id);
  }
  const boost::json::object detail{{"change", change}, {"shops", shops}};
  store::record_event(unit.db, "account " + account,
                      {.at = unit.now,
                       .what = "wallet_password_changed",
                       .by = by,
                       .detail = boost::json::serialize(detail)});
  return json_response(200, {{"account", account}, {"change", change}, {"shops", shops}});
}

}  // namespace

Reply begin_wallet_password(const Request& request, Services& services) {
  auto found = shops_to_change(request, services, Use::asked);
  if (auto* refusal = std::get_if<Response>(&found)) return std::move(*refusal);
  const auto begun = services.wallet_changes.begin(request.viewer.account, services.now());
  boost::json::object salts;
  for (const auto& shop : std::get<0>(found)) {
    const auto salt = make_salt();
    if (!salt || !begun) {
      return problem_response(Problem::internal, "the system gives no random numbers");
    }
    salts[shop.id] = *salt;
  }
  return json_response(200, {{"change", begun->id},
                             {"expires", format_timestamp(begun->expires)},
                             {"salts", std::move(salts)}});
}

Reply change_wallet_password(const Request& request, Services& services) {
  auto found = shops_to_change(request, services, Use::noted);
  if (auto* refusal = std::get_if<Response>(&found)) return std::move(*refusal);
  SecretDocument document;
  if (const auto error = document.parse(request.body)) {
    return problem_response(Problem::malformed_json, "", {*error});
  }
  std::vector<JsonError> faults;
  DocumentReader reader(document.root(), "", faults);
  const std::string change = reader.text("change");
  auto offers = read_offers(reader, std::get<0>(found));
  reader.finish();
  if (!faults.empty()) return problem_response(Problem::invalid_document, "", faults);

  const auto& account = request.viewer.account;
  if (!services.wallet_changes.take(account, change, services.now())) {
    return problem_response(Problem::state_conflict,
                            "no such change stands; one is good for one use within ten minutes, "
                            "begin another");
  }
  const bool any_same =
      std::any_of(offers.begin(), offers.end(), [](const Offer& each) { return each.same; });
  if (any_same) return refuse_equal(offers);
  return write_reply([account, change, offers = std::move(offers),
                      by = request.viewer.as_actor()](UnitContext& unit) {
    return tell_all(unit, account, change, offers, by);
  });
}

}  // namespace consign::http
