// The shapes of `.rules` text, as PEGTL rules.
//
// One expression grammar serves conditions and operands alike: `(` may open either, and types are
// the checker's matter. So nothing is read twice, however deep parentheses go: alternatives differ
// in their first word, and behind that word everything is `need`.
//
// A shape that must match has a name of its own, which earns it a sentence in grammar_errors.hpp.
// The shapes that reach the syntax tree are listed in shapes.def. No ws at either end of a shape.
#pragma once

#include <cstddef>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/words.hpp"

// clang-format off
namespace consign::grammar {

using namespace tao::pegtl;  // NOLINT: the grammar is written in PEGTL's words

// A shape that must match. Other than PEGTL's `must` it goes back to where the shape began before the fault
// is raised, so that the message points there.
template <class What> struct need : sor<What, raise<What>> {};

// ---- blanks and words -----------------------------------------------------------------------------

struct comment : seq<one<'#'>, star<not_one<'\n'>>> {};
struct ws : star<sor<one<' ', '\t', '\r', '\n'>, comment>> {};
struct blanks : star<one<' ', '\t'>> {};

struct name_start : ranges<'a', 'z', 'A', 'Z', '_'> {};
struct name_char : ranges<'a', 'z', 'A', 'Z', '0', '9', '_', '_', '-'> {};
struct identifier : seq<name_start, star<name_char>> {};

template <class Spelling> struct keyword : seq<Spelling, not_at<name_char>> {};
#define CONSIGN_KEYWORD(name, spelling) struct name : keyword<TAO_PEGTL_STRING(spelling)> {};
CONSIGN_KEYWORD(kw_about, "about") CONSIGN_KEYWORD(kw_accounts, "accounts") CONSIGN_KEYWORD(kw_allow, "allow")
CONSIGN_KEYWORD(kw_and, "and")
CONSIGN_KEYWORD(kw_any, "any") CONSIGN_KEYWORD(kw_approve, "approve")
CONSIGN_KEYWORD(kw_assign, "assign") CONSIGN_KEYWORD(kw_at, "at") CONSIGN_KEYWORD(kw_available, "available")
CONSIGN_KEYWORD(kw_between, "between") CONSIGN_KEYWORD(kw_by, "by") CONSIGN_KEYWORD(kw_channel, "channel")
CONSIGN_KEYWORD(kw_cheapest, "cheapest")
CONSIGN_KEYWORD(kw_contains, "contains") CONSIGN_KEYWORD(kw_count, "count")
CONSIGN_KEYWORD(kw_define, "define") CONSIGN_KEYWORD(kw_deny, "deny") CONSIGN_KEYWORD(kw_divide, "divide") CONSIGN_KEYWORD(kw_do, "do")
CONSIGN_KEYWORD(kw_ends, "ends")
CONSIGN_KEYWORD(kw_event, "event") CONSIGN_KEYWORD(kw_every, "every") CONSIGN_KEYWORD(kw_exactly, "exactly")
CONSIGN_KEYWORD(kw_false, "false") CONSIGN_KEYWORD(kw_fastest, "fastest") CONSIGN_KEYWORD(kw_field, "field")
CONSIGN_KEYWORD(kw_first, "first") CONSIGN_KEYWORD(kw_for, "for") CONSIGN_KEYWORD(kw_forbid, "forbid")
CONSIGN_KEYWORD(kw_from, "from")
CONSIGN_KEYWORD(kw_grant, "grant") CONSIGN_KEYWORD(kw_group, "group") CONSIGN_KEYWORD(kw_hold, "hold") CONSIGN_KEYWORD(kw_idle, "idle") CONSIGN_KEYWORD(kw_in, "in") CONSIGN_KEYWORD(kw_invitation, "invitation")
CONSIGN_KEYWORD(kw_is, "is") CONSIGN_KEYWORD(kw_keep, "keep") CONSIGN_KEYWORD(kw_like, "like")
CONSIGN_KEYWORD(kw_line, "line")
CONSIGN_KEYWORD(kw_lines, "lines") CONSIGN_KEYWORD(kw_list, "list") CONSIGN_KEYWORD(kw_matches, "matches") CONSIGN_KEYWORD(kw_mfa, "mfa")
CONSIGN_KEYWORD(kw_missing, "missing") CONSIGN_KEYWORD(kw_mode, "mode") CONSIGN_KEYWORD(kw_most, "most")
CONSIGN_KEYWORD(kw_never, "never")
CONSIGN_KEYWORD(kw_next, "next") CONSIGN_KEYWORD(kw_no, "no") CONSIGN_KEYWORD(kw_not, "not")
CONSIGN_KEYWORD(kw_note, "note") CONSIGN_KEYWORD(kw_notify, "notify") CONSIGN_KEYWORD(kw_of, "of")
CONSIGN_KEYWORD(kw_on, "on") CONSIGN_KEYWORD(kw_or, "or") CONSIGN_KEYWORD(kw_organization, "organization") CONSIGN_KEYWORD(kw_otherwise, "otherwise")
CONSIGN_KEYWORD(kw_overlaps, "overlaps") CONSIGN_KEYWORD(kw_owner, "owner") CONSIGN_KEYWORD(kw_parts, "parts")
CONSIGN_KEYWORD(kw_per, "per")
CONSIGN_KEYWORD(kw_permissions, "permissions") CONSIGN_KEYWORD(kw_present, "present")
CONSIGN_KEYWORD(kw_rate, "rate") CONSIGN_KEYWORD(kw_require, "require")
CONSIGN_KEYWORD(kw_review, "review") CONSIGN_KEYWORD(kw_role, "role") CONSIGN_KEYWORD(kw_rule, "rule")
CONSIGN_KEYWORD(kw_seats, "seats") CONSIGN_KEYWORD(kw_set, "set") CONSIGN_KEYWORD(kw_shop, "shop") CONSIGN_KEYWORD(kw_split, "split")
CONSIGN_KEYWORD(kw_starts, "starts") CONSIGN_KEYWORD(kw_stop, "stop") CONSIGN_KEYWORD(kw_sum, "sum")
CONSIGN_KEYWORD(kw_supplier, "supplier") CONSIGN_KEYWORD(kw_table, "table") CONSIGN_KEYWORD(kw_tag, "tag")
CONSIGN_KEYWORD(kw_then, "then") CONSIGN_KEYWORD(kw_timezone, "timezone") CONSIGN_KEYWORD(kw_to, "to")
CONSIGN_KEYWORD(kw_together, "together")
CONSIGN_KEYWORD(kw_true, "true") CONSIGN_KEYWORD(kw_until, "until") CONSIGN_KEYWORD(kw_when, "when")
CONSIGN_KEYWORD(kw_with, "with")
#undef CONSIGN_KEYWORD

inline bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '-'; }

