consign_test(unit_daemon
  SOURCES daemon/store_test.cpp
  LIBRARIES consign_store)
