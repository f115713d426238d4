consign_test(unit_engine
  SOURCES engine/check_decider_test.cpp engine/event_decider_test.cpp engine/request_decider_test.cpp engine/index_test.cpp engine/index_kinds_test.cpp engine/shapes_test.cpp engine/allocation_test.cpp engine/availability_test.cpp engine/growth_test.cpp ../../bench/workload.cpp ../../bench/shapes.cpp
  LIBRARIES consign_wire)