// A bare word that is not one of the language's own; `Dotted` ones may have parts behind a dot, and
// then the first part may be any word (`order.total`). Written by hand because a look-up beats trying
// eighty keywords in turn.
template <bool Dotted>
struct bare_word {
  using rule_t = bare_word;
  using subs_t = empty_list;

  template <typename Input>
  [[nodiscard]] static bool match(Input& in) {
    const std::size_t limit = in.size(1);
    std::size_t length = word_length(in, 0, limit);
    if (length == 0) return false;
    const std::string_view first(in.current(), length);
    bool dotted = false;
    if constexpr (Dotted) {
      while (length + 1 < limit && in.peek_char(length) == '.') {
        const std::size_t part = word_length(in, length + 1, limit);
        if (part == 0) break;
        length += 1 + part;
        dotted = true;
      }
      if (!dotted && first == "now") dotted = true;
    }
    if (!dotted && is_reserved(first)) return false;
    in.bump_in_this_line(length);
    return true;
  }

 private:
  template <typename Input>
  static std::size_t word_length(Input& in, std::size_t from, std::size_t limit) {
    if (from >= limit || !starts_name(in.peek_char(from))) return 0;
    std::size_t end = from + 1;
    while (end < limit && in_name(in.peek_char(end))) ++end;
    return end - from;
  }
};

struct plain_name : bare_word<false> {};
struct dotted_name : bare_word<true> {};

