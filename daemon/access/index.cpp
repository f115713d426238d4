#include "daemon/access/index.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "daemon/access/account_name.hpp"

namespace consign {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kFlushEvery = 60 * kSecond;

// What is stored was read once before, so it reads.
Permission permission_of(const std::string& text) {
  const auto parsed = parse_permissions(text);
  return parsed && parsed->size() == 1 ? parsed->front() : Permission{};
}

std::optional<std::vector<Permission>> permissions_of(const store::TokenRow& row) {
  if (!row.permissions) return std::nullopt;
  std::vector<Permission> permissions;
  for (const auto& text : *row.permissions) permissions.push_back(permission_of(text));
  return permissions;
}

bool same_place(const HeldGrant& grant, const store::GrantRow& row) {
  return grant.id == row.id && grant.permission.to_string() == row.permission;
}

Standing standing_of(const store::AccountRow& account) {
  switch (account.state) {
    case store::AccountState::active:
      return account.mfa_required && !account.mfa ? Standing::needs_mfa : Standing::active;
    case store::AccountState::suspended:
      return Standing::suspended;
    case store::AccountState::removed:
      break;
  }
  return Standing::removed;
}

bool contains(const std::vector<std::string>& shops, std::string_view shop) {
  return std::find(shops.begin(), shops.end(), shop) != shops.end();
}

// A grant is used by any of its permissions; all of them are on the same place, in `grants`.
template <class Grants>
bool is_idle(const Grants& grants, const HeldGrant& grant, Timestamp now) {
  return grant.is_idle(now) && std::all_of(grants.begin(), grants.end(), [&](const auto& each) {
           return each->id != grant.id || each->is_idle(now);
         });
}

template <class Grants>
bool is_in_force(const Grants& grants, const HeldGrant& grant, Timestamp now) {
  return !grant.suspended && !(grant.until && *grant.until <= now) && !is_idle(grants, grant, now);
}

}  // namespace

bool is_login(const store::AccountRow& row) {
  return !row.supplier.empty() && !row.account.starts_with(kSupplierPrefix);
}

bool is_barred(Standing standing) { return !why_barred(standing).empty(); }

std::string_view why_barred(Standing standing) {
  switch (standing) {
    case Standing::suspended:
      return "the account is suspended";
    case Standing::removed:
      return "the account is removed";
    case Standing::elsewhere:
      return "the account does not belong to the shop";
    case Standing::no_seat:
      return "the account is suspended in this shop: it has no seat there";
    case Standing::needs_mfa:
      return "the account has to sign in with a second factor";
    case Standing::unnamed:
    case Standing::active:
      break;
  }
  return {};
}

bool HeldGrant::is_idle(Timestamp now) const {
  if (!idle_seconds) return false;
  const std::int64_t used = std::max(last_used.load(std::memory_order_relaxed), made_at.micros);
  return used + *idle_seconds * kSecond <= now.micros;
}

HeldGrant::HeldGrant(const store::GrantRow& row, Permission held)
    : id(row.id),
      permission(std::move(held)),
      shop(row.order.shop),
      order(row.on_shop ? "" : row.order.id),
      line(row.on_shop ? "" : row.line),
      part(row.part),
      until(row.until),
      idle_seconds(row.idle_seconds),
      made_at(row.made_at),
      assigned_only(row.assigned_only),
      suspended(row.state == store::GrantState::suspended),
      rule(row.rule),
      by_person(row.by_person.value_or("")),
      last_used(row.last_used ? row.last_used->micros : 0),
      noted(last_used) {}

HeldToken::HeldToken(store::TokenRow from)
    : row(std::move(from)),
      permissions(permissions_of(row)),
      last_used(row.last_used ? row.last_used->micros : 0),
      noted(last_used) {}

void note_use(std::atomic<std::int64_t>& last_used, Timestamp now) {
  if (now.micros - last_used.load(std::memory_order_relaxed) >= kSecond) {
    last_used.store(now.micros, std::memory_order_relaxed);
  }
}

std::size_t AccessIndex::Hash::operator()(std::string_view text) const {
  return std::hash<std::string_view>()(text);
}

