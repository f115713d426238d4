#include "tests/support/ast_outline.hpp"

#include "consign/value.hpp"

namespace consign {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;  // clang 14 does not find it itself

std::string maybe(const ast::ExprPtr& expr) { return expr ? outline(*expr) : "null"; }

std::string items(std::span<const ast::PermissionItem> all) {
  std::string out;
  for (const auto& item : all) {
    out += (item.permission ? " perm:" : " role:") + std::string(item.word.text);
    if (item.permission) out += "/" + std::to_string(item.permission->actions.size());
  }
  return out;
}

std::string optional(std::string_view name, const ast::Rare<ast::Word>& word) {
  return word ? " " + std::string(name) + "=" + quote(word->text) : "";
}
std::string optional(std::string_view name, const ast::Rare<ast::SpannedLiteral>& literal) {
  return literal ? " " + std::string(name) + "=" + outline(*literal) : "";
}

std::string rule_line(const ast::Rule& rule) {
  std::string out = "rule " + quote(rule.name.text) + optional("on", rule.scope) +
                    optional("mode", rule.mode) + optional("about", rule.about) +
                    optional("owner", rule.owner) + optional("from", rule.from) +
                    optional("until", rule.until);
  for (const auto& shop : rule.shops) out += " shop=" + quote(shop.text);
  if (rule.otherwise) out += " otherwise";
  if (rule.condition) out += " when " + maybe(rule.condition);
  if (rule.then) out += " then";
  for (const auto& action : rule.actions) out += " " + outline(action);
  return out;
}

}  // namespace

std::string outline(const ast::SpannedLiteral& spanned) {
  return std::visit(
      Overloaded{
          [](const ast::TextLiteral& l) { return (l.exactly ? "exactly " : "") + quote(l.text); },
          [](const ast::NumberLiteral& l) { return l.number.to_string(); },
          [](const ast::MoneyLiteral& l) { return l.amount.to_string() + std::string(l.currency); },
          [](const ast::WeightLiteral& l) { return l.grams.to_canonical_string() + "g"; },
          [](const ast::DurationLiteral& l) { return l.seconds.to_canonical_string() + "s"; },
          [](const ast::PercentLiteral& l) { return l.percent.to_string() + "%"; },
          [](const ast::DayLiteral& l) { return format_day(l.day); },
          [](const ast::TimeLiteral& l) { return format_timestamp(l.time); },
          [](const ast::BoolLiteral& l) { return std::string(l.truth ? "true" : "false"); },
          [](const ast::PermissionLiteral& l) {
            std::string out = std::string(l.resource) + ":";
            for (const auto& action : l.actions)
              out += (&action == &l.actions[0] ? "" : "+") + std::string(action);
            return out;
          },
      },
      spanned.literal);
}

std::string outline(const ast::Expr& expr) {
  const auto negation = [](bool negated) { return std::string(negated ? "not " : ""); };
  return visit(Overloaded{
                   [](const ast::LiteralExpr& e) {
                     return outline({e.literal, e.span});
                   },
                   [](const ast::NameExpr& e) { return std::string(e.name); },
                   [](const ast::IndexExpr& e) {
                     return std::string(e.name.text) + "[" + maybe(e.key) + "]";
                   },
                   [](const ast::BinaryExpr& e) {
                     return "(" + std::string(1, "+-*/"[static_cast<int>(e.op)]) + " " +
                            maybe(e.left) + " " + maybe(e.right) + ")";
                   },
                   [](const ast::NegateExpr& e) { return "(- " + maybe(e.operand) + ")"; },
                   [](const ast::CallExpr& e) {
                     std::string out = "(call " + std::string(e.function.text);
                     for (const auto& argument : e.arguments) out += " " + maybe(argument);
                     return out + ")";
                   },
                   [](const ast::AggregateExpr& e) {
                     return std::string(e.is_sum ? "(sum " : "(count ") + maybe(e.summed) + " " +
                            maybe(e.filter) + ")";
                   },
                   [&](const ast::CompareExpr& e) {
                     return "(" + negation(e.negated) + std::string(e.op.text) + " " +
                            maybe(e.left) + (e.right ? " " + maybe(e.right) : "") + ")";
                   },
                   [&](const ast::BetweenExpr& e) {
                     return "(" + negation(e.negated) + "between " + maybe(e.operand) + " " +
                            maybe(e.low) + " " + maybe(e.high) + ")";
                   },
                   [&](const ast::MembershipExpr& e) {
                     std::string out = "(" + negation(e.negated) + "in " + maybe(e.operand);
                     if (e.list_name) return out + " list:" + quote(e.list_name->text) + ")";
                     for (const auto& member : e.members) out += " " + outline(member);
                     return out + ")";
                   },
                   [](const ast::JunctionExpr& e) {
                     std::string out = e.is_and ? "(and" : "(or";
                     for (const auto& part : e.parts) out += " " + maybe(part);
                     return out + ")";
                   },
                   [](const ast::NotExpr& e) { return "(not " + maybe(e.operand) + ")"; },
                   [](const ast::QuantifiedExpr& e) {
                     const char* names[] = {"(any ", "(every ", "(no "};
                     return names[static_cast<int>(e.quantifier)] + maybe(e.condition) + ")";
                   },
               },
               expr);
}

namespace {

std::string outline(const ast::Account& account) {
  return std::string(account.kind.text) + ":" + quote(account.id.text);
}

std::string outline(const ast::Term& term) {
  return optional("for", term.duration) + optional("until", term.until) +
         optional("idle", term.idle);
}

}  // namespace

