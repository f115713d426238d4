#include "daemon/wire/supplier_view.hpp"

#include <set>

namespace consign {
namespace {

void write_member(const JsonNode& member, std::string& out) {
  if (out.back() != '{') out += ',';
  write_json_text(member.name, out);
  out += ':';
}

void write_lines(const JsonNode& lines, const OwnQuantities& own, std::string& out) {
  out += '[';
  for (const JsonNode& line : lines.children()) {
    const JsonNode* id = line.find("id");
    const auto mine = id == nullptr ? own.end() : own.find(id->text);
    if (mine == own.end()) continue;
    if (out.back() != '[') out += ',';
    out += '{';
    for (const JsonNode& member : line.children()) {
      if (member.name == "price" || member.name == "fulfilled") continue;
      write_member(member, out);
      if (member.name == "quantity") {
        out += mine->second.to_canonical_string();
      } else {
        write_canonical_json(member, out);
      }
    }
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string supplier_document(const JsonNode& order, const OwnQuantities& own) {
  static const std::set<std::string_view> kOrderMembers{
      "shop", "id", "name", "placed_at", "ship_to", "shipping_method", "note", "lines"};
  std::string out = "{";
  for (const JsonNode& member : order.children()) {
    if (!kOrderMembers.contains(member.name)) continue;
    write_member(member, out);
    if (member.name == "lines") {
      write_lines(member, own, out);
    } else {
      write_canonical_json(member, out);
    }
  }
  return out + '}';
}

}  // namespace consign