// ---- literals -------------------------------------------------------------------------------------
// Loose on purpose: what a number, an escape or a day really says is looked at by the builder, which can
// say what is wrong with it and go on.

struct text_char : sor<seq<one<'\\'>, not_one<'\n', '\r'>>, not_one<'"', '\\', '\n', '\r'>> {};
struct text_end : one<'"'> {};
struct text : seq<one<'"'>, star<text_char>, need<text_end>> {};

struct name : sor<text, plain_name> {};
struct word : seq<identifier> {};  // any word, reserved or not

struct number_dot : seq<one<'.'>, at<sor<digit, one<'_'>>>> {};
struct number : seq<digit, star<sor<digit, one<'_'>, number_dot>>> {};
struct percent : one<'%'> {};
struct unit : seq<not_at<kw_per>, plain_name> {};
struct quantity : seq<number, opt<sor<percent, seq<blanks, unit>>>> {};
struct minus_quantity : seq<one<'-'>, blanks, quantity> {};

struct date_char : sor<ranges<'0', '9', 'a', 'z', 'A', 'Z'>, seq<one<'-', '+', ':', '.'>, at<digit>>> {};
struct date_like : seq<plus<digit>, one<'-'>, digit, star<date_char>> {};
struct truth : sor<kw_true, kw_false> {};
struct exactly_what : seq<text> {};
struct exact_text : seq<kw_exactly, ws, need<exactly_what>> {};

// A word with a colon right behind it: a permission.
struct colon_ahead {
  using rule_t = colon_ahead;
  using subs_t = empty_list;

  template <typename Input>
  [[nodiscard]] static bool match(Input& in) {
    const std::size_t limit = in.size(1);
    std::size_t end = 0;
    while (end < limit && in_name(in.peek_char(end))) ++end;
    return end < limit && in.peek_char(end) == ':';
  }
};
struct permission_action : plus<name_char> {};
struct permission
    : seq<identifier, one<':'>, sor<one<'*'>, list<permission_action, one<'+'>>>> {};

struct literal
    : sor<seq<at<one<'"'>>, text>, date_like, quantity, minus_quantity, truth, exact_text, permission> {};

// `{ item, item, }`. Behind a comma stands an item or the end, so that what is wrong is said of the item.
struct comma : seq<ws, one<','>> {};
struct open_brace : one<'{'> {};
struct close_brace : one<'}'> {};
struct member_end : one<'}'> {};
template <class Item>
struct members_of
    : seq<ws, sor<member_end,
                  seq<need<Item>, star<comma, ws, not_at<member_end>, need<Item>>, opt<comma>, ws,
                      need<close_brace>>>> {};

// ---- conditions and operands ----------------------------------------------------------------------

struct disjunction;
struct sum;

struct close_paren : one<')'> {};
struct inner_condition : seq<disjunction> {};
struct parenthesised : seq<one<'('>, ws, need<inner_condition>, ws, need<close_paren>> {};
struct filter : seq<one<'('>, ws, need<inner_condition>, ws, need<close_paren>> {};

struct argument : seq<sum> {};
struct arguments
    : seq<one<'('>, ws, sor<one<')'>, seq<need<argument>, star<comma, ws, need<argument>>, ws,
                                          need<close_paren>>>> {};
struct key : seq<sum> {};
struct close_bracket : one<']'> {};
struct index : seq<one<'['>, ws, need<key>, ws, need<close_bracket>> {};
struct reference : seq<dotted_name, opt<blanks, sor<arguments, index>>> {};

struct of_word : seq<kw_of> {};
struct lines_word : seq<kw_lines> {};
struct line_word : seq<kw_line> {};
struct count_of : seq<kw_count, ws, need<of_word>, ws, need<lines_word>, opt<ws, filter>> {};
struct summed_field : seq<dotted_name, opt<blanks, index>> {};
struct summed : sor<parenthesised, summed_field> {};
struct sum_of : seq<kw_sum, ws, need<of_word>, ws, need<summed>, opt<ws, filter>> {};
struct quantifier_word : sor<kw_any, kw_every, kw_no> {};
struct line_condition : seq<filter> {};
struct quantified : seq<quantifier_word, ws, need<line_word>, ws, need<line_condition>> {};

