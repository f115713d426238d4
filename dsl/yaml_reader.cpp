// YAML is a container: maps and sequences say which declaration is meant, and what is language
// (conditions, actions, literals, permissions) goes through the functions that read `.rules` files,
// each scalar with the places of its bytes in the file.
//
// A fault in one entry is reported and the entry left out; the next one is read.
#include "dsl/yaml_reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "dsl/parser.hpp"
#include "dsl/words.hpp"
#include "dsl/yaml_faults.hpp"
#include "dsl/yaml_language.hpp"
#include "dsl/yaml_tree.hpp"

namespace consign {
namespace {

using yaml::Kind;
using yaml::Node;
using yaml::ScalarStyle;

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a scalar";
    case Kind::sequence:
      return "a sequence";
    case Kind::map:
      return "a map";
    case Kind::faulty:
      break;
  }
  return "something else";
}

bool starts_with_digit(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
}

class YamlReader {
 public:
  YamlReader(SourceId id, const SourceMap& sources, const Limits& limits, DiagnosticSink& sink)
      : source_(sources.get(id)), limits_(limits), sink_(sink) {
    file_.source = id;
  }

  ast::File read(const Node& root) {
    if (root.kind == Kind::null) return std::move(file_);
    if (!expect(root, Kind::map, "a map with keys such as `rules` and `suppliers`"))
      return std::move(file_);
    for_each_entry(root, [&](const Node& key, const Node& value) {
      if (const auto* section = find_key(key, kSections, "a rule file"))
        (this->*section->read)(key, value);
    });
    return std::move(file_);
  }

 private:
  template <class Read>
  struct Key {
    std::string_view name;
    Read read;
  };
  using Section = Key<void (YamlReader::*)(const Node& key, const Node& value)>;
  using Clause = Key<void (YamlReader::*)(const Node& key, const Node& value, ast::Rule& rule)>;
  static const std::array<Section, 15> kSections;
  static const std::array<Clause, 11> kClauses;

  // ---- shapes ----

  /// Where to point for a whole node: its first line.
  Span place_of(const Node& node) const {
    const auto line_end = std::min(source_.text.find('\n', node.span.begin), source_.text.size());
    auto span = node.span;
    span.end = std::max(span.begin, std::min(span.end, static_cast<std::uint32_t>(line_end)));
    return span;
  }

  bool expect(const Node& node, Kind kind, std::string_view expected) {
    if (node.kind == kind) return true;
    wrong_kind(node, expected);
    return false;
  }

  void wrong_kind(const Node& node, std::string_view expected) {
    if (node.kind == Kind::faulty)
      ++faulty_;
    else
      sink_
          .report(Code::yaml_wrong_kind, "expected " + std::string(expected) + ", found " +
                                             std::string(describe(node.kind)))
          .primary(place_of(node));
  }

  bool is_full() const { return sink_.error_count() >= limits_.messages; }

  /// Faults so far, also those that were reported while the tree was read.
  std::size_t faults() const { return sink_.error_count() + faulty_; }

  template <class Visit>
  void for_each_entry(const Node& map, Visit visit) {
    for (std::size_t i = 0; i + 1 < map.children.size() && !is_full(); i += 2)
      if (expect(map.children[i], Kind::scalar, "a name"))
        visit(map.children[i], map.children[i + 1]);
  }

  /// The entries of a section; one without content is empty.
  template <class Visit>
  void for_each_entry(const Node& map, std::string_view expected, Visit visit) {
    if (map.kind == Kind::null || !expect(map, Kind::map, expected)) return;
    for_each_entry(map, visit);
  }

  /// The scalars of a sequence, or the one scalar that stands in its place.
  template <class Visit>
  void for_each_scalar(const Node& node, std::string_view expected, Visit visit) {
    if (node.kind == Kind::scalar) return visit(node);
    if (!expect(node, Kind::sequence, expected)) return;
    for (const auto& member : node.children)
      if (!is_full() && expect(member, Kind::scalar, "a scalar in the sequence")) visit(member);
  }

