// Orders as CSV, page by page: each page is a read of its own, so that a long export neither keeps
// the log from being checkpointed nor holds more than a page in memory. What is written is what
// stands when its page is read.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <memory>
#include <set>
#include <stdexcept>

#include "consign/text.hpp"
#include "daemon/access/viewing.hpp"
#include "daemon/exports/order_columns.hpp"
#include "daemon/http/handlers/handlers.hpp"
#include "daemon/http/order_view.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/orders/acting.hpp"
#include "daemon/wire/csv.hpp"
#include "daemon/wire/json_tree.hpp"

namespace consign::http {
namespace {

constexpr std::int64_t kOrdersAtOnce = 200;
constexpr std::size_t kBytesAtOnce = 1 << 20;  // of documents read, or of CSV
constexpr std::int64_t kDayMicros = 24LL * 3600 * 1'000'000;

struct Filter {
  std::string shop, state, tag;               // empty: any; the tag folded
  std::string supplier, outcome, part_state;  // of parts; empty: any
  std::optional<Timestamp> from, until;       // of the order's arrival; until is exclusive

  bool is_of_parts() const { return !supplier.empty() || !outcome.empty() || !part_state.empty(); }
  bool takes(const store::PartRow& part) const {
    return (supplier.empty() || part.supplier == supplier) &&
           (outcome.empty() || part.outcome == outcome) &&
           (part_state.empty() || life_of(part) == part_state);
  }
};

// An instant, or a day: its beginning in UTC, or its end.
std::optional<Timestamp> parse_limit(std::string_view text, bool end_of_day) {
  if (const auto time = parse_timestamp(text)) return time;
  const auto day = parse_day(text);
  if (!day) return std::nullopt;
  return Timestamp{(day->days + (end_of_day ? 1 : 0)) * kDayMicros};
}

const std::vector<std::string_view> kOutcomes = {"assigned", "held", "waiting", "not_shippable",
                                                 "error"};
// As life_of gives them.
const std::vector<std::string_view> kPartStates = {"assigned",  "sent", "accepted", "shipped",
                                                   "delivered", "held", "waiting",  "not_shippable",
                                                   "cancelled", "error"};

std::optional<Response> refuse_word(const std::string& parameter, const std::string& word,
                                    const std::vector<std::string_view>& words) {
  if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) {
    return std::nullopt;
  }
  std::string known;
  for (const auto each : words) known += (known.empty() ? "`" : ", `") + std::string(each) + '`';
  return problem_response(Problem::malformed_request,
                          "`" + parameter + "` is one of " + known + ", not `" + word + '`');
}

Result<Filter, Response> filter_of(const Request& request) {
  Filter filter{.shop = std::string(request.query_value("shop")),
                .state = std::string(request.query_value("state")),
                .tag = {},
                .supplier = std::string(request.query_value("supplier")),
                .outcome = std::string(request.query_value("outcome")),
                .part_state = std::string(request.query_value("part_state")),
                .from = {},
                .until = {}};
  if (auto refused = refuse_word("outcome", filter.outcome, kOutcomes)) return std::move(*refused);
  if (auto refused = refuse_word("part_state", filter.part_state, kPartStates)) {
    return std::move(*refused);
  }
  const auto tag = request.query_value("tag");
  const auto from = request.query_value("received_from");
  const auto until = request.query_value("received_until");
  if (is_valid_utf8(tag)) filter.tag = fold(tag);
  if (!from.empty()) filter.from = parse_limit(from, false);
  if (!until.empty()) filter.until = parse_limit(until, true);
  if (!is_valid_utf8(tag) || (!from.empty() && !filter.from) || (!until.empty() && !filter.until)) {
    return problem_response(Problem::malformed_request,
                            "`received_from` and `received_until` are days, as `2026-11-27`, or "
                            "times with a zone, as `2026-11-27T08:00:00Z`");
  }
  return filter;
}

std::vector<std::string> tags_of(const store::OrderView& view, const JsonNode& document) {
  std::set<std::string> tags;
  if (const JsonNode* given = document.find("tags")) {
    for (const JsonNode& tag : given->children()) tags.emplace(tag.text);
  }
  if (view.whole) {
    const auto answer = boost::json::parse(view.decision.answer);
    if (const auto* made = answer.as_object().if_contains("tags")) {
      for (const auto& tag : made->as_array()) tags.emplace(tag.as_string());
    }
  }
  return {tags.begin(), tags.end()};
}

class Export {
 public:
  Export(Services& services, store::Viewer viewer, Filter filter,
         std::vector<const OrderColumn*> columns)
      : services_(services),
        viewer_(std::move(viewer)),
        filter_(std::move(filter)),
        columns_(std::move(columns)) {}