// By their first character, and the second of a permission's words by its colon, so that fewer are
// tried in vain.
struct keyworded : sor<truth, exact_text, count_of, sum_of, quantified> {};
struct worded
    : sor<seq<at<one<'a', 'c', 'e', 'f', 'n', 's', 't'>>, keyworded>,
          seq<colon_ahead, permission>, reference> {};
struct primary
    : sor<seq<at<name_start>, worded>, seq<at<one<'"'>>, text>, date_like, quantity, parenthesised> {};
struct factor;
struct negated_operand : seq<factor> {};
struct negated : seq<one<'-'>, ws, need<negated_operand>> {};
struct factor : sor<seq<at<one<'-'>>, negated>, primary> {};
struct product_sign : one<'*', '/'> {};
struct product_operand : seq<factor> {};
struct product : seq<factor, star<ws, at<one<'*', '/'>>, product_sign, ws, need<product_operand>>> {};
struct sum_sign : one<'+', '-'> {};
struct sum_operand : seq<product> {};
struct sum : seq<product, star<ws, at<one<'+', '-'>>, sum_sign, ws, need<sum_operand>>> {};

struct symbol
    : sor<string<'!', '='>, seq<one<'<', '>'>, one<'='>>, seq<one<'<'>, not_at<one<'>'>>>, one<'>'>,
          seq<one<'='>, not_at<one<'=', '<', '>', '~'>>>> {};
struct comparator : seq<symbol> {};
struct right_operand : seq<sum> {};
struct symbol_tail : seq<comparator, ws, need<right_operand>> {};

struct negator : seq<kw_not> {};
struct presence_word : sor<kw_missing, kw_present> {};
struct presence : seq<presence_word> {};
struct presence_tail : seq<kw_is, ws, opt<negator, ws>, need<presence>> {};

struct between_word : seq<kw_between> {};
struct low : seq<sum> {};
struct between_and : seq<kw_and> {};
struct high : seq<sum> {};
struct between_tail : seq<between_word, ws, need<low>, ws, need<between_and>, ws, need<high>> {};

struct member_word : seq<kw_in> {};
struct member : seq<literal> {};
struct members : seq<open_brace, members_of<member>> {};
struct member_set : sor<members, name> {};
struct member_tail : seq<member_word, ws, need<member_set>> {};

struct with_word : seq<kw_with> {};
struct word_operator
    : sor<kw_contains, seq<sor<kw_starts, kw_ends>, ws, need<with_word>>, kw_like, kw_matches> {};
struct known_word_tail : seq<word_operator, ws, need<right_operand>> {};
// Any other word, on the same line, with an operand behind it: the checker says which ones there are.
struct foreign_operator : seq<plain_name, opt<blanks, kw_with>> {};

struct unchained : not_at<ws, symbol> {};
struct known_tail
    : seq<ws, sor<symbol_tail, presence_tail,
                  seq<opt<negator, ws>, sor<between_tail, member_tail, known_word_tail>>>,
          need<unchained>> {};
struct foreign_tail : seq<blanks, opt<negator, blanks>, foreign_operator, ws, sum> {};
struct comparison : seq<sum, opt<sor<known_tail, foreign_tail>>> {};

struct negation;
struct not_operand : seq<negation> {};
struct logical_not : seq<kw_not, ws, need<not_operand>> {};
struct negation : sor<seq<at<one<'n'>>, logical_not>, comparison> {};
struct and_operand : seq<negation> {};
struct conjunction : seq<negation, star<ws, kw_and, ws, need<and_operand>>> {};
struct or_operand : seq<conjunction> {};
struct disjunction : seq<conjunction, star<ws, kw_or, ws, need<or_operand>>> {};

struct condition : seq<disjunction> {};

// ---- actions --------------------------------------------------------------------------------------

struct target : seq<name> {};
struct supplier_name : seq<target> {};
struct a_target : seq<target> {};
struct share : seq<quantity> {};
struct shared_target : seq<target, ws, need<share>> {};
struct targets : seq<open_brace, members_of<a_target>> {};
struct shared_targets : seq<open_brace, members_of<shared_target>> {};