std::string outline(const ast::Action& action) {
  return std::visit(
      Overloaded{
          [](const ast::Assign& a) {
            const char* names[] = {"only", "first", "cheapest", "fastest", "split", "divide"};
            std::string out = std::string("[assign ") + names[static_cast<int>(a.choice)];
            for (const auto& target : a.targets) {
              out += " " + quote(target.supplier.text) + optional("share", target.share);
            }
            if (a.keep_together) out += " together";
            if (a.in_parts) out += " in-parts" + optional("most", a.most_parts);
            return out + (a.or_next_rule ? " or-next]" : "]");
          },
          [](const ast::Hold& a) {
            return "[hold " + quote(a.reason.text) + optional("for", a.duration) + "]";
          },
          [](const ast::Tag& a) { return "[tag " + quote(a.tag.text) + "]"; },
          [](const ast::Note& a) { return "[note " + quote(a.text.text) + "]"; },
          [](const ast::Grant& a) {
            std::string out = "[grant" + items(a.items);
            if (a.to) out += " to=" + outline(*a.to);
            if (a.on_shop) out += " on-shop";
            return out + outline(a.term) + "]";
          },
          [](const ast::SetField& a) {
            return "[set " + std::string(a.field.text) + " " +
                   (a.text ? "template " + quote(a.text->text) : maybe(a.value)) + "]";
          },
          [](const ast::Notify& a) {
            return "[notify " + quote(a.endpoint.text) + (a.text ? " " + quote(a.text->text) : "") +
                   "]";
          },
          [](const ast::Stop&) { return std::string("[stop]"); },
          [](const ast::Silence&) { return std::string("[silence]"); },
          [](const ast::Allow&) { return std::string("[allow]"); },
          [](const ast::Forbid& a) {
            return std::string("[forbid") + (a.reason ? " " + quote(a.reason->text) : "") + "]";
          },
          [](const ast::Approve& a) { return "[approve" + outline(a.term) + "]"; },
          [](const ast::Deny& a) {
            return std::string("[deny") + (a.reason ? " " + quote(a.reason->text) : "") + "]";
          },
          [](const ast::Review& a) {
            return "[review" + (a.role ? " role=" + quote(a.role->text) : "") +
                   (a.account ? " by=" + outline(*a.account) : "") + "]";
          },
          [](const ast::AtMost& a) { return "[at-most" + items(a.items) + "]"; },
          [](const ast::Require&) { return std::string("[require-mfa]"); },
          [](const ast::Hand& a) {
            return "[hand " + (a.group ? "group=" + quote(a.group->text) : outline(*a.account)) +
                   "]";
          },
      },
      action.what);
}

std::string outline(const ast::Declaration& declaration) {
  std::string out = std::visit(
      Overloaded{
          [](const ast::Supplier& d) {
            std::string text = "supplier " + quote(d.name.text);
            for (const auto& property : d.properties) {
              text += " (" + std::string(property.name.text) + ":";
              for (const auto& value : property.values) text += " " + outline(value);
              for (const auto& word : property.words) text += " " + std::string(word.text);
              text += optional("per", property.per);
              text += ")";
            }
            return text;
          },
          [](const ast::List& d) {
            std::string text = "list " + quote(d.name.text);
            for (const auto& member : d.members) text += " " + outline(member);
            return text;
          },
          [](const ast::Table& d) {
            std::string text = "table " + quote(d.name.text);
            for (const auto& [key, value] : d.rows)
              text += " " + outline(key) + "->" + outline(value);
            return text;
          },
          [](const ast::Role& d) { return "role " + quote(d.name.text) + items(d.items); },
          [](const ast::Define& d) {
            return "define " + quote(d.name.text) + " " + maybe(d.condition);
          },
          [](const ast::Permissions& d) { return "permissions" + items(d.items); },
          [](const ast::NeverGrant& d) { return "never grant" + items(d.items); },
          [](const ast::OwnField& d) {
            return "field " + quote(d.name.text) + " " + std::string(d.type.text);
          },
          [](const ast::OwnEvent& d) {
            std::string text = "event " + quote(d.name.text);
            for (const auto& [field, type] : d.fields)
              text += " " + std::string(field.text) + ":" + std::string(type.text);
            return text;
          },
          [](const ast::Group& d) {
            std::string text = "group " + quote(d.name.text);
            for (const auto& member : d.members) text += " " + outline(member);
            return text;
          },
          [](const ast::AccountPolicy& d) {
            std::string text = "accounts " + quote(d.kind.text);
            for (const auto& [plan, seats] : d.seats)
              text += " " + std::string(plan.text) + "=" + outline(seats);
            return text + optional("invitation", d.invitation) + optional("idle", d.idle) +
                   optional("per", d.per);
          },
          [](const ast::RateDecl& d) {
            return "rate " + std::string(d.from.text) + " " + outline(d.factor);
          },
          [](const ast::TimeZoneDecl& d) { return "timezone " + quote(d.zone.text); },
          [](const ast::Overlaps& d) { return "overlaps " + std::string(d.what.text); },
          [](const ast::Rule& d) { return rule_line(d); },
      },
      declaration.what);
  return declaration.broken ? "broken " + out : out;
}

std::string outline(const ast::File& file) {
  std::string out;
  for (const auto& declaration : file.declarations) out += outline(declaration) + "\n";
  return out;
}

}  // namespace consign