  template <class Entry, std::size_t N>
  const Entry* find_key(const Node& key, const std::array<Entry, N>& keys, std::string_view where) {
    std::vector<std::string_view> names;
    for (const auto& entry : keys) {
      if (entry.name == key.text) return &entry;
      names.push_back(entry.name);
    }
    auto report = sink_.report(Code::yaml_unknown_key,
                               "`" + key.text + "` is no key of " + std::string(where));
    report.primary(key.span);
    if (const auto near = nearest_name(key.text, names); !near.empty()) {
      report.help("did you mean `" + std::string(near) + "`?");
    } else {
      std::string list;
      for (const auto name : names) list += (list.empty() ? "`" : ", `") + std::string(name) + "`";
      report.help("there are " + list);
    }
    return nullptr;
  }

  template <class What>
  void declare(const Node& key, const Node& value, What what, bool broken) {
    Span span = key.span;
    span.end = std::max(span.end, value.span.end);
    file_.declarations.push_back({span, key.span, std::move(what), broken});
  }

  /// Declares what `make` gives for each entry of a section, if it gives something. With a fault in
  /// it, it is declared as broken, so that what refers to its name is not at fault.
  template <class Make>
  void declare_entries(const Node& section, std::string_view expected, Make make) {
    for_each_entry(section, expected, [&](const Node& name, const Node& body) {
      const auto faults_before = faults();
      if (auto what = make(name, body))
        declare(name, body, *std::move(what), faults() != faults_before);
    });
  }

  // ---- texts, which outlive YAML's nodes ----

  ast::Word word_of(const Node& scalar) {
    return {file_.pool.copy(std::string_view(scalar.text)), scalar.span};
  }

  ast::SpannedLiteral text_of(const Node& scalar) {
    return {ast::TextLiteral{word_of(scalar).text}, scalar.span};
  }

  Fragment fragment_of(const Node& scalar) {
    Fragment fragment = yaml::fragment_of(source_, scalar);
    fragment.text = file_.pool.copy(fragment.text);
    return fragment;
  }

  template <class T>
  const T* rare(T value) {
    return file_.pool.make<T>(std::move(value));
  }

  // ---- language ----

  /// Whether `node` can be handed to the parser; reports what YAML made of it otherwise.
  bool is_language(const Node& node, std::string_view expected) {
    if (node.kind == Kind::map && !node.children.empty() &&
        node.children.front().kind == Kind::scalar) {
      const auto& key = node.children.front();
      auto report = sink_.report(Code::yaml_needs_quotes,
                                 "expected " + std::string(expected) + ", found a map");
      report.primary(place_of(node), "YAML reads `" + key.text + ":` as a key");
      if (is_action_word(key.text))
        report.help("write the action as one scalar, without the colon: `- " + key.text + " …`");
      else if (const auto help = yaml::quoting_help(source_, node.span.begin))
        report.help(*help);
      return false;
    }
    if (!expect(node, Kind::scalar, expected)) return false;
    if (const auto comment = yaml::cutting_comment(source_.text, node)) {
      auto report = sink_.report(Code::yaml_needs_quotes,
                                 "` #` begins a comment in YAML and cuts the text short");
      report.primary({file_.source, *comment, *comment + 1});
      report.label(node.span, "this is all that is left of it");
      if (const auto help = yaml::quoting_help(source_, node.span.begin)) report.help(*help);
      return false;
    }
    return true;
  }

  ast::ExprPtr condition(const Node& node) {
    if (!is_language(node, "a condition")) return nullptr;
    return parse_condition(fragment_of(node), file_.pool, limits_, sink_);
  }

  std::optional<ast::SpannedLiteral> literal(const Node& node, std::string_view expected) {
    if (!is_language(node, expected)) return std::nullopt;
    return parse_literal(fragment_of(node), file_.pool, limits_, sink_);
  }

  /// A member of a list or table: what reads as a literal is one, all else is the text itself.
  ast::SpannedLiteral member(const Node& node) {
    const std::string_view text = node.text;
    const bool may_be_literal = starts_with_digit(text) || text == "true" || text == "false" ||
                                text.find(':') != std::string_view::npos;
    if (node.style == ScalarStyle::plain && may_be_literal) {
      DiagnosticSink unheard;  // no literal is no fault here
      auto found = parse_literal(fragment_of(node), file_.pool, limits_, unheard);
      if (found && !unheard.has_errors()) return *std::move(found);
    }
    return text_of(node);
  }

