// The options of the commands about orders and stock.
#include "cli/command_line.hpp"

namespace consign::cli {
namespace {

void add_order(CLI::App* app, std::string& shop, std::string& order) {
  app->add_option("shop", shop, "the shop's name in consignd.yaml")->type_name("SHOP")->required();
  app->add_option("order", order, "the shop's own id of the order")->type_name("ORDER")->required();
}

void add_ending(CLI::App* app, ServerArguments& at, std::string& format) {
  add_server(app, at);
  choice(app->add_option("--format", format, "told for people, or as the daemon answered"),
         "text|json");
}

}  // namespace

OrderCommands::OrderCommands(const AddCommand& add, const Session& session) : session_(session) {
  add_reads(add);
  add_acts(add);
  add_reprocess(add);
  add_stock(add);
}

void OrderCommands::add_reads(const AddCommand& add) {
  auto* orders = add("orders", "list the running daemon's orders",
                     [this] { return run_orders(orders_, session_); });
  orders->add_option("--shop", orders_.shop, "only orders of this shop")->type_name("SHOP");
  orders->add_option("--state", orders_.state, "only orders in this state, as `waiting`")
      ->type_name("STATE");
  orders->add_option("--supplier", orders_.supplier, "only orders with a part assigned to this one")
      ->type_name("NAME");
  add_ending(orders, orders_.at, orders_.format);

  auto* order = add("order", "show an order of the running daemon as it stands now",
                    [this] { return run_order(order_, session_); });
  add_order(order, order_.shop, order_.order);
  add_ending(order, order_.at, order_.format);

  auto* history = add("history", "show all that has happened to an order of the running daemon",
                      [this] { return run_history(order_, session_); });
  add_order(history, order_.shop, order_.order);
  add_ending(history, order_.at, order_.format);
}

CLI::App* OrderCommands::add_act(const AddCommand& add, const std::string& verb,
                                 const std::string& description) {
  auto* app = add(verb, description, [this, verb] {
    act_.verb = verb;
    return run_act(act_, session_);
  });
  add_order(app, act_.shop, act_.order);
  app->add_option("--line", act_.line, "only this line (without it: all that can be)")
      ->type_name("LINE");
  app->add_option("--part", act_.part, "only this part of the line")->type_name("PART");
  app->add_option("--sku", act_.sku, "only lines with this SKU, instead of --line")
      ->type_name("SKU");
  app->add_option("--version", act_.version,
                  "refuse where a part has changed since this version of the order")
      ->type_name("N");
  app->add_option("--reason", act_.reason, "why; it is kept in the order's history")
      ->type_name("TEXT");
  add_ending(app, act_.at, act_.format);
  return app;
}

void OrderCommands::add_acts(const AddCommand& add) {
  const auto with_quantity = [this](CLI::App* app) {
    app->add_option("--quantity", act_.quantity, "only so much of it; the rest stays as it is")
        ->type_name("N");
    return app;
  };
  auto* assign = with_quantity(add_act(add, "assign", "give parts of an order to a supplier"));
  assign->add_option("--to", act_.supplier, "the supplier")->type_name("NAME")->required();

  auto* hold = with_quantity(add_act(add, "hold", "hold parts of an order"));
  hold->add_option("--until", act_.until, "when it ends by itself, RFC 3339")->type_name("TIME");

  with_quantity(add_act(add, "release", "end holds, or take cancelling back: rules decide again"));

  auto* split = add_act(add, "split", "split a part of an order into several");
  split->add_option("--quantities", act_.quantities, "of the pieces, as 1,2; the rest stays")
      ->type_name("N,N")
      ->delimiter(',')
      ->required();

  add_act(add, "merge", "make one of parts of a line that stand alike");
  with_quantity(add_act(add, "cancel", "take parts of an order out: nobody fulfils them"));
  add_act(add, "send", "note that the supplier has been told of its parts");
  add_act(add, "accept", "take parts on, as their supplier");
  with_quantity(add_act(add, "reject", "decline parts, as their supplier: rules decide again"));

  auto* ship = with_quantity(add_act(add, "ship", "note a parcel that has left"));
  ship->add_option("--carrier", act_.carrier, "who carries it")->type_name("NAME");
  ship->add_option("--tracking", act_.tracking, "a tracking number; may be given again")
      ->type_name("NUMBER")
      ->allow_extra_args(false);
  ship->add_option("--url", act_.urls, "where it is tracked; may be given again")
      ->type_name("URL")
      ->allow_extra_args(false);
  ship->add_option("--id", act_.id, "your name of the parcel: told of again, nothing changes")
      ->type_name("ID");
  ship->add_flag("--notify-customer", act_.notify_customer,
                 "the channel may write to the customer");
  ship->add_option("--at", act_.time, "when it left, RFC 3339 (default: now)")->type_name("TIME");

  auto* deliver = add_act(add, "deliver", "note that parcels have arrived");
  deliver->add_option("--shipment", act_.shipment, "only this one of the order's shipments")
      ->type_name("ID");
  deliver->add_option("--at", act_.time, "when, RFC 3339 (default: now)")->type_name("TIME");
}

void OrderCommands::add_reprocess(const AddCommand& add) {
  auto* app = add("reprocess", "have the running daemon decide orders anew",
                  [this] { return run_reprocess(reprocess_, session_); });
  app->add_option("shop", reprocess_.shop, "the shop of one order")->type_name("SHOP");
  app->add_option("order", reprocess_.order, "the shop's own id of it")->type_name("ORDER");
  app->add_flag("--all", reprocess_.all, "instead of one order, all that fit what follows");
  app->add_option("--shop", reprocess_.only_shop, "all: of this shop")->type_name("SHOP");
  app->add_option("--state", reprocess_.state, "all: in this state, as `waiting`")
      ->type_name("STATE");
  app->add_option("--outcome", reprocess_.outcome, "all: with a part like this, as `held`")
      ->type_name("OUTCOME");
  app->add_option("--supplier", reprocess_.supplier, "all: with a part assigned to this one")
      ->type_name("NAME");
  app->add_option("--from", reprocess_.from,
                  "all: that came on this day (UTC) or at this time, or later")
      ->type_name("DAY");
  app->add_option("--until", reprocess_.until,
                  "all: that came on this day (UTC) or before this time, or earlier")
      ->type_name("DAY");
  app->add_flag("--overrule", reprocess_.overrule,
                "also what persons set and suppliers rejected; what has shipped stays");
  app->add_flag("--dry-run", reprocess_.dry_run, "say what would change, and store nothing");
  add_ending(app, reprocess_.at, reprocess_.format);
}

void OrderCommands::add_stock(const AddCommand& add) {
  auto* app = add("stock", "show a supplier's stock in the running daemon, or report it",
                  [this] { return run_stock(stock_, session_); });
  app->add_option("supplier", stock_.supplier, "the supplier")->type_name("SUPPLIER")->required();
  app->add_option("sku", stock_.sku, "only this SKU")->type_name("SKU");
  app->add_option("--set", stock_.set, "report what is there that nobody was promised")
      ->type_name("N");
  app->add_option("--change", stock_.change, "report by how much that has changed, as -2")
      ->type_name("N");
  app->add_option("--id", stock_.id, "the change's own name: it counts once")->type_name("ID");
  app->add_option("--safety", stock_.safety, "pieces that are never to be promised")
      ->type_name("N");
  add_ending(app, stock_.at, stock_.format);
}

}  // namespace consign::cli