std::size_t AccessIndex::Hash::operator()(const KeyView& key) const {
  std::size_t seed = std::hash<std::string_view>()(key.shop);
  boost::hash_combine(seed, std::hash<std::string_view>()(key.order));
  return seed;
}

bool AccessIndex::Account::belongs_to(std::string_view shop) const {
  return !shops || contains(*shops, shop);
}

Standing AccessIndex::Account::at(std::string_view shop) const {
  if (is_barred(standing)) return standing;
  if (!belongs_to(shop)) return Standing::elsewhere;
  return row && contains(row->suspended_in, shop) ? Standing::no_seat : standing;
}

AccessIndex::Shard& AccessIndex::shard_of(std::string_view account) {
  return shards_[Hash()(account) / 7 % shards_.size()];
}

const AccessIndex::Shard& AccessIndex::shard_of(std::string_view account) const {
  return shards_[Hash()(account) / 7 % shards_.size()];
}

void AccessIndex::load(store::Connection& db, Timestamp now) {
  store::each_account(db, [&](const store::AccountRow& row) { put_account(row); });
  store::each_standing_grant(db, now, [&](const store::GrantRow& row) { put_grant(row); });
  store::each_token(db, [&](const store::TokenRow& row) { put_token(row); });
}

// Grants on the shop cover all in it; those on an order or a line cover no more than that.
const std::shared_ptr<HeldGrant>* AccessIndex::search(const Account& account,
                                                      const Permission& action, const Place& place,
                                                      Timestamp now, bool assigned_only) {
  const auto look = [&](std::string_view order) -> const std::shared_ptr<HeldGrant>* {
    const auto found = account.grants.find(KeyView{place.shop, order});
    if (found == account.grants.end()) return nullptr;
    for (const auto& grant : found->second) {
      if (grant->assigned_only != assigned_only) continue;
      if (!grant->permission.covers(action) || !is_in_force(found->second, *grant, now)) continue;
      if (!grant->line.empty() && grant->line != place.line) continue;
      if (grant->part != 0 && place.part != 0 && grant->part != place.part) continue;
      return &grant;
    }
    return nullptr;
  };
  if (const auto* on_shop = look({})) return on_shop;
  return place.order.empty() ? nullptr : look(place.order);
}

FoundGrant AccessIndex::find(std::string_view account, const Permission& action, const Place& place,
                             Timestamp now) const {
  const Shard& shard = shard_of(account);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.accounts.find(account);
  if (found == shard.accounts.end()) return {};
  const Standing standing = found->second.at(place.shop);
  if (is_barred(standing)) return {standing};
  const auto* grant = search(found->second, action, place, now, false);
  if (grant == nullptr) grant = search(found->second, action, place, now, true);
  return {standing, grant == nullptr ? nullptr : *grant,
          found->second.row != nullptr && is_login(*found->second.row)};
}

bool AccessIndex::holds_outright(std::string_view account, const Permission& action,
                                 const Place& place, Timestamp now) const {
  const Shard& shard = shard_of(account);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.accounts.find(account);
  return found != shard.accounts.end() && !is_barred(found->second.at(place.shop)) &&
         search(found->second, action, place, now, false) != nullptr;
}

Standing AccessIndex::standing(std::string_view account) const {
  const Shard& shard = shard_of(account);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.accounts.find(account);
  return found == shard.accounts.end() ? Standing::unnamed : found->second.standing;
}

std::shared_ptr<const store::AccountRow> AccessIndex::account(std::string_view name) const {
  const Shard& shard = shard_of(name);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.accounts.find(name);
  return found == shard.accounts.end() ? nullptr : found->second.row;
}

std::optional<std::string> AccessIndex::employer_of(std::string_view name) const {
  const auto row = account(name);
  if (row == nullptr || !is_login(*row)) return std::nullopt;
  return row->supplier;
}

