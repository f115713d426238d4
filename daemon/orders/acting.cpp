#include "daemon/orders/acting.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "consign/hash.hpp"
#include "daemon/effects/channel.hpp"
#include "daemon/orders/deciding.hpp"
#include "daemon/orders/grants_of_parts.hpp"
#include "daemon/orders/reserving.hpp"
#include "daemon/orders/telling.hpp"
#include "daemon/store/shipment_rows.hpp"
#include "daemon/wire/decision_json.hpp"

namespace consign {
namespace {

using store::OrderKey;
using store::PartRow;
using Kind = OrderAction::Kind;
using Fault = ActionFault;

bool is_open(const PartRow& part) {
  const auto& outcome = part.outcome;
  return (outcome == "assigned" || outcome == "held" || outcome == "waiting") &&
         !part.has_shipped();
}
bool is_decided(const PartRow& part) { return is_open(part) && part.outcome != "waiting"; }
bool is_with_supplier(const PartRow& part) {
  return part.outcome == "assigned" && !part.has_shipped();
}
bool can_be_sent(const PartRow& part) {
  return is_with_supplier(part) && (part.stage.empty() || part.stage == "sent");
}
bool can_be_released(const PartRow& part) {
  return part.outcome == "held" || part.stage == "cancelled";
}
bool has_shipped(const PartRow& part) { return part.has_shipped(); }

struct KindRow {
  std::string_view name, done;
  bool (*can)(const PartRow&);
};
constexpr std::array kKinds{
    KindRow{"assign", "assigned", is_open},
    KindRow{"hold", "held", is_open},
    KindRow{"release", "released", can_be_released},
    KindRow{"split", "split", is_decided},
    KindRow{"merge", "merged", is_decided},
    KindRow{"cancel", "cancelled", is_open},
    KindRow{"send", "sent", can_be_sent},
    KindRow{"accept", "accepted", is_with_supplier},
    KindRow{"reject", "rejected", is_with_supplier},
    KindRow{"ship", "shipped", is_with_supplier},
    KindRow{"deliver", "delivered", has_shipped},
};

const KindRow& row_of(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Fault impossible(std::string message) { return {Fault::Kind::impossible, std::move(message), ""}; }
Fault invalid(std::string pointer, std::string message) {
  return {Fault::Kind::invalid, std::move(message), std::move(pointer)};
}

std::string called(const PartRow& part) {
  return "part " + std::to_string(part.part) + " of line " + part.line;
}

class Acting {
 public:
  Acting(UnitContext& unit, const OrderKey& key, const OrderAction& action,
         const store::Viewer& viewer)
      : unit_(unit), key_(key), action_(action), viewer_(viewer) {}

  Result<Acted, Fault> act() {
    auto view = store::ScopedReads(unit_.db, viewer_).order_to_change(key_, unit_.now);
    if (!view) return Fault{Fault::Kind::not_found, "", ""};
    order_ = view->order;
    // What the asker sees of the state is not what is stored.
    order_.state = store::find_order(unit_.db, key_)->state;
    body_ = std::move(view->revision.body);
    visible_ = std::move(view->parts);
    before_ = store::parts_of(unit_.db, key_);
    after_ = before_;
    if (action_.kind == Kind::ship && is_known_parcel()) return Acted{false, parcel_id()};
    if (auto fault = choose()) return std::move(*fault);
    if (auto fault = change()) return std::move(*fault);
    if (after_ == before_ && events_.empty()) return Acted{};
    if (auto lack = shortage(unit_, before_, after_)) return impossible(*lack);
    save();
    return Acted{true, shipment_ ? shipment_->id : std::string()};
  }

 private:
  // ---- which parts -----------------------------------------------------------------------------

  bool can(const PartRow& part) const { return row_of(action_.kind).can(part); }

  PartRow* find(const PartRow& like) { return find(key_of(like)); }

  std::optional<Fault> choose() {
    if (action_.parts.empty()) {
      for (const auto& part : visible_) {
        if (can(part)) chosen_.push_back(key_of(part));
      }
      if (chosen_.empty()) {
        return impossible("nothing of the order can be " + std::string(row_of(action_.kind).done));
      }
    }
    for (std::size_t i = 0; i < action_.parts.size(); ++i) {
      const auto& wanted = action_.parts[i];
      const std::string pointer = action_.parts.size() == 1 ? "" : "/parts/" + std::to_string(i);
      if (auto fault = choose(wanted, pointer)) return fault;
    }
    if (!action_.version) return std::nullopt;
    for (const auto& key : chosen_) {
      const PartRow& part = *find(origin_of(key));
      if (part.version > *action_.version) {
        return Fault{Fault::Kind::changed,
                     called(part) + " has changed since version " +
                         std::to_string(*action_.version) + ": look at it again",
                     ""};
      }
    }
    return std::nullopt;
  }

  std::optional<Fault> choose(const ChosenParts& wanted, const std::string& pointer) {
    std::vector<const PartRow*> named;
    for (const auto& part : visible_) {
      if (!wanted.line.empty() && part.line != wanted.line) continue;
      if (!wanted.sku.empty() && part.sku != wanted.sku) continue;
      if (wanted.part && part.part != *wanted.part) continue;
      named.push_back(&part);
    }
    if (named.empty()) {
      const bool by_sku = wanted.line.empty() && !wanted.sku.empty();
      return invalid(pointer + (by_sku        ? "/sku"
                                : wanted.part ? "/part"
                                              : "/line"),
                     by_sku ? "the order has no line with SKU `" + wanted.sku + "`"
                            : "the order has no such line or part");
    }
    Decimal left = wanted.quantity.value_or(Decimal(0));
    const PartRow* unfit = nullptr;
    bool any = false;
    for (const PartRow* part : named) {
      if (!can(*part)) {
        unfit = part;
        continue;
      }
      any = true;
      // An earlier choice has all of it.
      if (std::find(chosen_.begin(), chosen_.end(), key_of(*part)) != chosen_.end()) continue;
      if (!wanted.quantity) {
        chosen_.push_back(key_of(*part));
        continue;
      }
      if (left.is_zero()) break;
      const Decimal piece = std::min(left, quantity_of(*find(*part)));
      chosen_.push_back(take_piece(*part, piece));
      left = left.minus(piece).value_or(Decimal(0));
    }
    if (!any) {
      return impossible(called(*unfit) + " is " + std::string(life_of(*unfit)) +
                        ", and cannot be " + std::string(row_of(action_.kind).done));
    }
    if (!left.is_zero()) {
      return invalid(pointer + "/quantity", "there are " + left.to_canonical_string() +
                                                " fewer that can be " +
                                                std::string(row_of(action_.kind).done));
    }
    return std::nullopt;
  }

  using PartKey = std::pair<std::string, std::int64_t>;
  static PartKey key_of(const PartRow& part) { return {part.line, part.part}; }

  PartRow* find(const PartKey& key) {
    const auto found = std::find_if(after_.begin(), after_.end(),
                                    [&](const PartRow& each) { return key_of(each) == key; });
    return found == after_.end() ? nullptr : &*found;
  }

  PartKey origin_of(const PartKey& key) const {
    const auto origin = origins_.find(key);
    return origin == origins_.end() ? key : PartKey{key.first, origin->second};
  }

  // All of a part, or a piece of it as a part of its own; what is left keeps the number.
  PartKey take_piece(const PartRow& from, const Decimal& quantity) {
    PartRow& whole = *find(from);
    const Decimal rest = quantity_of(whole).minus(quantity).value_or(Decimal(0));
    if (rest.is_zero()) return key_of(whole);
    whole.quantity = rest.to_canonical_string();
    PartRow piece = whole;
    piece.quantity = quantity.to_canonical_string();
    for (const auto& each : after_) {
      if (each.line == piece.line) piece.part = std::max(piece.part, each.part + 1);
    }
    const PartKey key = key_of(piece);
    origins_[key] = origin_of(key_of(whole)).second;
    const auto place = std::find_if(after_.rbegin(), after_.rend(),
                                    [&](const PartRow& each) { return each.line == piece.line; });
    after_.insert(place.base(), std::move(piece));
    return key;
  }

  // ---- what becomes of them --------------------------------------------------------------------

  std::optional<Fault> change() {
    switch (action_.kind) {
      case Kind::assign:
        return assign();
      case Kind::split:
        return split();
      case Kind::merge:
        return merge();
      case Kind::ship:
        return ship();
      case Kind::deliver:
        return deliver();
      case Kind::hold:
        each([&](PartRow& part) { hold(part); });
        break;
      case Kind::release:
        each([&](PartRow& part) {
          part.stage = kReleased;
          store::end_holds_of_line(unit_.db, key_, part.line);
        });
        decides_again_ = true;
        break;
      case Kind::cancel:
        each([&](PartRow& part) { cancel(part); });
        break;
      case Kind::send:
        advance("sent");
        break;
      case Kind::accept:
        advance("accepted");
        break;
      case Kind::reject:
        each([&](PartRow& part) { reject(part); });
        decides_again_ = true;
        break;
    }
    return std::nullopt;
  }

  // Changes every chosen part and notes it in the history.
  template <class Change>
  void each(Change change) {
    for (const auto& key : chosen_) {
      PartRow& part = *find(key);
      const std::string supplier = part.supplier.value_or("");
      boost::json::object detail{{"quantity", quantity_to_json(quantity_of(part))}};
      if (!action_.reason.empty()) detail["reason"] = action_.reason;
      if (!action_.supplier.empty()) detail["to"] = action_.supplier;
      if (action_.until) detail["until"] = format_timestamp(*action_.until);
      change(part);
      add_event(part, supplier, std::move(detail));
    }
  }

  void add_event(const PartRow& part, const std::string& supplier, boost::json::object detail) {
    events_.push_back({.line = part.line,
                       .part = part.part,
                       .at = unit_.now,
                       .what = std::string(row_of(action_.kind).done),
                       .by = viewer_.as_actor(),
                       .supplier = supplier,
                       .detail = boost::json::serialize(detail)});
  }

  void advance(std::string_view stage) {
    std::erase_if(chosen_, [&](const PartKey& key) { return find(key)->stage == stage; });
    each([&](PartRow& part) { part.stage = stage; });
  }

  // What a rule said of it no longer counts.
  void set_by_person(PartRow& part) {
    part.by_person = true;
    part.overdue = false;
    part.rule.reset();
    part.file.reset();
    part.file_line = 0;
    part.reason.reset();
    part.until.reset();
    part.waits_for.clear();
    part.since = unit_.now;
    part.stage.clear();
  }

  std::optional<Fault> assign() {
    if (order_.state == "cancelled") return impossible("the order is cancelled");
    if (!unit_.rules.rules().find_supplier(action_.supplier)) {
      return invalid("/supplier", "no supplier `" + action_.supplier + "` is declared");
    }
    if (!supplier_may_act(unit_.rules, action_.supplier)) {
      return impossible(action_.supplier + ": suspended");
    }
    std::erase_if(chosen_, [&](const PartKey& key) {
      const PartRow& part = *find(key);
      return part.by_person && part.outcome == "assigned" && part.supplier == action_.supplier;
    });
    each([&](PartRow& part) {
      set_by_person(part);
      part.outcome = "assigned";
      part.supplier = action_.supplier;
    });
    return std::nullopt;
  }

  void hold(PartRow& part) {
    const auto supplier = part.supplier;
    set_by_person(part);
    part.outcome = "held";
    part.stage = "held";
    part.reason = action_.reason.empty() ? "held by " + viewer_.account : action_.reason;
    part.until = action_.until;
  }

  void cancel(PartRow& part) {
    set_by_person(part);
    part.outcome = "not_shippable";
    part.stage = "cancelled";
    part.supplier.reset();
    part.reason = "cancelled by " + viewer_.account +
                  (action_.reason.empty() ? std::string() : ": " + action_.reason);
  }

  void reject(PartRow& part) {
    store::put_rejection(
        unit_.db, key_,
        {.line = part.line, .supplier = *part.supplier, .reason = action_.reason, .at = unit_.now});
    set_by_person(part);
    part.by_person = false;
    part.outcome = "waiting";
    part.supplier.reset();
  }

  std::optional<Fault> split() {
    if (chosen_.size() != 1) {
      return invalid("/part", "one part is split at a time: name its `line` and `part`");
    }
    const PartKey from = chosen_.front();
    Decimal left = quantity_of(*find(from));
    for (const auto& quantity : action_.quantities) {
      left = left.minus(quantity).value_or(Decimal(-1));
      if (quantity <= Decimal(0) || left.is_negative()) {
        return invalid("/quantities", "the part has " + find(from)->quantity +
                                          ", and every piece wants more than 0 of it");
      }
    }
    if (action_.quantities.empty()) {
      return invalid("/quantities", "say how much each piece gets, for example [1, 2]");
    }
    for (std::size_t i = 0; i < action_.quantities.size(); ++i) {
      const bool is_rest = i + 1 == action_.quantities.size() && left.is_zero();
      if (!is_rest) take_piece(*find(from), action_.quantities[i]);
    }
    if (find(from)->outcome == "assigned" || find(from)->outcome == "held") {
      for (auto& part : after_) {
        if (part.line == from.first && origin_of(key_of(part)) == from) part.by_person = true;
      }
    }
    each([](PartRow&) {});
    return std::nullopt;
  }

  std::optional<Fault> merge() {
    std::sort(chosen_.begin(), chosen_.end());
    const auto alike = [&](const PartKey& a, const PartKey& b) {
      const PartRow &one = *find(a), &other = *find(b);
      return one.line == other.line && one.outcome == other.outcome &&
             one.supplier == other.supplier && one.stage == other.stage &&
             one.until == other.until && one.reason == other.reason;
    };
    std::vector<PartKey> kept, merged;
    for (const auto& key : chosen_) {
      const auto into = std::find_if(kept.begin(), kept.end(),
                                     [&](const PartKey& each) { return alike(each, key); });
      if (into == kept.end()) {
        kept.push_back(key);
        continue;
      }
      if (std::find(merged.begin(), merged.end(), *into) == merged.end()) merged.push_back(*into);
      PartRow& target = *find(*into);
      target.quantity = quantity_of(target)
                            .plus(quantity_of(*find(key)))
                            .value_or(Decimal(0))
                            .to_canonical_string();
      after_.erase(after_.begin() + (find(key) - after_.data()));
    }
    if (merged.empty()) {
      return impossible(
          "parts are merged that are of one line, with one supplier, and stand alike");
    }
    chosen_ = merged;
    each([](PartRow& part) { part.by_person = true; });
    return std::nullopt;
  }

  // ---- parcels ---------------------------------------------------------------------------------

  // The same parcel told of again has the same id: the sender's own, or what it says.
  std::string parcel_id() const {
    Sha256 hash;
    hash.field(key_.shop).field(key_.id).field(viewer_.account);
    if (!action_.parcel.id.empty()) {
      hash.field("id").field(action_.parcel.id);
    } else {
      hash.field(action_.parcel.carrier);
      for (const auto& number : action_.parcel.tracking) hash.field(number);
      for (const auto& part : action_.parts) {
        hash.field(part.line).field(part.sku).field(std::to_string(part.part.value_or(0)));
        hash.field(part.quantity ? part.quantity->to_canonical_string() : "");
      }
      // Nothing tells two parcels without a number apart but when they are told of.
      if (action_.parcel.tracking.empty()) hash.field(std::to_string(order_.version));
    }
    return "shp_" + to_hex(hash.digest()).substr(0, 24);
  }

  bool is_known_parcel() {
    const auto id = parcel_id();
    const auto shipments = store::shipments_of(unit_.db, key_);
    return std::any_of(shipments.begin(), shipments.end(),
                       [&](const store::ShipmentRow& each) { return each.id == id; });
  }

  std::optional<Fault> ship() {
    store::ShipmentRow shipment{.id = parcel_id(),
                                .order = key_,
                                .supplier = find(chosen_.front())->supplier.value_or(""),
                                .carrier = action_.parcel.carrier,
                                .tracking = action_.parcel.tracking,
                                .urls = action_.parcel.urls,
                                .shipped_at = action_.parcel.at.value_or(unit_.now),
                                .at = unit_.now,
                                .by_person = viewer_.account};
    for (const auto& key : chosen_) {
      const PartRow& part = *find(key);
      if (part.supplier != shipment.supplier) {
        return impossible("a parcel comes from one supplier: name the parts that are in it");
      }
      shipment.parts.push_back({part.line, part.part, part.quantity});
    }
    for (const auto& key : chosen_) {
      PartRow& part = *find(key);
      part.stage = "shipped";
      part.since = unit_.now;
      boost::json::object detail{
          {"quantity", part.quantity},
          {"shipment", shipment.id},
          {"carrier", shipment.carrier},
          {"tracking", boost::json::array(shipment.tracking.begin(), shipment.tracking.end())}};
      add_event(part, shipment.supplier, std::move(detail));
    }
    shipment_ = std::move(shipment);
    return std::nullopt;
  }

  std::optional<Fault> deliver() {
    auto shipments = store::shipments_of(unit_.db, key_);
    if (!action_.parcel.id.empty()) {
      std::erase_if(shipments, [&](const auto& each) { return each.id != action_.parcel.id; });
      if (shipments.empty()) {
        return invalid("/shipment", "the order has no shipment `" + action_.parcel.id + "`");
      }
      std::erase_if(chosen_, [&](const PartKey& key) {
        return std::none_of(shipments.front().parts.begin(), shipments.front().parts.end(),
                            [&](const store::ShippedPart& part) {
                              return PartKey{part.line, part.part} == key;
                            });
      });
    }
    advance("delivered");
    for (const auto& shipment : shipments) {
      const bool all = std::all_of(shipment.parts.begin(), shipment.parts.end(),
                                   [&](const store::ShippedPart& part) {
                                     const PartRow* row = find(PartKey{part.line, part.part});
                                     return row == nullptr || row->stage == "delivered";
                                   });
      if (all && !shipment.delivered_at) {
        store::set_delivered(unit_.db, shipment.id, action_.parcel.at.value_or(unit_.now));
      }
    }
    return std::nullopt;
  }

  ShippedParcel parcel() const {
    const auto* shop = unit_.settings.find_shop(key_.shop);
    ShippedParcel parcel{.id = shipment_->id,
                         .shop = key_.shop,
                         .order = key_.id,
                         .channel = shop == nullptr ? std::string("own") : shop->channel,
                         .document = body_,
                         .carrier = shipment_->carrier,
                         .tracking_numbers = shipment_->tracking,
                         .tracking_urls = shipment_->urls,
                         .notify_customer = action_.parcel.notify_customer,
                         .shipped_at = shipment_->shipped_at};
    for (const auto& part : shipment_->parts) {
      const Decimal quantity = Decimal::parse(part.quantity).value_or(Decimal(0));
      auto line = std::find_if(parcel.lines.begin(), parcel.lines.end(),
                               [&](const ShippedLine& each) { return each.id == part.line; });
      if (line == parcel.lines.end()) line = parcel.lines.insert(line, {part.line, Decimal(0)});
      line->quantity = line->quantity.plus(quantity).value_or(line->quantity);
    }
    return parcel;
  }

  // ---- writing down ----------------------------------------------------------------------------

  void save() {
    auto order = *store::find_order(unit_.db, key_);
    order.version += 1;
    number_versions(after_, before_, order.version);
    store::replace_parts(unit_.db, key_, after_);
    reserve(unit_, key_, before_, after_);
    move_grants(unit_, key_, after_, origins_);
    for (const auto& event : events_) store::add_order_event(unit_.db, key_, event);
    if (shipment_) {
      store::insert_shipment(unit_.db, *shipment_);
      if (!order.silent) tell_channel(unit_, parcel());
    }
    // Of its own parcel a supplier need not be told, also where it splits a part.
    if (!shipment_) {
      const auto document = parse_json(body_);
      if (!document) throw std::runtime_error("a stored order: " + document.error().message);
      tell_suppliers(unit_, key_, document->root(), before_, after_, order.decision);
    }
    if (order.state != "cancelled") order.state = state_of(after_);
    store::put_order(unit_.db, order);
    if (decides_again_) decide_again(unit_, key_);
  }

  UnitContext& unit_;
  const OrderKey& key_;
  const OrderAction& action_;
  const store::Viewer& viewer_;
  store::OrderRow order_;
  std::string body_;
  std::vector<PartRow> visible_, before_, after_;
  std::vector<PartKey> chosen_;
  PartOrigins origins_;
  std::vector<store::OrderEventRow> events_;
  std::optional<store::ShipmentRow> shipment_;
  bool decides_again_ = false;
};

}  // namespace

std::string_view name_of(OrderAction::Kind kind) { return row_of(kind).name; }

std::string_view life_of(const PartRow& part) {
  if (part.stage == "cancelled") return part.stage;
  return part.outcome == "assigned" && !part.stage.empty() ? part.stage : part.outcome;
}

Result<Acted, ActionFault> act(UnitContext& unit, const OrderKey& key, const OrderAction& action,
                               const store::Viewer& viewer) {
  return Acting(unit, key, action, viewer).act();
}

}  // namespace consign
