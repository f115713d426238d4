consign_test(unit_cli
  SOURCES cli/check_test.cpp cli/decide_test.cpp cli/explain_test.cpp cli/fmt_test.cpp cli/help_test.cpp
          cli/language_document_test.cpp cli/permissions_test.cpp cli/shipped_rules_test.cpp cli/shipstation_test.cpp
  LIBRARIES consign_cli)