struct next_word : seq<kw_next> {};
struct rule_word : seq<kw_rule> {};
struct or_next_rule : seq<kw_or, ws, need<next_word>, ws, need<rule_word>> {};
struct together_word : seq<kw_together> {};
struct keep_together : seq<kw_keep, ws, need<together_word>> {};
struct most_word : seq<kw_most> {};
struct parts_word : seq<kw_parts> {};
struct most_parts : seq<number> {};
struct parts_or_most
    : sor<kw_parts, seq<kw_at, ws, need<most_word>, ws, need<most_parts>, ws, need<parts_word>>> {};
struct in_parts : seq<kw_in, ws, need<parts_or_most>> {};
// In any order and behind any form: the builder says which belong there, and in which order.
struct assign_suffixes : star<ws, sor<keep_together, in_parts, or_next_rule>> {};
struct choice_word : sor<kw_first, kw_cheapest, kw_fastest> {};
struct choice
    : seq<choice_word, ws, kw_available, ws, need<of_word>, ws, need<targets>, assign_suffixes> {};
struct share_word : sor<kw_split, kw_divide> {};
struct shares : seq<share_word, ws, need<shared_targets>, assign_suffixes> {};
struct to_word : seq<kw_to> {};
struct colon : one<':'> {};
struct account_kind : seq<identifier> {};
struct account_id : sor<text, plus<name_char>> {};
struct account : seq<account_kind, colon, need<account_id>> {};
struct group_name : seq<name> {};
struct to_group : seq<kw_group, ws, need<group_name>> {};
struct to_account : seq<colon_ahead, account> {};
struct receiver
    : sor<shares, choice, to_group, to_account, seq<supplier_name, assign_suffixes>> {};
struct assign
    : sor<shares, seq<kw_assign, ws, sor<shares, seq<need<to_word>, ws, need<receiver>>>>> {};

struct duration : seq<quantity> {};
struct moment : seq<date_like> {};
struct action_text : seq<text> {};
struct hold : seq<kw_hold, ws, need<action_text>, opt<ws, kw_for, ws, need<duration>>> {};
struct tag : seq<kw_tag, ws, need<action_text>> {};
struct note : seq<kw_note, ws, need<action_text>> {};

struct item : sor<permission, name> {};
struct first_item : seq<item> {};
struct grant_to : seq<kw_to, ws, need<account_kind>, need<colon>, need<account_id>> {};
struct shop_word : seq<kw_shop> {};
struct grant_on : seq<kw_on, ws, need<shop_word>> {};
struct grant_for : seq<kw_for, ws, need<duration>> {};
struct grant_until : seq<kw_until, ws, need<moment>> {};
struct grant_idle : seq<kw_idle, ws, need<duration>> {};
struct grant
    : seq<kw_grant, ws, need<first_item>, star<comma, ws, item>,
          star<ws, sor<grant_to, grant_on, grant_for, grant_until, grant_idle>>> {};

struct equals : one<'='> {};
struct own_field : seq<name> {};
struct set_value : seq<sum> {};
struct set_field : seq<kw_set, ws, need<own_field>, ws, need<equals>, ws, need<set_value>> {};
struct endpoint : seq<name> {};
struct notify : seq<kw_notify, ws, need<endpoint>, opt<ws, text>> {};
struct stop : seq<kw_stop> {};
struct not_word : seq<kw_not> {};
struct notify_word : seq<kw_notify> {};
struct channel_word : seq<kw_channel> {};
struct silence
    : seq<kw_do, ws, need<not_word>, ws, need<notify_word>, ws, need<channel_word>> {};

struct allow : seq<kw_allow> {};
struct forbid : seq<kw_forbid, opt<ws, text>> {};

struct approve : seq<kw_approve, star<ws, sor<grant_for, grant_until, grant_idle>>> {};
struct deny : seq<kw_deny, opt<ws, text>> {};
struct reviewing_role : seq<name> {};
struct reviewer : sor<seq<colon_ahead, account>, reviewing_role> {};
struct review : seq<kw_review, opt<ws, kw_by, ws, need<reviewer>>> {};
struct limit_word : seq<kw_most> {};
struct at_most
    : seq<kw_at, ws, need<limit_word>, ws, need<first_item>, star<comma, ws, item>> {};
