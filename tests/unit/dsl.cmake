consign_test(unit_dsl
  SOURCES
    dsl/format_test.cpp
    dsl/grammar_test.cpp
    dsl/parser_fault_test.cpp
    dsl/parser_test.cpp
    ../support/ast_outline.cpp
  LIBRARIES consign_dsl)