  std::span<const ast::PermissionItem> permission_items(const Node& node) {
    std::vector<ast::PermissionItem> items;
    for_each_scalar(node, "permissions", [&](const Node& scalar) {
      if (!is_language(scalar, "permissions")) return;
      for (const auto& item :
           parse_permission_items(fragment_of(scalar), file_.pool, limits_, sink_))
        items.push_back(item);
    });
    return file_.pool.copy(items);
  }

  // ---- sections ----

  void read_suppliers(const Node&, const Node& value) {
    declare_entries(value, "a map of suppliers", [&](const Node& name, const Node& body) {
      std::vector<ast::Property> properties;
      for_each_entry(body, "a map of what is known about the supplier",
                     [&](const Node& key, const Node& about) {
                       if (const auto read = property(key, about)) properties.push_back(*read);
                     });
      return std::optional(ast::Supplier{word_of(name), file_.pool.copy(properties)});
    });
  }

  std::optional<ast::Property> property(const Node& key, const Node& value) {
    std::vector<ast::SpannedLiteral> values;
    std::vector<ast::Word> words;
    const bool is_scalar = value.kind == Kind::scalar;
    const bool is_plain = is_scalar && value.style == ScalarStyle::plain;
    if (is_plain && value.text == "false") return std::nullopt;  // a mark that is not set
    const bool is_text = key.text == "name" || key.text == "cut_off" || key.text == "timezone" ||
                         key.text == "endpoint";
    ast::Rare<ast::Word> per = nullptr;
    if (is_text) {
      if (!expect(value, Kind::scalar, key.text == "name" ? "a name" : "a text"))
        return std::nullopt;
      values.push_back(text_of(value));
    } else if (value.kind == Kind::sequence || (is_scalar && key.text == "shops")) {
      const bool texts = key.text == "countries";
      for_each_scalar(value, "a sequence", [&](const Node& scalar) {
        if (texts)
          values.push_back(text_of(scalar));
        else
          words.push_back(word_of(scalar));
      });
    } else if (is_scalar && starts_with_digit(value.text)) {
      if (!is_language(value, "a value")) return std::nullopt;
      const auto found = parse_rated(fragment_of(value), file_.pool, limits_, sink_);
      if (!found) return std::nullopt;
      values.push_back(found->literal);
      per = found->per;
    } else if (is_scalar && !is_plain) {
      values.push_back(text_of(value));
    } else if (!is_plain) {
      wrong_kind(value, "a value or a sequence");
      return std::nullopt;
    } else if (value.text != "true") {
      words.push_back(word_of(value));
    }
    std::string name = key.text;
    std::replace(name.begin(), name.end(), '_', ' ');
    Span span = key.span;
    span.end = std::max(key.span.end, value.span.end);
    return ast::Property{{file_.pool.copy(std::string_view(name)), key.span},
                         file_.pool.copy(values),
                         file_.pool.copy(words),
                         per,
                         span};
  }

  void read_lists(const Node&, const Node& value) {
    declare_entries(value, "a map of lists", [&](const Node& name, const Node& body) {
      std::vector<ast::SpannedLiteral> members;
      if (expect(body, Kind::sequence, "a sequence of the list's members"))
        for_each_scalar(body, "a sequence",
                        [&](const Node& scalar) { members.push_back(member(scalar)); });
      return std::optional(ast::List{word_of(name), file_.pool.copy(members)});
    });
  }

  void read_tables(const Node&, const Node& value) {
    declare_entries(value, "a map of tables", [&](const Node& name, const Node& body) {
      std::vector<std::pair<ast::SpannedLiteral, ast::SpannedLiteral>> rows;
      for_each_entry(body, "a map of the table's rows", [&](const Node& key, const Node& cell) {
        if (expect(cell, Kind::scalar, "a value")) rows.emplace_back(member(key), member(cell));
      });
      return std::optional(ast::Table{word_of(name), file_.pool.copy(rows)});
    });
  }

