consign_test(unit_engine
  SOURCES engine/index_test.cpp engine/allocation_test.cpp ../../bench/workload.cpp
  LIBRARIES consign_wire)
