// The sentences: what is said where a shape that must match does not. One row per such shape; a
// shape without a row does not compile.
#pragma once

#include "dsl/fault.hpp"
#include "dsl/grammar.hpp"

namespace consign::grammar {

/// The sentence of a shape; only its rows below exist.
template <class Shape>
inline constexpr Sentence kSentence = Shape::a_shape_that_must_match_needs_a_row_in_grammar_errors;

using enum Expected;

inline constexpr std::string_view kSilenceHelp =
    "`do` begins one action: `do not notify channel`; to send a notice write `notify NAME`";

// clang-format off
#define SENTENCE(shape, ...) template <> inline constexpr Sentence kSentence<shape>{__VA_ARGS__};

// words and literals
SENTENCE(text_end,          "the closing `\"`", in_text)
SENTENCE(exactly_what,      "a text in double quotes after `exactly`")
SENTENCE(close_brace,       "`,` or `}`", in_braces)
SENTENCE(close_paren,       "`)`", in_parentheses)
SENTENCE(close_bracket,     "`]`", in_parentheses)

// conditions
SENTENCE(inner_condition,   "a condition or a value after `(`", a_value)
SENTENCE(argument,          "a value for the function", a_value)
SENTENCE(key,               "a key, for example `\"gift\"`", a_value)
SENTENCE(of_word,           "`of`")
SENTENCE(lines_word,        "`lines`, as in `count of lines`")
SENTENCE(line_word,         "`line`, as in `any line (line.quantity > 1)`")
SENTENCE(line_condition,    "a condition in parentheses, as in `any line (line.quantity > 1)`")
SENTENCE(summed,            "a field or an operand in parentheses, as in `sum of line.quantity`", a_value)
SENTENCE(negated_operand,   "a value after `-`", a_value)
SENTENCE(product_operand,   "a value after `*` or `/`", a_value)
SENTENCE(sum_operand,       "a value after `+` or `-`", a_value)
SENTENCE(right_operand,     "a value after the comparison", a_value)
SENTENCE(presence,          "`missing` or `present` after `is`", a_thing,
         "to compare with a value, write `=` or `!=`")
SENTENCE(low,               "the low value of `between`", a_value)
SENTENCE(between_and,       "`and` and the high value, as in `between 5 and 10`")
SENTENCE(high,              "the high value of `between`", a_value)
SENTENCE(member_set,        "the name of a list, or members as in `{ \"SE\", \"NO\" }`", a_name)
SENTENCE(member,            "a value, for example `\"SE\"`, or `}`", a_literal)
SENTENCE(with_word,         "`with`, as in `starts with` and `ends with`")
SENTENCE(unchained,         "one comparison", no_chain)
SENTENCE(not_operand,       "a condition after `not`", a_value)
SENTENCE(and_operand,       "a condition after `and`", a_value)
SENTENCE(or_operand,        "a condition after `or`", a_value)
SENTENCE(condition,         "a condition", a_value)

// actions
SENTENCE(first_action,      "an action", an_action)
SENTENCE(next_action,       "an action after the comma", an_action,
         "several suppliers stand in braces, as in `assign to first available of { bravo, acme }`")
SENTENCE(to_word,           "`to`, as in `assign to acme`")
SENTENCE(receiver,          "a supplier's name, as in `assign to acme`", a_name)
SENTENCE(targets,           "suppliers in braces, as in `{ bravo, acme }`")
SENTENCE(shared_targets,    "suppliers and their shares in braces, as in `{ acme 70%, bravo 30% }`")
SENTENCE(a_target,          "a supplier's name, or `}`", a_name)
SENTENCE(shared_target,     "a supplier's name and its share, as in `acme 70%`", a_name)
SENTENCE(share,             "the supplier's share, as in `acme 70%`")
SENTENCE(next_word,         "`or next rule`")
SENTENCE(rule_word,         "`or next rule`")
SENTENCE(together_word,     "`together`", a_thing, "write `keep together`")
SENTENCE(parts_or_most,     "`parts` or `at most`", a_thing, "write `in parts`, or `in at most 2 parts`")
SENTENCE(most_word,         "`most`", a_thing, "write `in at most 2 parts`")
SENTENCE(most_parts,        "a number of parts, in digits", a_thing, "write `in at most 2 parts`")
SENTENCE(parts_word,        "`parts`", a_thing, "write `in at most 2 parts`")
SENTENCE(not_word,          "`not`, as in `do not notify channel`", a_thing, kSilenceHelp)
SENTENCE(notify_word,       "`notify`, as in `do not notify channel`", a_thing, kSilenceHelp)
SENTENCE(channel_word,      "`channel`, as in `do not notify channel`", a_thing, kSilenceHelp)
SENTENCE(group_name,        "the name of a group, as in `assign to group presales`", a_name)
SENTENCE(reviewer,          "who reviews it: a role, or an account as in `review by owner:olga`", a_name)
SENTENCE(limit_word,        "`most`", a_thing, "write `at most orders:view+fulfill`")
SENTENCE(mfa_word,          "`mfa`", a_thing, "write `require mfa`")
SENTENCE(duration,          "a duration, for example `24h` or `30 days`")
SENTENCE(moment,            "a day such as `2026-11-27`, or a time such as `2026-11-27T10:00:00Z`")
SENTENCE(action_text,       "a text in double quotes")
SENTENCE(colon,             "`:`, as in `to staff:anna`")
SENTENCE(first_item,        "a permission such as `orders:view+fulfill`, or a role's name", a_name)
SENTENCE(account_kind,      "an account, as in `to staff:anna`")
SENTENCE(account_id,        "the account's id, as in `to staff:anna`")
SENTENCE(shop_word,         "`shop`, as in `on shop`")
SENTENCE(equals,            "`=`")
SENTENCE(own_field,         "the name of a declared field, as in `set carrier = \"dhl\"`", a_name)
SENTENCE(set_value,         "a value to set", a_value)
SENTENCE(endpoint,          "the name of an endpoint, as in `notify warehouse`", a_name)

// rules
SENTENCE(quoted,            "a text in double quotes")
SENTENCE(mode_word,         "`shadow`, `off` or `live`")
SENTENCE(shop_name,         "a shop's name", a_name)
SENTENCE(declared_name,     "a name", a_name)
SENTENCE(scope,             "`line`, `order`, `request`, `check` or an event's name")
SENTENCE(rule_brace,        "`{`")

// the other declarations
SENTENCE(period,            "`day` or `hour`", a_thing, "write `capacity 40 per day`")
SENTENCE(property_member,   "a name, a text or `}`", in_braces)
SENTENCE(properties_end,    "a property such as `name \"…\"`, or `}`", in_braces)
SENTENCE(braced_members,    "members in braces, as in `{ \"SE\", \"NO\" }`")
SENTENCE(row,               "a row such as `\"SE\": \"north\"`, or `}`", a_literal)
SENTENCE(row_colon,         "`:` and the row's value, as in `\"SE\": \"north\"`")
SENTENCE(cell,              "the row's value, as in `\"SE\": \"north\"`", a_literal)
SENTENCE(braced_rows,       "rows in braces, as in `{ \"SE\": \"north\" }`")
SENTENCE(grant_word,        "`grant`, as in `never grant staff:*`")
SENTENCE(type_colon,        "`:` and a type, as in `carrier: text`")
SENTENCE(type_word,         "a type, for example `text` or `number`")
SENTENCE(event_field,       "a field and its type, as in `stage: text`, or `}`", in_braces)
SENTENCE(braced_fields,     "fields in braces, as in `{ shop: code }`")
SENTENCE(member_account,    "an account, as in `sub:anna`, or `}`", in_braces)
SENTENCE(braced_accounts,   "accounts in braces, as in `{ sub:anna, sub:bo }`")
SENTENCE(seat,              "a plan and its seats, as in `basic 2`, or `}`", in_braces)
SENTENCE(seat_count,        "a number of seats, as in `basic 2`")
SENTENCE(braced_seats,      "plans and their seats in braces, as in `{ basic 0, advanced 15 }`")
SENTENCE(organization_word, "`organization`", a_thing, "write `idle 90 days per organization`")
SENTENCE(policy_duration,   "a duration, for example `72h` or `90 days`")
SENTENCE(policy_kind,       "a kind of account, as in `accounts staff { idle 90 days }`", a_name)
SENTENCE(policies_begin,    "`{`")
SENTENCE(policies_end,      "`seats`, `invitation`, `idle` or `}`", in_braces)
SENTENCE(currency,          "a currency, as in `rate USD = 0.92 EUR`")
SENTENCE(rate_value,        "an amount, as in `rate USD = 0.92 EUR`")
SENTENCE(zone,              "a time zone in double quotes, for example `\"Europe/Stockholm\"`")
SENTENCE(overlaps_word,     "`hold`, as in `overlaps hold`")

// scalars of YAML
SENTENCE(scalar_end,        "nothing more")
SENTENCE(literal_alone,     "a value, for example `\"SE\"`", a_literal)
SENTENCE(rated_alone,       "a value, for example `40 per day`", a_literal)

#undef SENTENCE
// clang-format on

/// Said where a condition goes deeper than the limit.
inline constexpr Sentence kTooDeep{"less nesting", Expected::less_depth};
/// Said where a file has something else than a declaration, and a rule something else than a
/// clause.
inline constexpr Sentence kDeclaration{"a declaration", Expected::a_declaration};
inline constexpr Sentence kClause{"a clause such as `when` or `then`, or `}`", Expected::a_clause};

}  // namespace consign::grammar
