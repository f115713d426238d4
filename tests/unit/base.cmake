consign_test(unit_base
  SOURCES base/decimal_test.cpp base/permission_test.cpp base/supplier_time_test.cpp base/text_test.cpp base/time_test.cpp
  LIBRARIES consign_base)
