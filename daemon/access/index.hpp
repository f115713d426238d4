// Accounts, grants and tokens in memory: what checks and authentication read, so that neither
// touches the disk.
//
// The store is the truth; this follows it. The writer hands over what a transaction changed once it
// is committed and before anybody is told (Connection::after_commit), so what was answered as
// revoked is refused from the next question on. At the start all of it is read from the store.
//
// Everything that concerns one account stands in one shard under one lock, so a check sees an
// account and its grants as of one moment. Shards are many, readers share: checks of different
// accounts do not meet. Last uses are noted here and written to the store now and then.
#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "consign/permission.hpp"
#include "daemon/store/access_rows.hpp"
#include "daemon/store/grant_rows.hpp"

namespace consign {

/// One permission of a grant that stands. Immutable but for its last use.
struct HeldGrant {
  HeldGrant(const store::GrantRow& row, Permission held);

  std::string id;
  Permission permission;
  std::string shop;
  std::string order;  ///< empty: the whole shop
  std::string line;   ///< empty: the whole order
  std::int64_t part;  ///< 0: the whole line
  std::optional<Timestamp> until;
  std::optional<std::int64_t> idle_seconds;  ///< it ends when it was not used for so long
  Timestamp made_at;
  bool assigned_only;  ///< of a shop: counts only for what is assigned to the account's supplier
  bool suspended;
  std::string rule;                             ///< empty: a person made it
  std::string by_person;                        ///< empty: a rule made it
  mutable std::atomic<std::int64_t> last_used;  ///< microseconds; 0: never
  mutable std::int64_t noted;                   ///< what the store has; the writer's thread only

  bool is_idle(Timestamp now) const;
  bool in_force(Timestamp now) const {
    return !suspended && !(until && *until <= now) && !is_idle(now);
  }
};

/// What a question is about. Empty `order`: all of the shop; empty `line`: all of the order.
struct Place {
  std::string_view shop, order = {}, line = {};
  std::int64_t part = 0;  ///< 0: not said
};

/// How an account stands.
enum class Standing {
  unnamed,  ///< no account of that name was made; rules may have granted to it all the same
  active,
  suspended,
  removed,
  elsewhere,  ///< it does not belong to the shop that was asked about
  no_seat,    ///< it was suspended in the shop that was asked about
  needs_mfa,  ///< it has to sign in with a second factor, and does not
};

/// Whether nothing is allowed to who stands so.
bool is_barred(Standing standing);
/// Why that is; empty where it is not.
std::string_view why_barred(Standing standing);

struct FoundGrant {
  Standing standing = Standing::unnamed;
  std::shared_ptr<const HeldGrant> grant = nullptr;  ///< null: none in force
  bool is_login = false;                             ///< the account is a login of a supplier
};

/// Whether it is one of the people who work for a supplier: it may do what it may only to what is
/// assigned to `row.supplier`. A supplier's own account is none.
bool is_login(const store::AccountRow& row);

struct HeldToken {
  explicit HeldToken(store::TokenRow from);

  store::TokenRow row;
  std::optional<std::vector<Permission>> permissions;
  mutable std::atomic<std::int64_t> last_used;
  mutable std::int64_t noted;
};

/// Safe from any thread; the functions that change it are called on the writer's thread only, after
/// a commit.
class AccessIndex {
 public:
  /// Reads all that stands. Throws StoreError.
  void load(store::Connection& db, Timestamp now);

