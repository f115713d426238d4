#include "dsl/grammar.hpp"

#include <doctest/doctest.h>

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze.hpp>

using namespace consign;

TEST_CASE("the grammar has no loop that does not move on") {
  CHECK(tao::pegtl::analyze<grammar::declaration>() == 0);
  CHECK(tao::pegtl::analyze<grammar::rule_opening>() == 0);
  CHECK(tao::pegtl::analyze<grammar::clause>() == 0);
  CHECK(tao::pegtl::analyze<grammar::condition_scalar>() == 0);
  CHECK(tao::pegtl::analyze<grammar::actions_scalar>() == 0);
  CHECK(tao::pegtl::analyze<grammar::literal_scalar>() == 0);
  CHECK(tao::pegtl::analyze<grammar::items_scalar>() == 0);
}