struct mfa_word : seq<kw_mfa> {};
struct require : seq<kw_require, ws, need<mfa_word>> {};

struct action
    : sor<assign, hold, tag, note, grant, set_field, notify, stop, silence, allow, forbid, approve, deny,
          review, at_most, require> {};
struct first_action : seq<action> {};
struct next_action : seq<action> {};

// What may stand behind the comma that trails an action: nothing more, the rule's end, or a clause.
template <bool (*Test)(std::string_view)>
struct word_ahead {
  using rule_t = word_ahead;
  using subs_t = empty_list;

  template <typename Input>
  [[nodiscard]] static bool match(Input& in) {
    const std::size_t limit = in.size(1);
    std::size_t end = 0;
    while (end < limit && in_name(in.peek_char(end))) ++end;
    return Test(std::string_view(in.current(), end));
  }
};
struct actions_end
    : sor<one<'}'>, eof, word_ahead<is_clause_word>, word_ahead<is_declaration_word>> {};
struct actions
    : seq<need<first_action>, star<comma, ws, not_at<actions_end>, need<next_action>>, opt<comma>> {};

// ---- rules ----------------------------------------------------------------------------------------

struct quoted : seq<text> {};
struct mode_word : seq<word> {};
struct shop_name : seq<name> {};
struct about_clause : seq<kw_about, ws, need<quoted>> {};
struct owner_clause : seq<kw_owner, ws, need<quoted>> {};
struct mode_clause : seq<kw_mode, ws, need<mode_word>> {};
struct shop_clause : seq<kw_shop, ws, need<shop_name>, star<comma, ws, name>, opt<comma>> {};
struct from_clause : seq<kw_from, ws, need<moment>> {};
struct until_clause : seq<kw_until, ws, need<moment>> {};
struct when_clause : seq<kw_when, ws, need<condition>> {};
struct otherwise_clause : seq<kw_otherwise> {};
struct then_clause : seq<kw_then, ws, actions> {};
struct clause
    : sor<when_clause, then_clause, about_clause, owner_clause, mode_clause, shop_clause, from_clause,
          until_clause, otherwise_clause> {};

struct declared_name : seq<name> {};
struct scope : seq<word> {};
struct rule_brace : one<'{'> {};
struct rule_opening
    : seq<kw_rule, ws, need<declared_name>, opt<ws, kw_on, ws, need<scope>>, ws, need<rule_brace>> {};

// ---- the other declarations -----------------------------------------------------------------------

// A declaration inside the braces tells that they were not closed; a supplier has a zone, too.
inline bool opens_no_property(std::string_view word) {
  return word != "timezone" && is_declaration_word(word);
}
struct property_word : seq<not_at<word_ahead<opens_no_property>>, identifier> {};
struct property_member : sor<literal, word> {};
struct period : seq<identifier> {};
struct per_period : seq<literal, opt<blanks, kw_per, blanks, need<period>>> {};
struct property_values : sor<seq<open_brace, members_of<property_member>>, per_period> {};
struct property
    : seq<property_word, star<blanks, property_word>, opt<blanks, property_values>> {};
struct properties_end : one<'}'> {};
struct supplier_declaration
    : seq<kw_supplier, ws, need<declared_name>,
          opt<ws, open_brace, ws, star<property, ws, opt<one<','>, ws>>, need<properties_end>>> {};

struct braced_members : seq<open_brace, members_of<member>> {};
struct list_declaration
    : seq<kw_list, ws, need<declared_name>, ws, need<equals>, ws, need<braced_members>> {};

struct cell : seq<literal> {};
struct row_colon : one<':'> {};
struct row : seq<literal, ws, need<row_colon>, ws, need<cell>> {};
struct braced_rows : seq<open_brace, members_of<row>> {};
struct table_declaration
    : seq<kw_table, ws, need<declared_name>, ws, need<equals>, ws, need<braced_rows>> {};