  void read_roles(const Node&, const Node& value) {
    declare_entries(value, "a map of roles", [&](const Node& name, const Node& body) {
      return std::optional(ast::Role{word_of(name), permission_items(body)});
    });
  }

  void read_defines(const Node&, const Node& value) {
    declare_entries(value, "a map of conditions", [&](const Node& name, const Node& body) {
      ast::ExprPtr read = condition(body);
      if (read == nullptr) {  // broken; as `.rules` files have it, it stands for `true`
        const ast::Expr head{name.span, ast::ExprNodes::kind_of<ast::LiteralExpr>()};
        read = file_.pool.make<ast::LiteralExpr>(head, ast::BoolLiteral{true});
      }
      return std::optional(ast::Define{word_of(name), read});
    });
  }

  template <class What>
  void declare_permissions(const Node& key, const Node& value) {
    if (value.kind == Kind::null) return;
    const auto faults_before = faults();
    What what{permission_items(value)};
    declare(key, value, std::move(what), faults() != faults_before);
  }
  void read_permissions(const Node& key, const Node& value) {
    declare_permissions<ast::Permissions>(key, value);
  }
  void read_never_grant(const Node& key, const Node& value) {
    declare_permissions<ast::NeverGrant>(key, value);
  }

  void read_fields(const Node&, const Node& value) {
    declare_entries(value, "a map of fields and their types",
                    [&](const Node& name, const Node& type) -> std::optional<ast::OwnField> {
                      if (!expect(type, Kind::scalar, "a type")) return std::nullopt;
                      return ast::OwnField{word_of(name), word_of(type)};
                    });
  }

  void read_events(const Node&, const Node& value) {
    declare_entries(value, "a map of events", [&](const Node& name, const Node& body) {
      std::vector<std::pair<ast::Word, ast::Word>> fields;
      for_each_entry(body, "a map of the event's fields and their types",
                     [&](const Node& field, const Node& type) {
                       if (expect(type, Kind::scalar, "a type"))
                         fields.emplace_back(word_of(field), word_of(type));
                     });
      return std::optional(ast::OwnEvent{word_of(name), file_.pool.copy(fields)});
    });
  }

  void read_groups(const Node&, const Node& value) {
    declare_entries(value, "a map of groups", [&](const Node& name, const Node& body) {
      std::vector<ast::Account> members;
      for_each_scalar(body, "a sequence of accounts such as `sub:anna`", [&](const Node& scalar) {
        const ast::Word word = word_of(scalar);
        const auto colon = word.text.find(':');
        if (colon == std::string_view::npos || colon == 0 || colon + 1 == word.text.size()) {
          sink_.report(Code::yaml_wrong_kind, "expected an account, found `" + scalar.text + "`")
              .primary(scalar.span)
              .help("write it as `sub:anna`: its kind, a colon, its id");
          return;
        }
        members.push_back({{word.text.substr(0, colon), scalar.span},
                           {word.text.substr(colon + 1), scalar.span}});
      });
      return std::optional(ast::Group{word_of(name), file_.pool.copy(members)});
    });
  }

  void read_accounts(const Node&, const Node& value) {
    declare_entries(value, "a map of kinds of accounts", [&](const Node& kind, const Node& body) {
      static constexpr std::array<Key<int>, 3> kKeys{
          {{"seats", 0}, {"invitation", 1}, {"idle", 2}}};
      ast::AccountPolicy policy;
      policy.kind = word_of(kind);
      for_each_entry(
          body, "a map of what holds for these accounts", [&](const Node& key, const Node& about) {
            const auto* entry = find_key(key, kKeys, "a kind of accounts");
            if (entry == nullptr) return;
            if (entry->read == 0) return read_seats(about, policy);
            if (!is_language(about, "a duration such as `90 days`")) return;
            const auto found = parse_rated(fragment_of(about), file_.pool, limits_, sink_);
            if (!found) return;
            (entry->read == 1 ? policy.invitation : policy.idle) = rare(found->literal);
            if (found->per == nullptr) return;
            if (entry->read == 2) {
              policy.per = found->per;
              return;
            }
            sink_
                .report(Code::unknown_word, "only `idle` is counted per anything, per organization")
                .primary(found->per->span)
                .help("write a duration alone, as `invitation: 7 days`");
          });
      return std::optional(policy);
    });
  }