std::vector<std::string> AccessIndex::names_after(std::string_view after) const {
  std::vector<std::string> names;
  for (const Shard& shard : shards_) {
    const std::shared_lock lock(shard.mutex);
    for (const auto& [name, account] : shard.accounts) {
      if (name > after && !is_barred(account.standing)) names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::shared_ptr<const HeldGrant>> AccessIndex::held_by(std::string_view account,
                                                                   Timestamp now) const {
  std::vector<std::shared_ptr<const HeldGrant>> held;
  const Shard& shard = shard_of(account);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.accounts.find(account);
  if (found == shard.accounts.end() || is_barred(found->second.standing)) return held;
  for (const auto& [key, grants] : found->second.grants) {
    if (is_barred(found->second.at(key.shop))) continue;
    for (const auto& grant : grants) {
      if (is_in_force(grants, *grant, now)) held.push_back(grant);
    }
  }
  return held;
}

std::vector<std::shared_ptr<const HeldGrant>> AccessIndex::held_by(std::string_view account,
                                                                   const Place& place,
                                                                   Timestamp now) const {
  std::vector<std::shared_ptr<const HeldGrant>> held;
  const Shard& shard = shard_of(account);
  const std::shared_lock lock(shard.mutex);
  const auto found = shard.accounts.find(account);
  if (found == shard.accounts.end()) return held;
  const Standing standing = found->second.at(place.shop);
  if (is_barred(standing)) return held;
  const auto add = [&](std::string_view order) {
    const auto grants = found->second.grants.find(KeyView{place.shop, order});
    if (grants == found->second.grants.end()) return;
    for (const auto& grant : grants->second) {
      if (is_in_force(grants->second, *grant, now)) held.push_back(grant);
    }
  };
  add({});
  if (!place.order.empty()) add(place.order);
  return held;
}

std::vector<std::pair<std::string, std::shared_ptr<const HeldGrant>>> AccessIndex::holders_of(
    const Permission& action, const Place& place, Timestamp now, std::string_view after,
    std::size_t limit, const std::function<bool(std::string_view)>& may_act) const {
  std::map<std::string, std::shared_ptr<const HeldGrant>, std::less<>> holders;
  for (const Shard& shard : shards_) {
    const std::shared_lock lock(shard.mutex);
    for (const auto& [name, account] : shard.accounts) {
      // Only the first `limit` names are wanted: the last of those kept is the bar to pass.
      if (name <= after || (holders.size() >= limit && name > holders.rbegin()->first)) continue;
      if (is_barred(account.at(place.shop))) continue;
      const auto* grant = search(account, action, place, now, false);
      if (grant == nullptr || !may_act(name)) continue;
      holders.emplace(name, *grant);
      if (holders.size() > limit) holders.erase(std::prev(holders.end()));
    }
  }
  return {holders.begin(), holders.end()};
}

std::shared_ptr<const HeldToken> AccessIndex::find_token(std::string_view hash) const {
  std::shared_ptr<const HeldToken> token;
  {
    const std::shared_lock lock(tokens_mutex_);
    const auto found = tokens_.find(store::token_id(hash));
    if (found == tokens_.end()) return nullptr;
    token = found->second;
  }
  if (token->row.hash.size() != hash.size() ||
      CRYPTO_memcmp(token->row.hash.data(), hash.data(), hash.size()) != 0) {
    return nullptr;
  }
  return token;
}

void AccessIndex::replace_grants(const std::vector<store::GrantRow>& gone,
                                 const std::vector<store::GrantRow>& now) {
  for (const auto& row : gone) {
    const bool stays = std::any_of(now.begin(), now.end(), [&](const store::GrantRow& each) {
      return each.id == row.id && each.permission == row.permission;
    });
    if (!stays) drop_grant(row);
  }
  for (const auto& row : now) put_grant(row);
}

void AccessIndex::put_grant(const store::GrantRow& row) {
  if (!store::is_standing(row)) return drop_grant(row);
  auto fresh = std::make_shared<HeldGrant>(row, permission_of(row.permission));
  if (fresh->idle_seconds) has_idle_grants_ = true;
  if (fresh->assigned_only) has_assigned_only_ = true;
  Shard& shard = shard_of(row.account);
  const std::unique_lock lock(shard.mutex);
  auto& grants = shard.accounts[row.account].grants[Key{fresh->shop, fresh->order}];
  const auto old = std::find_if(grants.begin(), grants.end(),
                                [&](const auto& each) { return same_place(*each, row); });
  if (old == grants.end()) {
    grants.push_back(std::move(fresh));
    return;
  }
  fresh->last_used = std::max<std::int64_t>(fresh->last_used, (*old)->last_used);
  fresh->noted = (*old)->noted;
  *old = std::move(fresh);
}

void AccessIndex::drop_grant(const store::GrantRow& row) {
  Shard& shard = shard_of(row.account);
  const std::unique_lock lock(shard.mutex);
  const auto account = shard.accounts.find(row.account);
  if (account == shard.accounts.end()) return;
  auto& places = account->second.grants;
  const std::string_view order = row.on_shop ? std::string_view() : row.order.id;
  const auto place = places.find(KeyView{row.order.shop, order});
  if (place == places.end()) return;
  std::erase_if(place->second, [&](const auto& each) { return same_place(*each, row); });
  if (place->second.empty()) places.erase(place);
}

void AccessIndex::put_account(const store::AccountRow& account) {
  if (is_login(account)) has_assigned_only_ = true;
  Shard& shard = shard_of(account.account);
  const std::unique_lock lock(shard.mutex);
  Account& entry = shard.accounts[account.account];
  entry.standing = standing_of(account);
  entry.shops = account.shops;
  entry.row = std::make_shared<const store::AccountRow>(account);
  if (entry.standing == Standing::removed) entry.grants.clear();
}

void AccessIndex::put_token(const store::TokenRow& token) {
  const std::unique_lock lock(tokens_mutex_);
  tokens_[store::token_id(token.hash)] = std::make_shared<HeldToken>(token);
}

void AccessIndex::drop_tokens(const std::vector<std::string>& ids) {
  const std::unique_lock lock(tokens_mutex_);
  for (const auto& id : ids) tokens_.erase(id);
}

std::vector<std::string> AccessIndex::idle_grants(Timestamp now, std::size_t limit) const {
  std::set<std::string> ids;
  if (!has_idle_grants_.load(std::memory_order_relaxed)) return {};
  for (const Shard& shard : shards_) {
    const std::shared_lock lock(shard.mutex);
    for (const auto& [name, account] : shard.accounts) {
      for (const auto& [place, grants] : account.grants) {
        for (const auto& grant : grants) {
          if (is_idle(grants, *grant, now)) ids.insert(grant->id);
        }
      }
      if (ids.size() >= limit) return {ids.begin(), ids.end()};
    }
  }
  return {ids.begin(), ids.end()};
}

void AccessIndex::flush_uses_now_and_then(store::Connection& db, Timestamp now) {
  if (now.micros - flushed_at_.micros < kFlushEvery) return;
  flushed_at_ = now;
  flush_uses(db, now);
}

void AccessIndex::flush_uses(store::Connection& db, Timestamp now) {
  std::vector<std::shared_ptr<HeldGrant>> used;
  for (Shard& shard : shards_) {
    const std::unique_lock lock(shard.mutex);
    for (auto& [name, account] : shard.accounts) {
      for (auto& [place, grants] : account.grants) {
        for (const auto& grant : grants) {
          if (grant->last_used != grant->noted) used.push_back(grant);
        }
        std::erase_if(grants, [&](const auto& grant) {
          return grant->until && *grant->until <= now && grant->last_used == grant->noted;
        });
      }
      boost::unordered::erase_if(account.grants,
                                 [](const auto& entry) { return entry.second.empty(); });
    }
  }
  for (const auto& grant : used) {
    const std::int64_t at = grant->last_used;
    store::note_grant_used(db, grant->id, grant->permission.to_string(), {at});
    db.after_commit([grant, at] { grant->noted = at; });
  }
  std::vector<std::shared_ptr<HeldToken>> tokens;
  {
    const std::shared_lock lock(tokens_mutex_);
    for (const auto& [id, token] : tokens_) {
      if (token->last_used != token->noted) tokens.push_back(token);
    }
  }
  for (const auto& token : tokens) {
    const std::int64_t at = token->last_used;
    store::note_token_used(db, token->row.id, {at});
    db.after_commit([token, at] { token->noted = at; });
  }
}

}  // namespace consign
