#include "consign/text.hpp"

#include <doctest/doctest.h>

using namespace consign;

TEST_CASE("folding takes away case, blanks around and ways of composing") {
  CHECK(fold("  ACME ") == "acme");
  CHECK(fold("Straße") == "strasse");
  CHECK(fold("STRASSE") == fold("straße"));
  CHECK(fold("ẞ") == "ss");
  CHECK(fold("Ume\u0061\u030A") == fold("Umeå"));
  CHECK(fold("İ") == fold("i\u0307"));
  CHECK(fold("\u00A0x\u3000") == "x");
  CHECK(fold("   ").empty());
}

TEST_CASE("folding twice changes nothing") {
  for (const char* text : {"ÅNGSTRÖM", "ﬁ", "Ǆ", "ΐ", "ẞtraße", "İstanbul"}) {
    CHECK(fold(fold(text)) == fold(text));
  }
}

TEST_CASE("globs fit the whole text") {
  CHECK(glob_matches("ACM-*", "ACM-1"));
  CHECK(!glob_matches("ACM-*", "XACM-1"));
  CHECK(glob_matches("*-?", "ACM-å"));
  CHECK(glob_matches("a*b*c", "aXbYbZc"));
  CHECK(!glob_matches("a*b*c", "aXbYbZ"));
  CHECK(glob_matches("", ""));
  CHECK(glob_matches("**", ""));
  CHECK(glob_matches("1\\*2", "1*2"));
  CHECK(!glob_matches("1\\*2", "132"));
}

TEST_CASE("edit distance counts slips of the finger") {
  CHECK(edit_distance("acme", "acme", 3) == 0);
  CHECK(edit_distance("acem", "acme", 3) == 1);
  CHECK(edit_distance("order.totl", "order.total", 3) == 1);
  CHECK(edit_distance("abc", "xyz", 2) == 3);
}

TEST_CASE("ill-formed UTF-8 is seen") {
  CHECK(is_valid_utf8("å"));
  CHECK(!is_valid_utf8("\xC3"));
  CHECK(!is_valid_utf8("\xC0\xAF"));
  CHECK(!is_valid_utf8("\xED\xA0\x80"));
}