struct items : seq<need<first_item>, star<comma, ws, item>, opt<comma>> {};
struct grant_word : seq<kw_grant> {};
struct role_declaration : seq<kw_role, ws, need<declared_name>, ws, need<equals>, ws, items> {};
struct permissions_declaration : seq<kw_permissions, ws, items> {};
struct never_grant_declaration : seq<kw_never, ws, need<grant_word>, ws, items> {};

struct define_declaration
    : seq<kw_define, ws, need<declared_name>, ws, need<equals>, ws, need<condition>> {};

struct type_colon : one<':'> {};
struct type_word : seq<word> {};
struct field_declaration
    : seq<kw_field, ws, need<declared_name>, ws, need<type_colon>, ws, need<type_word>> {};
struct event_field : seq<word, ws, need<type_colon>, ws, need<type_word>> {};
struct braced_fields : seq<open_brace, members_of<event_field>> {};
struct event_declaration : seq<kw_event, ws, need<declared_name>, ws, need<braced_fields>> {};

struct member_account : seq<account> {};
struct braced_accounts : seq<open_brace, members_of<member_account>> {};
struct group_declaration
    : seq<kw_group, ws, need<declared_name>, ws, need<braced_accounts>> {};

struct seat_count : seq<quantity> {};
struct seat : seq<word, opt<blanks, one<':'>>, blanks, need<seat_count>> {};
struct braced_seats : seq<open_brace, members_of<seat>> {};
struct organization_word : seq<kw_organization> {};
struct policy_duration : seq<quantity> {};
struct seats_policy : seq<kw_seats, ws, need<braced_seats>> {};
struct invitation_policy : seq<kw_invitation, ws, need<policy_duration>> {};
struct per_organization : seq<kw_per, ws, need<organization_word>> {};
struct idle_policy : seq<kw_idle, ws, need<policy_duration>, opt<ws, per_organization>> {};
/// Also `supplier` and `owner`, which are words of the language elsewhere.
struct policy_kind : sor<account_kind, name> {};
struct policies_begin : one<'{'> {};
struct policies_end : one<'}'> {};
struct accounts_declaration
    : seq<kw_accounts, ws, need<policy_kind>, ws, need<policies_begin>, ws,
          star<sor<seats_policy, invitation_policy, idle_policy>, ws, opt<one<','>, ws>>,
          need<policies_end>> {};

struct currency : seq<word> {};
struct rate_value : seq<quantity> {};
struct rate_declaration : seq<kw_rate, ws, need<currency>, ws, need<equals>, ws, need<rate_value>> {};
struct zone : seq<text> {};
struct timezone_declaration : seq<kw_timezone, ws, need<zone>> {};
struct overlaps_word : seq<word> {};
struct overlaps_declaration : seq<kw_overlaps, ws, need<overlaps_word>> {};

/// Any declaration but a rule, which is read a clause at a time.
struct declaration
    : sor<supplier_declaration, list_declaration, table_declaration, role_declaration,
          define_declaration, permissions_declaration, never_grant_declaration, field_declaration,
          event_declaration, group_declaration, accounts_declaration, rate_declaration, timezone_declaration, overlaps_declaration> {};

// ---- what stands in a YAML scalar -----------------------------------------------------------------

struct scalar_end : eof {};
struct literal_alone : seq<literal> {};
template <class What> struct scalar : seq<ws, What, ws, need<scalar_end>> {};
struct condition_scalar : scalar<need<condition>> {};
struct actions_scalar : scalar<actions> {};
struct literal_scalar : scalar<need<literal_alone>> {};
struct rated_alone : seq<per_period> {};
struct rated_scalar : scalar<need<rated_alone>> {};
struct items_scalar : scalar<items> {};

}  // namespace consign::grammar
// clang-format on

namespace tao::pegtl {
template <typename Name, bool Dotted>
struct analyze_traits<Name, consign::grammar::bare_word<Dotted>> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, consign::grammar::colon_ahead> : analyze_opt_traits<> {};
template <typename Name, bool (*Test)(std::string_view)>
struct analyze_traits<Name, consign::grammar::word_ahead<Test>> : analyze_opt_traits<> {};
}  // namespace tao::pegtl
