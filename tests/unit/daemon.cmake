consign_test(unit_daemon
  SOURCES daemon/access_model_test.cpp daemon/request_model_test.cpp daemon/grant_ends_test.cpp daemon/access_test.cpp daemon/answer_test.cpp
          daemon/certificates_test.cpp daemon/channel_test.cpp daemon/config_test.cpp
          daemon/courier_test.cpp daemon/deciding_test.cpp
          daemon/endpoint_test.cpp daemon/exports_test.cpp daemon/header_check_test.cpp
          daemon/orders_csv_test.cpp daemon/poster_test.cpp daemon/routes_test.cpp daemon/rules_folder_test.cpp
          daemon/service_manager_test.cpp
          daemon/store_test.cpp daemon/tracking_csv_test.cpp ../support/certificates.cpp
  LIBRARIES consign_daemon OpenSSL::SSL)
