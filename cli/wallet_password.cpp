// consign wallet-password: changes the wallet password of an account's shops.
//
// The passwords stay here: what goes to the daemon are HMACs under salts that it gave for this
// change, by which it can tell that the new password is no shop's own, and the texts that were
// sealed for the shops' connectors beforehand.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <istream>
#include <iterator>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/server.hpp"

namespace consign::cli {
namespace {

using boost::json::object;

constexpr int kBytes = 32;
constexpr int kBase64Size = 44;

/// A text that is overwritten when it is no longer needed.
struct Secret {
  std::string text;
  explicit Secret(std::string given = {}) : text(std::move(given)) {}
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
};

/// HMAC-SHA256 under a salt in base64, in base64; nothing where the salt is none.
std::optional<std::string> digest_of(const std::string& salt, const std::string& password) {
  std::array<unsigned char, kBytes + 1> key{};
  if (salt.size() != kBase64Size ||
      EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(salt.data()),
                      kBase64Size) != static_cast<int>(key.size())) {
    return std::nullopt;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), kBytes,
           reinterpret_cast<const unsigned char*>(password.data()), password.size(), digest.data(),
           &size) == nullptr ||
      size != kBytes) {
    return std::nullopt;
  }
  std::array<unsigned char, kBase64Size + 1> text{};
  EVP_EncodeBlock(text.data(), digest.data(), kBytes);
  OPENSSL_cleanse(digest.data(), digest.size());
  return std::string(reinterpret_cast<const char*>(text.data()), kBase64Size);
}

/// A JSON object of a file, or of standard input for `-`.
Result<object> read_object(const std::string& file, const Session& session) {
  Secret text;
  if (file == "-") {
    text.text.assign(std::istreambuf_iterator<char>(session.in), {});
  } else {
    auto read = read_file(file);
    if (!read) return read.error();
    text.text = std::move(*read);
  }
  boost::system::error_code error;
  auto json = boost::json::parse(text.text, error);
  if (error || !json.is_object()) return Error{file + " is no JSON object"};
  return std::move(json.as_object());
}

/// Where passwords come from: a file, or somebody at the terminal.
class Passwords {
 public:
  Passwords(const WalletPasswordArguments& arguments, const Session& session)
      : from_file_(!arguments.passwords_file.empty()), session_(session) {}

  Status read(const std::string& file) {
    if (!from_file_) return done();
    auto read = read_object(file, session_);
    if (!read) return read.error();
    given_ = std::move(*read);
    return done();
  }
  Result<std::string> wallet() const {
    if (from_file_) return member(given_, "wallet");
    auto first = asked("New wallet password: ");
    if (!first) return first;
    const auto again = asked("The same again: ");
    if (!again) return again;
    if (*first != *again) return Error{"the two are not the same"};
    return first;
  }
  Result<std::string> of_shop(const std::string& shop) const {
    if (from_file_) return member(object_of(given_.if_contains("shops")), shop);
    return asked("Own password of shop " + shop + ": ");
  }

 private:
  static Result<std::string> member(const object& json, const std::string& name) {
    const auto* value = json.if_contains(name);
    if (value == nullptr || !value->is_string() || value->get_string().empty()) {
      return Error{"the passwords' file has no text `" + name +
                   "`; it is written as {\"wallet\":\"…\",\"shops\":{\"SHOP\":\"…\"}}"};
    }
    return std::string(value->get_string());
  }
  Result<std::string> asked(const std::string& prompt) const {
    auto secret = session_.ask_secret ? session_.ask_secret(prompt) : std::nullopt;
    if (!secret) return Error{"there is no terminal to ask at; give `--passwords-file FILE`"};
    if (secret->empty()) return Error{"a password is not empty"};
    return std::move(*secret);
  }

  const bool from_file_;
  const Session& session_;
  object given_;
};

}  // namespace

Exit run_wallet_password(const WalletPasswordArguments& arguments, const Session& session) {
  const auto sealed = read_object(arguments.sealed_file, session);
  if (!sealed) return session.could_not_run(sealed.error().message);
  Passwords passwords(arguments, session);
  if (const auto read = passwords.read(arguments.passwords_file); !read) {
    return session.could_not_run(read.error().message);
  }
  const std::string target = "/v1/accounts/" + path_segment(arguments.account) + "/wallet-password";
  const Asked begun = ask(arguments.at, session, "POST", target + ":begin");
  if (!begun) return begun.exit;

  auto wallet = passwords.wallet();
  if (!wallet) return session.could_not_run(wallet.error().message);
  const Secret wallet_secret(std::move(*wallet));
  object shops;
  for (const auto& [shop, salt] : object_of(begun.body.as_object().if_contains("salts"))) {
    auto own = passwords.of_shop(shop);
    if (!own) return session.could_not_run(own.error().message);
    const Secret own_secret(std::move(*own));
    const std::string key(salt.is_string() ? salt.get_string() : "");
    const auto of_wallet = digest_of(key, wallet_secret.text);
    const auto of_shop = digest_of(key, own_secret.text);
    if (!of_wallet || !of_shop) return session.could_not_run("the daemon gave no usable salt");
    const auto* text = sealed->if_contains(shop);
    if (text == nullptr) {
      return session.could_not_run("nothing is sealed for shop `" + std::string(shop) + "` in " +
                                   arguments.sealed_file);
    }
    shops[shop] = {{"wallet", *of_wallet}, {"shop", *of_shop}, {"sealed", *text}};
  }
  const object body{{"change", begun.body.at("change")}, {"shops", std::move(shops)}};
  const Asked changed = ask(arguments.at, session, "POST", target, boost::json::serialize(body));
  if (!changed) return changed.exit;
  session.out << "changed in " << joined_texts(changed.body.as_object(), "shops") << '\n';
  return kFine;
}

}  // namespace consign::cli