  /// The next piece; nothing: that was all. May be empty. Throws StoreError.
  std::optional<std::string> next() {
    std::string csv;
    if (!begun_) {
      begun_ = true;
      CsvWriter writer(csv);
      for (const auto* column : columns_) writer.cell(column->heading);
      writer.end_row();
      return csv;
    }
    if (ended_) return std::nullopt;
    // What was revoked meanwhile is in no later page.
    look_again(viewer_, services_.access, *services_.rules.active(), services_.settings, {},
               services_.now());
    services_.readers.read([&](store::Connection& db) { write_page(db, csv); });
    return csv;
  }

 private:
  void write_page(store::Connection& db, std::string& csv) {
    store::ScopedReads reads(db, viewer_);
    const auto orders = reads.orders(filter_.shop, filter_.state, "", after_, kOrdersAtOnce);
    ended_ = static_cast<std::int64_t>(orders.size()) < kOrdersAtOnce;
    std::size_t read = 0;
    for (const auto& order : orders) {
      if (read > kBytesAtOnce || csv.size() > kBytesAtOnce) {
        ended_ = false;
        return;
      }
      after_ = order.seq;
      if (filter_.from && order.received_at < *filter_.from) continue;
      if (filter_.until && order.received_at >= *filter_.until) continue;
      const auto view = reads.order(order.key, services_.now());
      if (!view) continue;
      read += view->revision.body.size();
      write_order(*view, csv);
    }
  }

  void write_order(const store::OrderView& view, std::string& csv) {
    const std::string text = visible_document(view);
    const auto document = parse_json(text);
    if (!document) throw std::runtime_error("a stored order: " + document.error().message);
    const auto* shop = services_.settings.find_shop(view.order.key.shop);
    const ExportedOrder order{
        .view = view,
        .document = document->root(),
        .channel = shop == nullptr ? std::string_view() : std::string_view(shop->channel),
        .tags = tags_of(view, document->root())};
    if (!filter_.tag.empty() &&
        std::none_of(order.tags.begin(), order.tags.end(),
                     [&](const std::string& tag) { return fold(tag) == filter_.tag; })) {
      return;
    }
    const JsonNode* lines = order.document.find("lines");
    if (lines == nullptr) return;
    for (const JsonNode& line : lines->children()) write_line(order, line, csv);
  }

  void write_line(const ExportedOrder& order, const JsonNode& line, std::string& csv) {
    const JsonNode* id = line.find("id");
    bool has_parts = false;
    for (const auto& part : order.view.parts) {
      if (id == nullptr || part.line != id->text) continue;
      has_parts = true;
      if (filter_.takes(part)) write_row({order, line, &part}, csv);
    }
    if (!has_parts && !filter_.is_of_parts()) write_row({order, line, nullptr}, csv);
  }

  void write_row(const ExportedRow& row, std::string& csv) {
    CsvWriter writer(csv);
    for (const auto* column : columns_) writer.cell(column->cell(row));
    writer.end_row();
  }

  Services& services_;
  store::Viewer viewer_;
  const Filter filter_;
  const std::vector<const OrderColumn*> columns_;
  std::int64_t after_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

Reply export_orders(const Request& request, Services& services) {
  auto filter = filter_of(request);
  if (!filter) return filter.error();
  auto columns = choose_columns(request.query_value("columns"));
  if (!columns) return problem_response(Problem::malformed_request, columns.error().message);
  auto pages = std::make_shared<Export>(services, request.viewer, std::move(filter.value()),
                                        std::move(columns.value()));
  return StreamReply{
      .head = {.status = 200,
               .body = {},
               .content_type = "text/csv; charset=utf-8; header=present",
               .headers = {{"Content-Disposition", "attachment; filename=\"orders.csv\""}}},
      .next = [pages] { return pages->next(); }};
}

}  // namespace consign::http
