consign_test(unit_dsl_check
  SOURCES dsl/check_test.cpp dsl/loader_test.cpp dsl/on_check_test.cpp dsl/on_event_test.cpp dsl/on_request_test.cpp dsl/resolver_test.cpp dsl/satisfiable_test.cpp
  LIBRARIES consign_dsl)
