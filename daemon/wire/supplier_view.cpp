#include "daemon/wire/supplier_view.hpp"

namespace consign {
namespace {

void write_member(const JsonNode& member, std::string& out) {
  if (out.back() != '{') out += ',';
  write_json_text(member.name, out);
  out += ':';
}

void write_lines(const JsonNode& lines, const std::set<std::string_view>& own, std::string& out) {
  out += '[';
  for (const JsonNode& line : lines.children()) {
    const JsonNode* id = line.find("id");
    if (id == nullptr || !own.contains(id->text)) continue;
    if (out.back() != '[') out += ',';
    out += '{';
    for (const JsonNode& member : line.children()) {
      if (member.name == "price") continue;
      write_member(member, out);
      write_canonical_json(member, out);
    }
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string supplier_document(const JsonNode& order, const std::set<std::string_view>& lines) {
  static const std::set<std::string_view> kOrderMembers{
      "shop", "id", "name", "placed_at", "ship_to", "shipping_method", "note", "lines"};
  std::string out = "{";
  for (const JsonNode& member : order.children()) {
    if (!kOrderMembers.contains(member.name)) continue;
    write_member(member, out);
    if (member.name == "lines") {
      write_lines(member, lines, out);
    } else {
      write_canonical_json(member, out);
    }
  }
  return out + '}';
}

}  // namespace consign