  /// How the account stands at that shop, and a grant that covers action and place.
  FoundGrant find(std::string_view account, const Permission& action, const Place& place,
                  Timestamp now) const;
  /// Whether the account holds it there by a grant that is not on assigned lines only.
  bool holds_outright(std::string_view account, const Permission& action, const Place& place,
                      Timestamp now) const;
  /// How an account stands, wherever.
  Standing standing(std::string_view account) const;
  /// The account as it was made, or null where none of that name was.
  std::shared_ptr<const store::AccountRow> account(std::string_view name) const;
  /// The login's supplier; nothing: the account is no login of one.
  std::optional<std::string> employer_of(std::string_view account) const;
  /// Whether there ever was a grant that counts for assigned lines only, or a login.
  bool has_assigned_only() const { return has_assigned_only_.load(std::memory_order_relaxed); }
  /// The names of all accounts after `after` that may act or hold grants, sorted.
  std::vector<std::string> names_after(std::string_view after) const;
  /// The account's grants in force, in no particular order.
  std::vector<std::shared_ptr<const HeldGrant>> held_by(std::string_view account,
                                                        Timestamp now) const;
  /// Those of them that are on the place's shop, or on its order or something of it.
  std::vector<std::shared_ptr<const HeldGrant>> held_by(std::string_view account,
                                                        const Place& place, Timestamp now) const;
  /// Every account after `after` that holds such a grant, in the order of their names, at most
  /// `limit`; the grant is the first that was found.
  std::vector<std::pair<std::string, std::shared_ptr<const HeldGrant>>> holders_of(
      const Permission& action, const Place& place, Timestamp now, std::string_view after,
      std::size_t limit, const std::function<bool(std::string_view)>& may_act) const;
  /// The token of that hash, compared in constant time; expired ones, too.
  std::shared_ptr<const HeldToken> find_token(std::string_view hash) const;

  /// `gone` no longer stands unless it is among `now`; what is `now` takes its place.
  void replace_grants(const std::vector<store::GrantRow>& gone,
                      const std::vector<store::GrantRow>& now);
  void put_account(const store::AccountRow& account);
  void put_token(const store::TokenRow& token);
  void drop_tokens(const std::vector<std::string>& ids);

  /// Ids of grants that were idle for too long, at most `limit`.
  std::vector<std::string> idle_grants(Timestamp now, std::size_t limit) const;

  /// Writes last uses that the store does not have yet, and forgets grants whose end has passed.
  /// Inside a unit of the writer.
  void flush_uses(store::Connection& db, Timestamp now);
  /// The same if it was not done within the last minute.
  void flush_uses_now_and_then(store::Connection& db, Timestamp now);

 private:
  struct Key {
    std::string shop, order;
  };
  struct KeyView {
    std::string_view shop, order;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const;
    std::size_t operator()(const KeyView& key) const;
    std::size_t operator()(const Key& key) const { return (*this)(KeyView{key.shop, key.order}); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return a == b; }
    template <class A, class B>
    auto operator()(const A& a, const B& b) const -> decltype(a.shop == b.shop) {
      return a.shop == b.shop && a.order == b.order;
    }
  };
  using Grants = std::vector<std::shared_ptr<HeldGrant>>;
  struct Account {
    Standing standing = Standing::unnamed;
    std::optional<std::vector<std::string>> shops;
    std::shared_ptr<const store::AccountRow> row;                ///< null: none was made
    boost::unordered_flat_map<Key, Grants, Hash, Equal> grants;  ///< by what they are on

    bool belongs_to(std::string_view shop) const;
    Standing at(std::string_view shop) const;
  };
  struct Shard {
    mutable std::shared_mutex mutex;
    boost::unordered_flat_map<std::string, Account, Hash, Equal> accounts;
  };

  static const std::shared_ptr<HeldGrant>* search(const Account& account, const Permission& action,
                                                  const Place& place, Timestamp now,
                                                  bool assigned_only);
  Shard& shard_of(std::string_view account);
  const Shard& shard_of(std::string_view account) const;
  void put_grant(const store::GrantRow& row);
  void drop_grant(const store::GrantRow& row);

  std::array<Shard, 64> shards_;
  Timestamp flushed_at_;                         // the writer's thread only
  std::atomic<bool> has_idle_grants_ = false;    // whether there ever were any: most have none
  std::atomic<bool> has_assigned_only_ = false;  // likewise
  mutable std::shared_mutex tokens_mutex_;
  boost::unordered_flat_map<std::string, std::shared_ptr<HeldToken>, Hash, Equal> tokens_;
};

/// Notes a use, to the second: not every use is a write that other threads have to see.
void note_use(std::atomic<std::int64_t>& last_used, Timestamp now);

}  // namespace consign
