consign_test(unit_wire
  SOURCES wire/csv_test.cpp wire/json_tree_test.cpp wire/order_reader_test.cpp wire/shopify_test.cpp
          wire/facts_test.cpp wire/orders_csv_test.cpp wire/request_decision_test.cpp wire/written_time_test.cpp
  LIBRARIES consign_wire OpenSSL::Crypto)