  void read_seats(const Node& body, ast::AccountPolicy& policy) {
    std::vector<std::pair<ast::Word, ast::SpannedLiteral>> seats;
    for_each_entry(body, "a map of plans and their seats",
                   [&](const Node& plan, const Node& count) {
                     if (auto found = literal(count, "a number"))
                       seats.emplace_back(word_of(plan), *found);
                   });
    policy.seats = file_.pool.copy(seats);
  }

  void read_rates(const Node&, const Node& value) {
    declare_entries(value, "a map of rates",
                    [&](const Node& from, const Node& factor) -> std::optional<ast::RateDecl> {
                      auto found = literal(factor, "an amount such as `0.92 EUR`");
                      if (!found) return std::nullopt;
                      return ast::RateDecl{word_of(from), *std::move(found)};
                    });
  }

  void read_time_zone(const Node& key, const Node& value) {
    if (expect(value, Kind::scalar, "a time zone such as `Europe/Stockholm`"))
      declare(key, value, ast::TimeZoneDecl{word_of(value)}, false);
  }

  void read_overlaps(const Node& key, const Node& value) {
    if (expect(value, Kind::scalar, "`hold`"))
      declare(key, value, ast::Overlaps{word_of(value)}, false);
  }

  // ---- rules ----

  void read_rules(const Node&, const Node& value) {
    if (value.kind == Kind::null || !expect(value, Kind::sequence, "a sequence of rules")) return;
    for (const auto& body : value.children)
      if (!is_full() &&
          expect(body, Kind::map, "a rule, which is a map that begins with `rule: NAME`"))
        read_rule(body);
  }

  void read_rule(const Node& body) {
    const auto faults_before = faults();
    ast::Rule rule;
    Span keyword = place_of(body);
    bool named = false;
    for_each_entry(body, [&](const Node& key, const Node& value) {
      const auto* clause = find_key(key, kClauses, "a rule");
      if (clause == nullptr) return;
      (this->*clause->read)(key, value, rule);
      if (clause->name == "rule") {
        named = true;
        keyword = key.span;
      }
    });
    if (!named && faults() == faults_before)
      sink_.report(Code::yaml_wrong_kind, "this rule has no name")
          .primary(keyword)
          .help("give it one: `rule: NAME`");
    if (faults() != faults_before) return;  // what is missing from it would only be reported again
    file_.declarations.push_back({body.span, keyword, std::move(rule), false});
  }

  void read_word(const Node& value, std::string_view expected, ast::Rare<ast::Word>& word) {
    if (expect(value, Kind::scalar, expected)) word = rare(word_of(value));
  }

  void read_moment(const Node& value, ast::Rare<ast::SpannedLiteral>& moment) {
    if (const auto found = literal(value, "a day such as `2026-11-27`")) moment = rare(*found);
  }

  void read_name(const Node&, const Node& value, ast::Rule& rule) {
    if (expect(value, Kind::scalar, "the rule's name")) rule.name = word_of(value);
  }
  void read_scope(const Node&, const Node& value, ast::Rule& rule) {
    read_word(value, "a scope such as `line` or `order`", rule.scope);
  }
  void read_about(const Node&, const Node& value, ast::Rule& rule) {
    read_word(value, "a text", rule.about);
  }
  void read_owner(const Node&, const Node& value, ast::Rule& rule) {
    read_word(value, "a text", rule.owner);
  }
  void read_mode(const Node&, const Node& value, ast::Rule& rule) {
    read_word(value, "`shadow`, `off` or `live`", rule.mode);
  }
  void read_from(const Node&, const Node& value, ast::Rule& rule) { read_moment(value, rule.from); }
  void read_until(const Node&, const Node& value, ast::Rule& rule) {
    read_moment(value, rule.until);
  }

