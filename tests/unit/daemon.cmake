consign_test(unit_daemon
  SOURCES daemon/config_test.cpp daemon/store_test.cpp
  LIBRARIES consign_store)
target_sources(unit_daemon PRIVATE ${PROJECT_SOURCE_DIR}/daemon/config.cpp)
target_link_libraries(unit_daemon PRIVATE yaml-cpp)