  void read_shop(const Node&, const Node& value, ast::Rule& rule) {
    if (value.kind == Kind::scalar && value.style == ScalarStyle::plain &&
        value.text.find(',') != std::string::npos) {
      sink_.report(Code::yaml_wrong_kind, "expected a shop, found `" + value.text + "`")
          .primary(value.span)
          .help("several shops are a sequence: `[" + value.text + "]`");
      return;
    }
    std::vector<ast::Word> shops;
    for_each_scalar(value, "a shop or a sequence of shops",
                    [&](const Node& scalar) { shops.push_back(word_of(scalar)); });
    rule.shops = file_.pool.copy(shops);
  }

  void read_when(const Node& key, const Node& value, ast::Rule& rule) {
    set_condition(key, value, rule);
  }

  /// `otherwise: true` (or nothing) is the bare word; a condition is `otherwise when`.
  void read_otherwise(const Node& key, const Node& value, ast::Rule& rule) {
    rule.otherwise = key.span;
    const bool bare =
        value.kind == Kind::null || (value.kind == Kind::scalar && value.text == "true");
    if (!bare) set_condition(key, value, rule);
  }

  void set_condition(const Node& key, const Node& value, ast::Rule& rule) {
    if (rule.condition != nullptr) {
      sink_.report(Code::yaml_duplicate_key, "the rule has two conditions")
          .primary(key.span)
          .label(rule.condition->span, "the first one")
          .help("join them with `and`, or write `otherwise: true`");
      return;
    }
    rule.condition = condition(value);
  }

  void read_then(const Node& key, const Node& value, ast::Rule& rule) {
    rule.then = key.span;
    std::vector<ast::Action> actions;
    const auto read = [&](const Node& scalar) {
      if (!is_language(scalar, "an action")) return;
      for (const auto& action : parse_actions(fragment_of(scalar), file_.pool, limits_, sink_))
        actions.push_back(action);
    };
    if (value.kind == Kind::sequence) {
      for (const auto& member : value.children) read(member);
    } else {
      read(value);
    }
    rule.actions = file_.pool.copy(actions);
  }

  const Source& source_;
  const Limits& limits_;
  DiagnosticSink& sink_;
  ast::File file_;
  std::size_t faulty_ = 0;
};

const std::array<YamlReader::Section, 15> YamlReader::kSections{{
    {"suppliers", &YamlReader::read_suppliers},
    {"lists", &YamlReader::read_lists},
    {"tables", &YamlReader::read_tables},
    {"roles", &YamlReader::read_roles},
    {"defines", &YamlReader::read_defines},
    {"permissions", &YamlReader::read_permissions},
    {"never_grant", &YamlReader::read_never_grant},
    {"fields", &YamlReader::read_fields},
    {"events", &YamlReader::read_events},
    {"groups", &YamlReader::read_groups},
    {"accounts", &YamlReader::read_accounts},
    {"rates", &YamlReader::read_rates},
    {"timezone", &YamlReader::read_time_zone},
    {"overlaps", &YamlReader::read_overlaps},
    {"rules", &YamlReader::read_rules},
}};

const std::array<YamlReader::Clause, 11> YamlReader::kClauses{{
    {"rule", &YamlReader::read_name},
    {"on", &YamlReader::read_scope},
    {"about", &YamlReader::read_about},
    {"owner", &YamlReader::read_owner},
    {"mode", &YamlReader::read_mode},
    {"shop", &YamlReader::read_shop},
    {"from", &YamlReader::read_from},
    {"until", &YamlReader::read_until},
    {"when", &YamlReader::read_when},
    {"otherwise", &YamlReader::read_otherwise},
    {"then", &YamlReader::read_then},
}};

}  // namespace

ast::File read_yaml(SourceId source, const SourceMap& sources, const Limits& limits,
                    DiagnosticSink& sink) {
  const auto root = yaml::read_tree(source, sources, limits.messages, sink);
  if (root) return YamlReader(source, sources, limits, sink).read(*root);
  ast::File empty;
  empty.source = source;
  return empty;
}

}  // namespace consign
